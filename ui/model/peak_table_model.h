// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/inspection.h"

#include <QAbstractTableModel>

#include <memory>

namespace ui {

/** The largest values of a map, one a row: which token (or output), which channel, how large. */
class PeakTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Rank, Row, Token, Channel, Value, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setMap(std::shared_ptr<const core::MagnitudeMap> map);
    const core::MapPeak& peakAt(int row) const { return m_map->peaks[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const core::MagnitudeMap> m_map;
};

} // namespace ui
