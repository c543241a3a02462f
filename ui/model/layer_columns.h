// SPDX-License-Identifier: GPL-3.0-or-later
// What the columns of the layer table are called, what they mean, and which belong together.
#pragma once

#include <QString>
#include <QVector>

namespace ui {

QString columnName(int column);      // short, as in the head of the table
QString columnHelp(int column);      // one line with unit and formula
QString columnKey(int column);       // in filters: "z", "kurtosis"; empty for columns that are not numbers
int columnOfKey(const QString& key); // -1: none

/** A choice of columns with a name. */
struct ColumnSet
{
    QString name;
    QString help;
    QVector<int> columns;
};
const QVector<ColumnSet>& columnSets(); // the first is what a new window shows

} // namespace ui
