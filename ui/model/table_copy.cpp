// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model/table_copy.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMimeData>
#include <QTableView>

#include <algorithm>

namespace ui {

namespace {

/** Visible columns in the order on screen. */
QVector<int> shownColumns(const QTableView& table)
{
    QVector<int> columns;
    const auto* header = table.horizontalHeader();
    for (int place = 0; place < header->count(); ++place)
        if (const int column = header->logicalIndex(place); !table.isColumnHidden(column))
            columns.append(column);
    return columns;
}

QVector<int> chosenRows(const QTableView& table)
{
    QVector<int> rows;
    if (table.selectionModel())
        for (const auto& index : table.selectionModel()->selectedRows())
            rows.append(index.row());
    if (rows.isEmpty())
        for (int row = 0; row < table.model()->rowCount(); ++row)
            rows.append(row);
    std::sort(rows.begin(), rows.end());
    return rows;
}

QString plain(QString text)
{
    return text.replace(QLatin1Char('\t'), QLatin1Char(' ')).replace(QLatin1Char('\n'), QLatin1Char(' '));
}

} // namespace

void copyRows(const QTableView& table)
{
    const auto* model = table.model();
    const auto columns = shownColumns(table);
    QString tabs;
    auto html = QStringLiteral("<table>");
    const auto addLine = [&](const auto& cellText, const QString& tag) {
        QStringList cells;
        html += QStringLiteral("<tr>");
        for (const int column : columns) {
            cells += plain(cellText(column));
            html += QStringLiteral("<%1>%2</%1>").arg(tag, cells.last().toHtmlEscaped());
        }
        html += QStringLiteral("</tr>");
        tabs += cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
    };
    addLine([&](int column) { return model->headerData(column, Qt::Horizontal).toString(); }, QStringLiteral("th"));
    for (const int row : chosenRows(table))
        addLine([&](int column) { return model->index(row, column).data().toString(); }, QStringLiteral("td"));
    auto* data = new QMimeData;
    data->setText(tabs);
    data->setHtml(html + QStringLiteral("</table>"));
    QGuiApplication::clipboard()->setMimeData(data);
}

} // namespace ui
