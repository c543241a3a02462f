// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/histogram_plot.h"

#include <QKeyEvent>
#include <QLocale>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace ui {

namespace {

constexpr double kClipStep = 0.02; // of the largest magnitude, by key

QString shown(double value)
{
    return QLocale().toString(value, 'g', 4);
}

double normalDensity(double x, double mean, double deviation)
{
    const double t = (x - mean) / deviation;
    return std::exp(-0.5 * t * t) / (deviation * std::sqrt(2.0 * std::numbers::pi));
}

} // namespace

HistogramPlot::HistogramPlot(QWidget* parent)
    : PlotView(parent)
{
    m_beforeGraph = plot().addGraph();
    m_afterGraph = plot().addGraph();
    m_normalGraph = plot().addGraph();
    for (auto* graph : {m_beforeGraph, m_afterGraph})
        graph->setLineStyle(QCPGraph::lsStepCenter);
    setAxisLabels(tr("value"), tr("density"));
    buildClip();
    setLogarithmic(true);
    applyColors();
}

HistogramPlot::Series HistogramPlot::toSeries(const DistributionPointer& distribution)
{
    Series series{.distribution = distribution, .centers = {}, .counts = {}, .densities = {}};
    if (!distribution || distribution->count == 0)
        return series;
    const auto& histogram = distribution->histogram;
    const auto bins = static_cast<qsizetype>(histogram.counts.size());
    if (bins == 0)
        return series;
    // Few values in many bins are noise: Rice's rule says how many bins the count can fill, and neighbours are joined.
    const double wanted = std::max(48.0, 2.0 * std::cbrt(static_cast<double>(distribution->count)));
    const auto joined = std::max<qsizetype>(1, static_cast<qsizetype>(std::ceil(static_cast<double>(bins) / wanted)));
    const double width = (histogram.high - histogram.low) / static_cast<double>(bins);
    if (!(width > 0.0))
        return series;
    for (qsizetype first = 0; first < bins; first += joined) {
        const auto end = std::min(first + joined, bins);
        const auto count =
            std::accumulate(histogram.counts.begin() + first, histogram.counts.begin() + end, std::uint64_t{0});
        const double span = width * static_cast<double>(end - first);
        series.centers.append(histogram.low + 0.5 * static_cast<double>(first + end) * width);
        series.counts.append(static_cast<qulonglong>(count));
        series.densities.append(static_cast<double>(count) / (span * static_cast<double>(distribution->count)));
    }
    return series;
}

void HistogramPlot::setDistributions(DistributionPointer before, DistributionPointer after, const QString& valueName)
{
    if (before == m_before.distribution && after == m_after.distribution && valueName == m_valueName)
        return; // the view stays as the person left it
    m_before = toSeries(before);
    m_after = toSeries(after);
    m_valueName = valueName;
    setAxisLabels(valueName, tr("density"));
    draw(m_beforeGraph, m_before);
    draw(m_afterGraph, m_after);
    drawNormal();
    drawGrid();
    resetClip();
    showOutside();
    fitView();
    refresh();
}

void HistogramPlot::draw(QCPGraph* graph, const Series& series)
{
    auto values = series.densities;
    if (m_logarithmic)
        std::replace(values.begin(), values.end(), 0.0, floorDensity());
    graph->setData(series.centers, values, true);
}

void HistogramPlot::drawNormal()
{
    QVector<double> x;
    QVector<double> y;
    const auto& distribution = m_before.distribution;
    m_normalGraph->setVisible(m_normal);
    if (distribution && distribution->std > 0.0) {
        constexpr int kPoints = 161;
        for (int i = 0; i < kPoints; ++i) {
            const double t = -6.0 + 12.0 * i / (kPoints - 1);
            x.append(distribution->mean + t * distribution->std);
            y.append(normalDensity(x.last(), distribution->mean, distribution->std));
        }
    }
    m_normalGraph->setData(x, y, true);
}

void HistogramPlot::setGridBits(int bits)
{
    if (m_gridBits == bits)
        return;
    m_gridBits = bits;
    drawGrid();
    placeClip();
    refresh();
}

