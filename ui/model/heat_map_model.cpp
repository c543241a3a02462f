// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model/heat_map_model.h"

#include "ui/convert.h"
#include "ui/format.h"
#include "ui/model/layer_columns.h"
#include "ui/model/layer_filter_model.h"
#include "ui/model/layer_table_model.h"

#include <algorithm>
#include <cmath>

namespace ui {

HeatMapModel::HeatMapModel(LayerTableModel& table, LayerFilterModel& filter, QObject* parent)
    : QAbstractTableModel(parent)
    , m_table(table)
    , m_filter(filter)
    , m_column(LayerTableModel::WeightKurtosis)
{
    reset();
    connect(&table, &QAbstractItemModel::modelReset, this, &HeatMapModel::reset);
    connect(&table, &QAbstractItemModel::dataChanged, this, [this] { measure(); });
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&filter, signal, this, [this] { measure(); });
}

void HeatMapModel::reset()
{
    beginResetModel();
    m_blocks = 0;
    for (int row = 0; row < m_table.rowCount(); ++row)
        m_blocks = std::max(m_blocks, m_table.layerAt(row).block + 1);
    endResetModel();
    measure();
}

void HeatMapModel::setColumn(int column)
{
    m_column = column;
    measure();
}

void HeatMapModel::measure()
{
    std::vector<double> values;
    for (int row = 0; row < m_table.rowCount(); ++row)
        if (const auto& layer = m_table.layerAt(row); layer.block >= 0)
            for (const auto& value : {m_table.number(layer, m_column), m_table.original(layer, m_column)})
                if (value && std::isfinite(*value))
                    values.push_back(*value);
    m_least = m_largest = 0.0;
    m_scale = 1.0;
    if (!values.empty()) {
        const auto [least, largest] = std::minmax_element(values.begin(), values.end());
        m_least = *least;
        m_largest = *largest;
        for (auto& value : values)
            value = std::abs(value);
        const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
        std::nth_element(values.begin(), middle, values.end());
        m_scale = *middle > 0.0 ? *middle : 1.0;
    }
    if (m_blocks > 0)
        Q_EMIT dataChanged(index(0, 0), index(m_blocks - 1, columnCount() - 1));
}

core::LayerId HeatMapModel::layerAt(const QModelIndex& index) const
{
    return {index.row(), core::kBlockRoles[static_cast<std::size_t>(index.column())]};
}

QModelIndex HeatMapModel::indexOf(const core::LayerId& layer) const
{
    return layer.block >= 0 && layer.block < m_blocks ? index(layer.block, static_cast<int>(layer.role))
                                                      : QModelIndex();
}

int HeatMapModel::sourceRow(const QModelIndex& index) const
{
    return m_table.rowOf(layerAt(index));
}

int HeatMapModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_blocks;
}

int HeatMapModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(core::kBlockRoles.size());
}

QString HeatMapModel::toolTip(const QModelIndex& index) const
{
    const auto value = m_table.number(layerAt(index), m_column);
    if (!value)
        return tr("%1: not measured").arg(layerName(layerAt(index)));
    if (const auto original = m_table.original(layerAt(index), m_column))
        return tr("%1: %2 %3 in A, %4 in B")
            .arg(layerName(layerAt(index)), columnName(m_column), formatNumber(*original), formatNumber(*value));
    int rank = 1;
    int known = 0;
    for (int row = 0; row < m_table.rowCount(); ++row)
        if (const auto other = m_table.number(m_table.layerAt(row), m_column)) {
            ++known;
            rank += *other > *value ? 1 : 0;
        }
    return tr("%1: %2 %3, rank %4 of %5")
        .arg(layerName(layerAt(index)), columnName(m_column), formatNumber(*value))
        .arg(rank)
        .arg(known);
}

QVariant HeatMapModel::shareOf(const std::optional<double>& value) const
{
    if (!value || !std::isfinite(*value))
        return {};
    const double low = std::asinh(m_least / m_scale);
    const double high = std::asinh(m_largest / m_scale);
    return high > low ? (std::asinh(*value / m_scale) - low) / (high - low) : 0.0;
}

QVariant HeatMapModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const auto value = m_table.number(layerAt(index), m_column);
    switch (role) {
    case Qt::DisplayRole: return value ? formatNumber(*value, 3) : QString();
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole: return toolTip(index);
    case Qt::TextAlignmentRole: return QVariant(Qt::AlignCenter);
    case kShareRole: return shareOf(value);
    case kOriginalRole: return shareOf(m_table.original(layerAt(index), m_column));
    case kDimmedRole: return !m_filter.accepts(sourceRow(index));
    case kHoverRole: return m_table.index(sourceRow(index), 0).data(LayerTableModel::kHoverRole);
    default: return {};
    }
}

QVariant HeatMapModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole)
        return {};
    if (orientation == Qt::Vertical)
        return section;
    return toQString(core::toString(core::kBlockRoles[static_cast<std::size_t>(section)]));
}

} // namespace ui
