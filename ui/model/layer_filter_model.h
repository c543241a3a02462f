// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/model/layer_filter.h"

#include <QSortFilterProxyModel>

namespace ui {

/** Sorts and filters the layer table (LayerFilter says how). */
class LayerFilterModel : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit LayerFilterModel(QObject* parent);

    /** False, with the reason in `problem`, for a text that cannot be understood; the filter stays as it was. */
    bool setFilterText(const QString& text, LayerFilter::Problem* problem);
    bool accepts(int sourceRow) const;

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    LayerFilter m_filter;
};

} // namespace ui
