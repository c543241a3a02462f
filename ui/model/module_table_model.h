// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"

#include <QAbstractTableModel>

namespace ui {

class Document;

/** The plan: one row a module, with the numbers that the rule looks at. Uses the roles of LayerTableModel. */
class ModuleTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Module, Kurtosis, RobustZ, Automatic, Choice, Bits, Reason, ColumnCount };

    ModuleTableModel(Document& document, QObject* parent);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    core::ModuleId moduleAt(int row) const;
    int rowOf(const core::ModuleId& module) const; // -1: none

private:
    void update();
    QVariant text(int row, int column) const;
    double number(int row, int column) const;

    Document& m_document;
    int m_rows = 0;
};

} // namespace ui
