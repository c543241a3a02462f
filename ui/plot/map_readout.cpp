// SPDX-License-Identifier: GPL-3.0-or-later
// What a map says in words and in files.
#include "ui/plot/map_plot.h"

#include <QLocale>

#include <cmath>

namespace ui {

namespace {

QString shown(double value)
{
    return QLocale().toString(value, 'g', 4);
}

} // namespace

QString MapPlot::rowName(std::int64_t row) const
{
    if (m_rows == Axis::Outputs)
        return tr("output %1").arg(row);
    const auto place = static_cast<std::size_t>(row);
    const auto& tokens = m_whole->tokens;
    auto text = place < tokens.size() ? QString::fromStdString(tokens[place]) : QString();
    return tr("token %1 \u201c%2\u201d").arg(row).arg(text.replace(QChar(0x2581), QLatin1Char(' ')).trimmed());
}

QString MapPlot::sampleText(int sample) const
{
    const auto cell = cellAt(sample);
    const auto range = [](const QString& first, std::int64_t begin, std::int64_t end) {
        return end - begin > 1 ? tr("%1 to %2").arg(first).arg(end - 1) : first;
    };
    const auto value = std::isnan(cell.value) ? tr("NaN or infinite") : shown(cell.value);
    auto text =
        tr("%1, channel %2: |%3| %4")
            .arg(range(rowName(cell.rowBegin), cell.rowBegin, cell.rowEnd),
                 range(QString::number(cell.columnBegin), cell.columnBegin, cell.columnEnd), m_valueName, value);
    const auto& peaks = m_whole->peaks;
    for (std::size_t rank = 0; rank < peaks.size(); ++rank)
        if (peaks[rank].row >= cell.rowBegin && peaks[rank].row < cell.rowEnd && peaks[rank].column >= cell.columnBegin
            && peaks[rank].column < cell.columnEnd)
            return text
                + tr(", rank %1 of %2 values").arg(rank + 1).arg(QLocale().toString(m_whole->rows * m_whole->columns));
    return text;
}

QStringList MapPlot::csvColumns() const
{
    return {QStringLiteral("column_begin"), QStringLiteral("column_end"), QStringLiteral("row_begin"),
            QStringLiteral("row_end"), QStringLiteral("absmax")};
}

QStringList MapPlot::csvCells(int sample) const
{
    const auto cell = cellAt(sample);
    return {QString::number(cell.columnBegin), QString::number(cell.columnEnd), QString::number(cell.rowBegin),
            QString::number(cell.rowEnd), csvNumber(static_cast<double>(cell.value))};
}

QString MapPlot::summary() const
{
    auto text = tr("%1 by %2 values").arg(m_whole->rows).arg(m_whole->columns);
    if (!m_whole->peaks.empty()) {
        const auto& peak = m_whole->peaks.front();
        text += tr(", the largest is %1 at %2, channel %3")
                    .arg(shown(static_cast<double>(peak.value)), rowName(peak.row))
                    .arg(peak.column);
    }
    if (m_whole->nonFinite > 0)
        text += tr(", %n NaN or infinite", nullptr, static_cast<int>(m_whole->nonFinite));
    return text;
}

} // namespace ui
