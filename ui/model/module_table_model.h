// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/model/plan_rows_model.h"

namespace ui {

/** The plan: one row a module, with the numbers that the rule looks at. Uses the roles of LayerTableModel. */
class ModuleTableModel : public PlanRowsModel
{
    Q_OBJECT

public:
    enum Column { Module, Kurtosis, RobustZ, Automatic, Choice, Bits, Reason, Note, ColumnCount };

    ModuleTableModel(Document& document, QObject* parent);

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QVariant text(int row, int column) const;
    double number(int row, int column) const;
    QString notes(const core::ModuleId& module) const;
};

} // namespace ui