void HistogramPlot::drawGrid()
{
    for (auto* line : m_gridLines)
        plot().removeItem(line);
    m_gridLines.clear();
    constexpr int kMostBits = 6; // finer, the marks are a line
    const auto& source = m_after.distribution ? m_after.distribution : m_before.distribution;
    if (!source || !(source->absmax > 0.0) || m_gridBits > kMostBits)
        return;
    const int top = (1 << (m_gridBits - 1)) - 1;
    for (int level = -top; level <= top; ++level) {
        auto* line = new QCPItemLine(&plot());
        for (auto* end : {line->start, line->end}) {
            end->setTypeX(QCPItemPosition::ptPlotCoords);
            end->setTypeY(QCPItemPosition::ptAxisRectRatio);
        }
        const double value = source->absmax * level / top;
        line->start->setCoords(value, 1.0);
        line->end->setCoords(value, 0.955);
        line->setPen(QPen(colors().text, 0));
        m_gridLines.append(line);
    }
}

void HistogramPlot::showOutside()
{
    QStringList parts;
    if (const auto& distribution = m_before.distribution) {
        const auto outside = distribution->histogram.below + distribution->histogram.above;
        if (outside > 0)
            parts += tr("%n value(s) outside the bins", nullptr, static_cast<int>(outside));
        if (distribution->nonFinite > 0)
            parts += tr("%n NaN or infinite", nullptr, static_cast<int>(distribution->nonFinite));
    }
    setDetail(parts.join(QStringLiteral(" \u00b7 ")));
}

double HistogramPlot::floorDensity() const
{
    double least = std::numeric_limits<double>::infinity();
    for (const auto* series : {&m_before, &m_after})
        for (const double value : series->densities)
            if (value > 0.0)
                least = std::min(least, value);
    return std::isfinite(least) ? least / 1000.0 : 1e-12;
}

void HistogramPlot::fitView()
{
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    double top = 0.0;
    for (const auto* series : {&m_before, &m_after}) {
        if (series->centers.isEmpty())
            continue;
        low = std::min(low, series->distribution->histogram.low);
        high = std::max(high, series->distribution->histogram.high);
        top = std::max(top, *std::max_element(series->densities.begin(), series->densities.end()));
    }
    if (!(top > 0.0)) {
        plot().xAxis->setRange(-1, 1);
        plot().yAxis->setRange(m_logarithmic ? 0.01 : 0, 10);
        return;
    }
    const double margin = 0.01 * (high - low); // the handles of the clip stand at the ends
    plot().xAxis->setRange(low - margin, high + margin);
    if (m_logarithmic)
        plot().yAxis->setRange(floorDensity() * 400.0, top * 2.5);
    else
        plot().yAxis->setRange(0.0, top * 1.08);
}

void HistogramPlot::setLogarithmic(bool on)
{
    m_logarithmic = on;
    if (on) {
        plot().yAxis->setScaleType(QCPAxis::stLogarithmic);
        useDecadeTicks(*plot().yAxis);
    } else {
        plot().yAxis->setScaleType(QCPAxis::stLinear);
        plot().yAxis->setTicker(QSharedPointer<QCPAxisTicker>::create());
        plot().yAxis->setNumberFormat(QStringLiteral("gb"));
        plot().yAxis->setNumberPrecision(5);
    }
    draw(m_beforeGraph, m_before);
    draw(m_afterGraph, m_after);
    resetView();
}

void HistogramPlot::setShowsNormal(bool on)
{
    m_normal = on;
    drawNormal();
    refresh();
}

int HistogramPlot::sampleCount() const
{
    return static_cast<int>((m_before.centers.isEmpty() ? m_after : m_before).centers.size());
}

QPointF HistogramPlot::samplePosition(int sample) const
{
    const auto& series = m_before.centers.isEmpty() ? m_after : m_before;
    const double density = series.densities[sample];
    return {series.centers[sample], density > 0.0 || !m_logarithmic ? density : plot().yAxis->range().lower};
}

