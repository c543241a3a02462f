// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/model/plan_rows_model.h"

namespace ui {

class Searches;

/** What a search found, a row a module of the plan; while it runs, how its gates stand. Kinds are drawn by KindDelegate. */
class SearchTableModel : public PlanRowsModel
{
    Q_OBJECT

public:
    enum Column { Module, Found, Gate, Delta, Spread, Margin, Restarts, Planned, ColumnCount };

    SearchTableModel(Document& document, Searches& searches, QObject* parent);

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(int row, int column) const;
    QString gateText(const core::ModuleId& module) const;
    QString toolTip(int row) const;

    Searches& m_searches;
};

} // namespace ui
