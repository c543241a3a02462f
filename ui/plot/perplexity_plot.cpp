// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/perplexity_plot.h"

#include <QLocale>
#include <qcustomplot.h>

#include <algorithm>
#include <limits>

namespace ui {

namespace {

constexpr double kNormal95 = 1.96; // half width of a 95 % interval in standard errors

} // namespace

PerplexityPlot::PerplexityPlot(QWidget* parent)
    : PlotView(parent)
{
    setAxisLabels(tr("perplexity (lower is better), 95 % interval"), QString());
    for (auto [graph, bars] : {std::pair{&m_reference, &m_referenceBars}, std::pair{&m_quantized, &m_quantizedBars}}) {
        // Values run along x and names along y: the graph's key axis is the plot's y axis.
        *graph = plot().addGraph(plot().yAxis, plot().xAxis);
        (*graph)->setLineStyle(QCPGraph::lsNone);
        *bars = new QCPErrorBars(plot().yAxis, plot().xAxis);
        (*bars)->setDataPlottable(*graph);
        (*bars)->setErrorType(QCPErrorBars::etValueError);
        (*bars)->removeFromLegend();
    }
    plot().yAxis->setTicker(QSharedPointer<QCPAxisTickerText>::create());
    plot().yAxis->setRangeReversed(true);
    applyColors();
    fitView();
}

void PerplexityPlot::setBars(const QVector<PerplexityBar>& bars)
{
    m_bars = bars;
    const auto ticker = qSharedPointerDynamicCast<QCPAxisTickerText>(plot().yAxis->ticker());
    ticker->clear();
    for (auto* graph : {m_reference, m_quantized})
        graph->data()->clear();
    for (auto* errors : {m_referenceBars, m_quantizedBars})
        errors->data()->clear();
    for (int i = 0; i < m_bars.size(); ++i) {
        const auto& bar = m_bars[i];
        ticker->addTick(i, bar.name);
        (bar.isReference ? m_reference : m_quantized)->addData(i, bar.value);
        (bar.isReference ? m_referenceBars : m_quantizedBars)->addData(bar.stderror * kNormal95);
    }
    fitView();
    refresh();
}

QPointF PerplexityPlot::samplePosition(int sample) const
{
    return {m_bars[sample].value, static_cast<double>(sample)};
}

QString PerplexityPlot::sampleText(int sample) const
{
    const auto& bar = m_bars[sample];
    return tr("%1: %2 \u00b1 %3")
        .arg(bar.name, QLocale().toString(bar.value, 'f', 3), QLocale().toString(bar.stderror * kNormal95, 'f', 3));
}

QString PerplexityPlot::csvHeader() const
{
    return QStringLiteral("model,perplexity,stderr");
}

QString PerplexityPlot::csvLine(int sample) const
{
    const auto& bar = m_bars[sample];
    auto name = bar.name;
    name.replace(QLatin1Char('"'), QStringLiteral("\"\""));
    return QStringLiteral("\"%1\",%2,%3").arg(name).arg(bar.value, 0, 'g', 9).arg(bar.stderror, 0, 'g', 9);
}

QString PerplexityPlot::summary() const
{
    QStringList parts;
    for (int i = 0; i < m_bars.size(); ++i)
        parts += sampleText(i);
    return parts.join(QStringLiteral("; "));
}

void PerplexityPlot::fitView()
{
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const auto& bar : m_bars) {
        low = std::min(low, bar.value - bar.stderror * kNormal95);
        high = std::max(high, bar.value + bar.stderror * kNormal95);
    }
    if (m_bars.isEmpty()) {
        low = 1.0;
        high = 10.0;
    }
    const double margin = std::max((high - low) * 0.15, high * 0.005);
    plot().xAxis->setRange(low - margin, high + margin);
    plot().yAxis->setRange(-0.7, std::max<double>(3.0, static_cast<double>(m_bars.size())) - 0.3);
}

void PerplexityPlot::applyColors()
{
    using Style = QCPScatterStyle;
    m_reference->setScatterStyle(Style(Style::ssSquare, QPen(colors().before, 1), QBrush(colors().before), 8));
    m_quantized->setScatterStyle(Style(Style::ssDisc, QPen(colors().after, 1), QBrush(colors().after), 9));
    m_referenceBars->setPen(QPen(colors().before, 1));
    m_quantizedBars->setPen(QPen(colors().after, 1));
    plot().yAxis->setTickLabelColor(colors().text);
}

QVector<PlotView::LegendEntry> PerplexityPlot::legend() const
{
    if (m_bars.isEmpty())
        return {};
    return {{QStringLiteral("\u25a0"), tr("full precision"), colors().before},
            {QStringLiteral("\u25cf"), tr("quantized"), colors().after}};
}

} // namespace ui
