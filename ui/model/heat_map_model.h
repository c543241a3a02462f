// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"

#include <QAbstractTableModel>

#include <optional>

namespace ui {

class LayerFilterModel;
class LayerTableModel;

/** The layer table as a grid: blocks down, the seven matrices of a block across, one number of the table as colour. Rows that the
    filter leaves out are dimmed, so that the shape of the model stays. Comparing, a cell has both numbers' colours. */
class HeatMapModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    static constexpr int kShareRole = Qt::UserRole;      // double in [0, 1] of the way from the least to the largest
    static constexpr int kDimmedRole = Qt::UserRole + 1; // bool
    static constexpr int kHoverRole = Qt::UserRole + 2;  // bool
    static constexpr int kOriginalRole =
        Qt::UserRole + 3; // share of the original where B stands beside it; else invalid

    HeatMapModel(LayerTableModel& table, LayerFilterModel& filter, QObject* parent);

    void setColumn(int column); // of the layer table; a number
    int column() const { return m_column; }
    double least() const { return m_least; }
    double largest() const { return m_largest; }

    core::LayerId layerAt(const QModelIndex& index) const;
    QModelIndex indexOf(const core::LayerId& layer) const; // invalid for embedding and head

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void reset();
    void measure();
    QVariant shareOf(const std::optional<double>& value) const;
    int sourceRow(const QModelIndex& index) const;
    QString toolTip(const QModelIndex& index) const;

    LayerTableModel& m_table;
    LayerFilterModel& m_filter;
    int m_column;
    int m_blocks = 0;
    double m_least = 0.0;
    double m_largest = 0.0;
    double m_scale = 1.0; // of asinh: the median magnitude, so that one enormous value leaves the others apart
};

} // namespace ui
