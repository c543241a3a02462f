// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "core/stats/profile.h"
#include "core/transforms/transform_kind.h"

#include <QAbstractTableModel>

#include <map>
#include <optional>

namespace core {
struct Choice;
}

namespace ui {

class Document;

/** The matrices of the open model: what was measured and what is chosen. Rows stand from the header on and fill while the
    file is read; the choice of a row is that of its module and can be edited, so can its note. Comparing, the numbers that
    are known of the quantized model stand in place of the original's, with the change beside them. */
class LayerTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        State, // glyph
        Block,
        Layer,
        Module,
        Shape,
        DType,
        Spread, // sparkline of the weight histogram
        WeightKurtosis,
        RobustZ,        // of the module
        WeightPeak,     // absmax / sigma
        WeightOutliers, // input channels that stand out
        InputKurtosis,
        InputPeak,
        InputOutliers,
        Automatic,
        Choice,
        Reason,
        Bits,
        Size,
        Sqnr,        // of the quantized weight, dB
        OutputError, // of the quantized layer, relative
        Note,
        ColumnCount
    };
    enum class Flag { Unread, NonFinite, Yours, Automatic, Stale, Noted };

    static constexpr int kSortRole = Qt::UserRole;          // numbers as numbers; unknown sorts last
    static constexpr int kHistogramRole = Qt::UserRole + 1; // QVector<double>, heights in [0, 1]
    static constexpr int kKindRole = Qt::UserRole + 2;      // int of TransformKind; invalid for embedding and head
    static constexpr int kOverrideRole = Qt::UserRole + 3;  // bool
    static constexpr int kPreviewRole = Qt::UserRole + 4;   // bool: shown by a preview
    static constexpr int kHoverRole = Qt::UserRole + 5;     // bool: pointed at, here or in another view
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
    bool is(Flag flag, int row) const;

    void setComparing(bool on); // with the quantized model
    bool isComparing() const { return m_comparing; }

    static bool isNumeric(int column);
    std::optional<double> number(const core::LayerId& layer, int column) const; // as shown; none where it is unknown
    /** The model's own number where that of the quantized one is shown in its place; else none. */
    std::optional<double> original(const core::LayerId& layer, int column) const;

private:
    enum class Side { Original, Quantized };

    void reset();
    void followHover();
    void layerChanged(const core::LayerId& layer);
    void columnsChanged(int first, int last);
    std::optional<double> number(const core::LayerId& layer, int column, Side side) const;
    QString text(const core::LayerId& layer, int column) const;
    QString numberText(const core::LayerId& layer, int column) const;
    QString stateText(const core::LayerId& layer, bool inWords) const;
    QVariant sortValue(const core::LayerId& layer, int column) const;
    QString toolTip(const core::LayerId& layer, int column) const;
    const core::Choice* choiceOf(const core::LayerId& layer) const;
    bool isStale(const core::LayerId& layer) const;

    Document& m_document;
    std::vector<core::LayerId> m_layers;
    std::map<core::LayerId, int> m_rows;
    std::optional<core::LayerId> m_hovered;
    bool m_comparing = false;
};

} // namespace ui
