// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"

#include <QAbstractTableModel>

namespace ui {

class Document;

/** A table with one row for each module of the plan, in its order; it follows the plan. */
class PlanRowsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    PlanRowsModel(Document& document, QObject* parent);

    core::ModuleId moduleAt(int row) const;
    int rowOf(const core::ModuleId& module) const; // -1: none

    int rowCount(const QModelIndex& parent = {}) const override;

protected:
    void update(); // what the rows show has changed
    Document& document() const { return m_document; }

private:
    Document& m_document;
    int m_rows = 0;
};

} // namespace ui
