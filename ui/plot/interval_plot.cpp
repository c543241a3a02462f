// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/interval_plot.h"

#include <qcustomplot.h>

#include <algorithm>
#include <limits>

namespace ui {

IntervalPlot::IntervalPlot(const QString& valueAxis, QWidget* parent)
    : PlotView(parent)
{
    setAxisLabels(valueAxis, QString());
    for (std::size_t i = 0; i < m_dots.size(); ++i) {
        // Values run along x and names along y: the graph's key axis is the plot's y axis.
        m_dots[i] = plot().addGraph(plot().yAxis, plot().xAxis);
        m_dots[i]->setLineStyle(QCPGraph::lsNone);
        m_bars[i] = new QCPErrorBars(plot().yAxis, plot().xAxis);
        m_bars[i]->setDataPlottable(m_dots[i]);
        m_bars[i]->setErrorType(QCPErrorBars::etValueError);
        m_bars[i]->removeFromLegend();
    }
    plot().yAxis->setTicker(QSharedPointer<QCPAxisTickerText>::create());
    plot().yAxis->setRangeReversed(true);
}

void IntervalPlot::setSamples(const QStringList& rows, const QVector<Sample>& samples)
{
    m_samples = samples;
    const auto ticker = qSharedPointerDynamicCast<QCPAxisTickerText>(plot().yAxis->ticker());
    ticker->clear();
    for (qsizetype row = 0; row < rows.size(); ++row)
        ticker->addTick(static_cast<double>(row), rows[row]);
    for (std::size_t i = 0; i < m_dots.size(); ++i) {
        m_dots[i]->data()->clear();
        m_bars[i]->data()->clear();
    }
    for (const auto& shown : std::as_const(m_samples)) {
        const std::size_t series = shown.isReference ? 0 : 1;
        m_dots[series]->addData(shown.row, shown.value);
        m_bars[series]->addData(shown.value - shown.low, shown.high - shown.value);
    }
    fitView();
    refresh();
}

std::pair<double, double> IntervalPlot::extent(std::pair<double, double> empty) const
{
    if (m_samples.isEmpty())
        return empty;
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const auto& shown : m_samples) {
        low = std::min(low, shown.low);
        high = std::max(high, shown.high);
    }
    return {low, high};
}

QPointF IntervalPlot::samplePosition(int index) const
{
    return {m_samples[index].value, m_samples[index].row};
}

QString IntervalPlot::summary() const
{
    QStringList parts;
    for (int i = 0; i < sampleCount(); ++i)
        parts += sampleText(i);
    return parts.join(QStringLiteral("; "));
}

void IntervalPlot::applyColors()
{
    using Style = QCPScatterStyle;
    m_dots[0]->setScatterStyle(Style(Style::ssSquare, QPen(colors().before, 1), QBrush(colors().before), 8));
    m_dots[1]->setScatterStyle(Style(Style::ssDisc, QPen(colors().after, 1), QBrush(colors().after), 9));
    m_bars[0]->setPen(QPen(colors().before, 1));
    m_bars[1]->setPen(QPen(colors().after, 1));
    plot().yAxis->setTickLabelColor(colors().text);
}

QVector<PlotView::LegendEntry> IntervalPlot::legend() const
{
    if (m_samples.isEmpty())
        return {};
    return {{QStringLiteral("\u25a0"), tr("full precision"), colors().before},
            {QStringLiteral("\u25cf"), tr("quantized"), colors().after}};
}

} // namespace ui
