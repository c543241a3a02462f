// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/channel_plot.h"

#include <QLocale>
#include <qcustomplot.h>

#include <algorithm>
#include <numeric>

namespace ui {

ChannelPlot::ChannelPlot(QWidget* parent)
    : PlotView(parent)
{
    m_beforeGraph = plot().addGraph();
    m_beforeGraph->setLineStyle(QCPGraph::lsImpulse);
    m_afterGraph = plot().addGraph();
    m_afterGraph->setLineStyle(QCPGraph::lsLine);
    setAxisLabels(tr("input channel"), tr("largest |value|"));
    applyColors();
    fitView();
}

void ChannelPlot::setDistributions(DistributionPointer before, DistributionPointer after, const QString& valueName)
{
    m_beforeSource = std::move(before);
    m_afterSource = std::move(after);
    m_valueName = valueName;
    rebuild();
}

ChannelPlot::Series ChannelPlot::toSeries(const DistributionPointer& distribution) const
{
    Series series;
    if (!distribution)
        return series;
    const auto& absmax = distribution->channelAbsmax;
    series.channels.resize(static_cast<qsizetype>(absmax.size()));
    std::iota(series.channels.begin(), series.channels.end(), 0);
    if (m_sorted)
        std::stable_sort(series.channels.begin(), series.channels.end(),
                         [&](int left, int right) { return absmax[left] > absmax[right]; });
    for (const int channel : series.channels)
        series.values.append(absmax[static_cast<std::size_t>(channel)]);
    return series;
}

void ChannelPlot::rebuild()
{
    m_before = toSeries(m_beforeSource);
    m_after = toSeries(m_afterSource);
    for (const auto& [graph, series] : {std::pair{m_beforeGraph, &m_before}, std::pair{m_afterGraph, &m_after}}) {
        QVector<double> keys(series->values.size());
        std::iota(keys.begin(), keys.end(), 0.0);
        graph->setData(keys, series->values, true);
    }
    setAxisLabels(m_sorted ? tr("input channels, largest first") : tr("input channel"),
                  tr("largest |%1|").arg(m_valueName));
    fitView();
    refresh();
}

void ChannelPlot::setSorted(bool on)
{
    if (m_sorted == on)
        return;
    m_sorted = on;
    rebuild();
}

void ChannelPlot::fitView()
{
    double top = 0.0;
    for (const auto* series : {&m_before, &m_after})
        for (const double value : series->values)
            top = std::max(top, value);
    const auto count = std::max(m_before.values.size(), m_after.values.size());
    plot().xAxis->setRange(-0.5, count > 0 ? static_cast<double>(count) - 0.5 : 1.0);
    plot().yAxis->setRange(0.0, top > 0.0 ? top * 1.06 : 1.0);
}

int ChannelPlot::sampleCount() const
{
    return static_cast<int>(leading().values.size());
}

QPointF ChannelPlot::samplePosition(int sample) const
{
    return {static_cast<double>(sample), leading().values[sample]};
}

QString ChannelPlot::sampleText(int sample) const
{
    auto text =
        tr("channel %1: %2")
            .arg(QLocale().toString(leading().channels[sample]), QLocale().toString(leading().values[sample], 'g', 4));
    if (!m_before.values.isEmpty() && sample < m_after.values.size() && !m_sorted)
        text += tr(", after %1").arg(QLocale().toString(m_after.values[sample], 'g', 4));
    return text;
}

QString ChannelPlot::csvHeader() const
{
    return m_after.values.isEmpty() ? QStringLiteral("channel,absmax")
                                    : QStringLiteral("channel,absmax,channel_after,absmax_after");
}

QString ChannelPlot::csvLine(int sample) const
{
    auto line = QStringLiteral("%1,%2").arg(leading().channels[sample]).arg(leading().values[sample], 0, 'g', 9);
    if (sample < m_after.values.size())
        line += QStringLiteral(",%1,%2").arg(m_after.channels[sample]).arg(m_after.values[sample], 0, 'g', 9);
    return line;
}

QString ChannelPlot::summary() const
{
    const auto& values = leading().values;
    const auto largest = std::max_element(values.begin(), values.end());
    return tr("%n channel(s)", nullptr, static_cast<int>(values.size()))
        + tr(", the largest |%1| is %2 in channel %3")
              .arg(m_valueName, QLocale().toString(*largest, 'g', 4))
              .arg(leading().channels[largest - values.begin()]);
}

QVector<PlotView::LegendEntry> ChannelPlot::legend() const
{
    if (m_before.values.isEmpty() || m_after.values.isEmpty())
        return {};
    return {{QStringLiteral("\u25a0"), tr("before"), colors().before},
            {QStringLiteral("\u25a0"), tr("after"), colors().after}};
}

void ChannelPlot::applyColors()
{
    m_beforeGraph->setPen(QPen(colors().before, 0));
    m_afterGraph->setPen(QPen(colors().after, 1));
}

} // namespace ui