QString HistogramPlot::sampleText(int sample) const
{
    const auto& series = m_before.centers.isEmpty() ? m_after : m_before;
    return tr("%1 %2: %3 values, density %4")
        .arg(m_valueName, shown(series.centers[sample]), QLocale().toString(series.counts[sample]),
             shown(series.densities[sample]));
}

QStringList HistogramPlot::csvColumns() const
{
    QStringList columns{QStringLiteral("value"), QStringLiteral("count"), QStringLiteral("density")};
    if (showsBoth())
        columns << QStringLiteral("value_after") << QStringLiteral("count_after") << QStringLiteral("density_after");
    return columns;
}

QStringList HistogramPlot::csvCells(int sample) const
{
    const auto cellsOf = [sample](const Series& series) {
        return QStringList{csvNumber(series.centers[sample]), QString::number(series.counts[sample]),
                           csvNumber(series.densities[sample])};
    };
    auto cells = cellsOf(m_before.centers.isEmpty() ? m_after : m_before);
    if (showsBoth() && sample < m_after.centers.size())
        cells += cellsOf(m_after);
    return cells;
}

void HistogramPlot::setShown(bool before, bool after)
{
    m_beforeGraph->setVisible(before);
    m_afterGraph->setVisible(after);
    plot().replot(QCustomPlot::rpQueuedReplot);
}

QString HistogramPlot::summary() const
{
    const auto& series = m_before.centers.isEmpty() ? m_after : m_before;
    const auto& d = *series.distribution;
    auto text = tr("%1: %2 values between %3 and %4, mean %5, standard deviation %6, excess kurtosis %7")
                    .arg(m_valueName, QLocale().toString(static_cast<qlonglong>(d.count)), shown(d.min), shown(d.max),
                         shown(d.mean), shown(d.std), shown(d.kurtosis));
    if (showsBoth())
        text += tr("; after: between %1 and %2, standard deviation %3, excess kurtosis %4")
                    .arg(shown(m_after.distribution->min), shown(m_after.distribution->max),
                         shown(m_after.distribution->std), shown(m_after.distribution->kurtosis));
    return hasClip() ? text + QStringLiteral("; ") + clipText() : text;
}

QVector<PlotView::LegendEntry> HistogramPlot::legend() const
{
    QVector<LegendEntry> entries;
    if (showsBoth()) {
        entries.append({QStringLiteral("\u25a0"), tr("before"), colors().before});
        entries.append({QStringLiteral("\u25a0"), tr("after"), colors().after});
    }
    if (m_normal && !isEmpty())
        entries.append({QStringLiteral("\u2504"), tr("normal"), colors().fit});
    if (!m_gridLines.isEmpty())
        entries.append({QStringLiteral("\u2502"), tr("%1-bit grid").arg(m_gridBits), colors().text});
    return entries;
}

void HistogramPlot::applyColors()
{
    const auto fill = [](QColor color, int alpha) {
        color.setAlpha(alpha);
        return QBrush(color);
    };
    m_beforeGraph->setPen(QPen(colors().before, 1));
    m_beforeGraph->setBrush(fill(colors().before, isDark(palette()) ? 70 : 50));
    m_afterGraph->setPen(QPen(colors().after, 1));
    m_afterGraph->setBrush(Qt::NoBrush);
    m_normalGraph->setPen(QPen(colors().fit, 1, Qt::DashLine));
    for (auto* line : m_gridLines)
        line->setPen(QPen(colors().text, 0));
    placeClip();
}

void HistogramPlot::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Y)
        setLogarithmic(!m_logarithmic);
    else if (event->key() == Qt::Key_G)
        setShowsNormal(!m_normal);
    else if (clipped() && event->modifiers() == Qt::ShiftModifier
             && (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right))
        setClip(m_clip + (event->key() == Qt::Key_Right ? kClipStep : -kClipStep) * clipped()->absmax);
    else
        PlotView::keyPressEvent(event);
}

} // namespace ui
