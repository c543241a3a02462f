// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model/plan_rows_model.h"

#include "ui/model/document.h"

namespace ui {

PlanRowsModel::PlanRowsModel(Document& document, QObject* parent)
    : QAbstractTableModel(parent)
    , m_document(document)
    , m_rows(static_cast<int>(document.plan().plan().modules.size()))
{
    connect(&document.plan(), &PlanEditor::changed, this, &PlanRowsModel::update);
}

void PlanRowsModel::update()
{
    const int rows = static_cast<int>(m_document.plan().plan().modules.size());
    if (rows != m_rows) {
        beginResetModel();
        m_rows = rows;
        endResetModel();
    } else if (rows > 0) {
        Q_EMIT dataChanged(index(0, 0), index(rows - 1, columnCount() - 1));
    }
}

int PlanRowsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_rows;
}

core::ModuleId PlanRowsModel::moduleAt(int row) const
{
    return m_document.plan().plan().modules[static_cast<std::size_t>(row)].module;
}

int PlanRowsModel::rowOf(const core::ModuleId& module) const
{
    for (int row = 0; row < m_rows; ++row)
        if (moduleAt(row) == module)
            return row;
    return -1;
}

} // namespace ui
