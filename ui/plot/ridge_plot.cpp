// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/ridge_plot.h"

#include "ui/convert.h"

#include <QAction>
#include <QLocale>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr double kLinearReach = 15.0; // beyond so many deviations the axis is compressed
constexpr double kOverlap = 1.9;      // height of an outline in rows
constexpr int kPoints = 160;          // of an outline at most

struct Outline
{
    QVector<double> sigmas;
    QVector<double> heights; // [0, 1], logarithmic
};

Outline outlineOf(const core::Distribution& distribution)
{
    Outline outline;
    const auto& histogram = distribution.histogram;
    const auto bins = static_cast<int>(histogram.counts.size());
    if (bins == 0 || !(distribution.std > 0.0))
        return outline;
    const int joined = std::max(1, (bins + kPoints - 1) / kPoints);
    const double width = (histogram.high - histogram.low) / bins;
    double top = 0.0;
    for (int first = 0; first < bins; first += joined) {
        const int end = std::min(first + joined, bins);
        double count = 0.0;
        for (int bin = first; bin < end; ++bin)
            count += static_cast<double>(histogram.counts[static_cast<std::size_t>(bin)]);
        const double height = std::log1p(count / (end - first));
        top = std::max(top, height);
        const double center = histogram.low + 0.5 * width * (first + end);
        outline.sigmas.append((center - distribution.mean) / distribution.std);
        outline.heights.append(height);
    }
    for (auto& height : outline.heights)
        height /= top > 0.0 ? top : 1.0;
    return outline;
}

} // namespace

RidgePlot::RidgePlot(QWidget* parent)
    : PlotView(parent)
{
    plot().yAxis->setTicker(QSharedPointer<QCPAxisTickerText>::create());
    connect(this, &PlotView::sampleClicked, this,
            [this](int sample) { Q_EMIT layerClicked(m_rows[static_cast<std::size_t>(sample)].layer); });
    connect(this, &PlotView::sampleHovered, this, [this](int sample) {
        Q_EMIT layerHovered(sample >= 0 ? std::optional(m_rows[static_cast<std::size_t>(sample)].layer) : std::nullopt);
    });
    m_bandsAction = new QAction(tr("Percentile bands\tP"), this);
    m_bandsAction->setCheckable(true);
    m_bandsAction->setEnabled(false); // until there are quantiles
    addMenuAction(m_bandsAction);
    connect(m_bandsAction, &QAction::toggled, this, &RidgePlot::setBands);
    applyColors();
    fitView();
}

double RidgePlot::toAxis(double sigmas) const
{
    return m_compressed ? std::asinh(sigmas) : sigmas;
}

void RidgePlot::setRows(const std::vector<Row>& rows, const QString& valueName)
{
    m_rows.clear();
    const auto count = static_cast<int>(rows.size());
    const int shown = std::min(count, kMost);
    for (int i = 0; i < shown; ++i)
        m_rows.push_back(rows[static_cast<std::size_t>(count <= kMost ? i : i * (count - 1) / (shown - 1))]);
    m_valueName = valueName;
    setDetail(count > kMost ? tr("%1 of %2 layers, evenly spread").arg(shown).arg(count) : QString());
    rebuild();
}

void RidgePlot::clearGraphs()
{
    for (auto* graph : m_graphs + m_others + m_bands + m_otherBands)
        plot().removeGraph(graph);
    m_graphs.clear();
    m_others.clear();
    m_bands.clear();
    m_otherBands.clear();
    if (m_marks)
        plot().removeGraph(m_marks);
    m_marks = nullptr;
}

void RidgePlot::rebuild()
{
    clearGraphs();
    scaleAxis();
    if (m_showsBands)
        drawBands();
    else
        drawOutlines();
    setAxisLabels(tr("%1, standard deviations from the mean").arg(m_valueName), QString());
    applyColors();
    fitView();
    refresh();
}

/** How far the values reach, and the names of the rows. */
void RidgePlot::scaleAxis()
{
    m_reach = 5.0;
    for (const auto& row : m_rows)
        for (const auto& values : {row.distribution, row.other})
            if (values && values->std > 0.0)
                m_reach = std::max(
                    {m_reach, (values->max - values->mean) / values->std, (values->mean - values->min) / values->std});
    m_compressed = m_reach > kLinearReach;
    const auto names = QSharedPointer<QCPAxisTickerText>::create();
    const auto step = std::max<std::size_t>(1, m_rows.size() / 12);
    for (std::size_t i = 0; i < m_rows.size(); i += step)
        names->addTick(static_cast<double>(i), m_rows[i].name);
    plot().yAxis->setTicker(names);
    if (!m_compressed) {
        plot().xAxis->setTicker(QSharedPointer<QCPAxisTicker>::create());
        return;
    }
    const auto ticks = QSharedPointer<QCPAxisTickerText>::create();
    for (const double value : {0.0, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1e3, 1e4})
        for (const double signedValue : {value, -value})
            ticks->addTick(toAxis(signedValue), QLocale().toString(signedValue, 'g', 5));
    plot().xAxis->setTicker(ticks);
}

