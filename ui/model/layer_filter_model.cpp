// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model/layer_filter_model.h"

#include "ui/model/layer_table_model.h"

namespace ui {

LayerFilterModel::LayerFilterModel(QObject* parent)
    : QSortFilterProxyModel(parent)
{
    setSortRole(LayerTableModel::kSortRole);
    setDynamicSortFilter(true);
}

bool LayerFilterModel::setFilterText(const QString& text, LayerFilter::Problem* problem)
{
    auto filter = LayerFilter::parse(text, problem);
    if (!filter)
        return false;
    m_filter = std::move(*filter);
    invalidateFilter();
    return true;
}

bool LayerFilterModel::accepts(int sourceRow) const
{
    return m_filter.isEmpty() || m_filter.accepts(static_cast<const LayerTableModel&>(*sourceModel()), sourceRow);
}

bool LayerFilterModel::filterAcceptsRow(int row, const QModelIndex&) const
{
    return accepts(row);
}

} // namespace ui
