// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "core/stats/profile.h"
#include "core/transforms/transform_kind.h"

#include <QAbstractTableModel>

#include <map>
#include <optional>

namespace ui {

class Document;

/** The matrices of the open model: what was measured and what is chosen. Rows stand from the header on and fill while the
    file is read; the choice of a row is that of its module and can be edited. */
class LayerTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        Block,
        Layer,
        Shape,
        DType,
        Spread, // sparkline of the weight histogram
        WeightKurtosis,
        RobustZ,    // of the module
        WeightPeak, // absmax / sigma
        InputKurtosis,
        InputPeak,
        Automatic,
        Choice,
        Reason,
        ColumnCount
    };
    static constexpr int kSortRole = Qt::UserRole;          // numbers as numbers; unknown sorts last
    static constexpr int kHistogramRole = Qt::UserRole + 1; // QVector<double>, heights in [0, 1]
    static constexpr int kKindRole = Qt::UserRole + 2;      // int of TransformKind; invalid for embedding and head
    static constexpr int kOverrideRole = Qt::UserRole + 3;  // bool
    static constexpr int kPreviewRole = Qt::UserRole + 4;   // bool: shown by a preview
    static constexpr int kAutomatic = -1;                   // value of EditRole that takes an override away

    LayerTableModel(Document& document, QObject* parent);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    const core::LayerId& layerAt(int row) const { return m_layers[static_cast<std::size_t>(row)]; }
    std::optional<core::ModuleId> moduleAt(int row) const; // none for embedding and head
    int rowOf(const core::LayerId& layer) const;           // -1: none

private:
    void reset();
    void layerChanged(const core::LayerId& layer);
    void columnsChanged(int first, int last);
    QVariant text(const core::LayerId& layer, int column) const;
    QVariant choiceText(const core::LayerId& layer, int column) const;
    QVariant number(const core::LayerId& layer, int column) const;
    QVariant sortValue(const core::LayerId& layer, int column) const;
    QString toolTip(const core::LayerId& layer, int column) const;
    std::shared_ptr<const core::Distribution> input(const core::LayerId& layer) const;

    Document& m_document;
    std::vector<core::LayerId> m_layers;
    std::map<core::LayerId, int> m_rows;
};

} // namespace ui