void RidgePlot::drawOutlines()
{
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        for (const bool isOther : {false, true}) {
            const auto& values = isOther ? m_rows[i].other : m_rows[i].distribution;
            if (isOther && !values)
                continue;
            const auto outline = values ? outlineOf(*values) : Outline{};
            auto* graph = plot().addGraph();
            graph->setAdaptiveSampling(false);
            QVector<double> x;
            QVector<double> y;
            for (qsizetype point = 0; point < outline.sigmas.size(); ++point) {
                x.append(toAxis(outline.sigmas[point]));
                y.append(static_cast<double>(i) + kOverlap * outline.heights[point]);
            }
            graph->setData(x, y, true);
            (isOther ? m_others : m_graphs).append(graph);
        }
}

void RidgePlot::fitView()
{
    plot().xAxis->setRange(-toAxis(m_reach) * 1.02, toAxis(m_reach) * 1.02);
    plot().yAxis->setRange(-0.4, std::max(1.0, static_cast<double>(m_rows.size()) + kOverlap - 0.7));
}

void RidgePlot::setSelected(const std::vector<core::LayerId>& layers)
{
    m_selected = layers;
    markSelected();
    applyColors();
    plot().replot(QCustomPlot::rpQueuedReplot);
}

void RidgePlot::setHovered(const std::optional<core::LayerId>& layer)
{
    if (m_hovered == layer)
        return;
    m_hovered = layer;
    applyColors();
    plot().replot(QCustomPlot::rpQueuedReplot);
}

void RidgePlot::applyColors()
{
    for (qsizetype i = 0; i < m_graphs.size(); ++i) {
        const auto& layer = m_rows[static_cast<std::size_t>(i)].layer;
        const bool isSelected = std::find(m_selected.begin(), m_selected.end(), layer) != m_selected.end();
        auto faint = colors().before;
        faint.setAlpha(m_selected.empty() ? 255 : 120);
        m_graphs[i]->setPen(QPen(isSelected ? colors().text : m_hovered == layer ? colors().alarm : faint, 1));
    }
    for (auto* graph : m_others)
        graph->setPen(QPen(colors().after, 1));
    if (m_showsBands)
        colorBands();
}

QVector<PlotView::LegendEntry> RidgePlot::legend() const
{
    const bool compares =
        std::any_of(m_rows.begin(), m_rows.end(), [](const Row& row) { return row.other != nullptr; });
    QVector<LegendEntry> entries;
    if (m_showsBands && !m_rows.empty())
        entries.append({QStringLiteral("\u25a4"), tr("50, 80, 98, 99.8 and 100 % of the values"), colors().before});
    else if (compares)
        entries.append({QStringLiteral("\u25a0"), tr("before"), colors().before});
    if (compares)
        entries.append({QStringLiteral("\u25a0"), tr("after"), colors().after});
    return entries;
}

int RidgePlot::nearestSample(const QPointF& pixel) const
{
    const double y = valueAt(pixel).y();
    const int row = static_cast<int>(std::floor(y + (m_showsBands ? 0.5 : 0.15))); // an outline stands on its row
    return row >= 0 && row < sampleCount() ? row : -1;
}

QPointF RidgePlot::samplePosition(int sample) const
{
    return {0.0, static_cast<double>(sample)};
}

QString RidgePlot::sampleText(int sample) const
{
    const auto& row = m_rows[static_cast<std::size_t>(sample)];
    if (!row.distribution)
        return tr("%1: not measured").arg(row.name);
    int rank = 1;
    for (const auto& other : m_rows)
        rank += other.distribution && other.distribution->kurtosis > row.distribution->kurtosis ? 1 : 0;
    return tr("%1: excess kurtosis %2, rank %3 of %4, largest value %5 standard deviations")
        .arg(row.name, QLocale().toString(row.distribution->kurtosis, 'g', 4))
        .arg(rank)
        .arg(sampleCount())
        .arg(QLocale().toString(row.distribution->std > 0.0 ? row.distribution->absmax / row.distribution->std : 0.0,
                                'g', 4));
}

QStringList RidgePlot::csvColumns() const
{
    return {QStringLiteral("layer"), QStringLiteral("mean"), QStringLiteral("std"), QStringLiteral("absmax"),
            QStringLiteral("kurtosis")};
}

QStringList RidgePlot::csvCells(int sample) const
{
    const auto& row = m_rows[static_cast<std::size_t>(sample)];
    QStringList cells{toQString(core::toString(row.layer))};
    if (const auto& values = row.distribution)
        cells << csvNumber(values->mean) << csvNumber(values->std) << csvNumber(values->absmax)
              << csvNumber(values->kurtosis);
    return cells;
}

QString RidgePlot::summary() const
{
    const auto widest = std::max_element(m_rows.begin(), m_rows.end(), [](const Row& left, const Row& right) {
        const auto kurtosis = [](const Row& row) { return row.distribution ? row.distribution->kurtosis : -1e300; };
        return kurtosis(left) < kurtosis(right);
    });
    return tr("%n layer(s)", nullptr, sampleCount())
        + tr(", the heaviest tails in %1: %2").arg(widest->name, sampleText(static_cast<int>(widest - m_rows.begin())));
}

} // namespace ui
