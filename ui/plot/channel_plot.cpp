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
    m_selectedGraph = plot().addGraph();
    m_selectedGraph->setLineStyle(QCPGraph::lsImpulse);
    constexpr int kLabels = 6;
    for (int i = 0; i < kLabels; ++i) {
        auto* label = new QCPItemText(&plot());
        label->setPositionAlignment(Qt::AlignHCenter | Qt::AlignBottom);
        label->setClipToAxisRect(true);
        label->setVisible(false);
        m_labels.append(label);
    }
    connect(this, &PlotView::sampleClicked, this,
            [this](int sample) { Q_EMIT channelClicked(leading().channels[sample]); });
    setAxisLabels(tr("input channel"), tr("largest |value|"));
    applyColors();
    fitView();
}

void ChannelPlot::setDistributions(DistributionPointer before, DistributionPointer after, const QString& valueName)
{
    if (before == m_beforeSource && after == m_afterSource && valueName == m_valueName)
        return; // the view stays as the person left it
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
    markSelection();
    labelOutliers();
    fitView();
    refresh();
}

void ChannelPlot::setSelected(const QVector<int>& channels)
{
    m_selected = channels;
    markSelection();
    plot().replot(QCustomPlot::rpQueuedReplot);
}

void ChannelPlot::markSelection()
{
    QVector<double> keys;
    QVector<double> values;
    const auto& series = leading();
    for (qsizetype place = 0; place < series.channels.size() && !m_selected.isEmpty(); ++place)
        if (std::binary_search(m_selected.begin(), m_selected.end(), series.channels[place])) {
            keys.append(static_cast<double>(place));
            values.append(series.values[place]);
        }
    m_selectedGraph->setData(keys, values, true);
}

void ChannelPlot::labelOutliers()
{
    for (auto* label : m_labels)
        label->setVisible(false);
    const auto& source = m_before.values.isEmpty() ? m_afterSource : m_beforeSource;
    if (!source)
        return;
    auto outliers = source->outlierChannels;
    const auto& absmax = source->channelAbsmax;
    std::stable_sort(outliers.begin(), outliers.end(), [&](int left, int right) {
        return absmax[static_cast<std::size_t>(left)] > absmax[static_cast<std::size_t>(right)];
    });
    const auto& channels = leading().channels;
    for (std::size_t i = 0; i < outliers.size() && i < static_cast<std::size_t>(m_labels.size()); ++i) {
        const auto place = m_sorted ? channels.indexOf(outliers[i]) : outliers[i];
        auto* label = m_labels[static_cast<qsizetype>(i)];
        label->setText(QString::number(outliers[i]));
        label->position->setCoords(static_cast<double>(place), absmax[static_cast<std::size_t>(outliers[i])]);
        label->setVisible(!m_sorted || i < 1); // sorted they stand on top of each other
    }
    setDetail(outliers.empty() ? QString() : tr("%n channel(s) stand out", nullptr, static_cast<int>(outliers.size())));
}

void ChannelPlot::brushed(const QRectF& area)
{
    const double low = std::min(area.left(), area.right());
    const double high = std::max(area.left(), area.right());
    const double least = std::min(area.top(), area.bottom());
    QVector<int> channels;
    const auto& series = leading();
    for (qsizetype place = 0; place < series.channels.size(); ++place)
        if (place >= low && place <= high && series.values[place] >= least) // bars that reach into the box
            channels.append(series.channels[place]);
    std::sort(channels.begin(), channels.end());
    Q_EMIT channelsBrushed(channels);
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
    plot().yAxis->setRange(0.0, top > 0.0 ? top * 1.12 : 1.0);
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
    const auto& values = leading().values;
    const auto larger =
        std::count_if(values.begin(), values.end(), [&](double value) { return value > values[sample]; });
    return text + tr(", rank %1 of %2").arg(larger + 1).arg(QLocale().toString(values.size()));
}

QStringList ChannelPlot::csvColumns() const
{
    QStringList columns{QStringLiteral("channel"), QStringLiteral("absmax")};
    if (!m_after.values.isEmpty())
        columns << QStringLiteral("channel_after") << QStringLiteral("absmax_after");
    return columns;
}

QStringList ChannelPlot::csvCells(int sample) const
{
    QStringList cells{QString::number(leading().channels[sample]), csvNumber(leading().values[sample])};
    if (sample < m_after.values.size())
        cells << QString::number(m_after.channels[sample]) << csvNumber(m_after.values[sample]);
    return cells;
}

void ChannelPlot::setShown(bool before, bool after)
{
    m_beforeGraph->setVisible(before);
    m_afterGraph->setVisible(after);
    plot().replot(QCustomPlot::rpQueuedReplot);
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
    m_selectedGraph->setPen(QPen(colors().alarm, 1));
    m_selectedGraph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, colors().alarm, 5));
    for (auto* label : m_labels)
        label->setColor(colors().text);
}

} // namespace ui
