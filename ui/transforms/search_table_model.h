// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"

#include <QAbstractTableModel>

namespace ui {

class Document;
class Searches;

/** What a search found, a row a module of the plan; while it runs, how its gates stand. Kinds are drawn by KindDelegate. */
class SearchTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Module, Found, Gate, Delta, Spread, Planned, ColumnCount };

    SearchTableModel(Document& document, Searches& searches, QObject* parent);

    core::ModuleId moduleAt(int row) const;
    int rowOf(const core::ModuleId& module) const; // -1: none

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void update();
    QString text(int row, int column) const;
    QString gateText(const core::ModuleId& module) const;
    QString toolTip(int row) const;

    Document& m_document;
    Searches& m_searches;
    int m_rows = 0;
};

} // namespace ui
