// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/loss_plot.h"

#include <QLocale>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

namespace ui {

LossPlot::LossPlot(QWidget* parent)
    : PlotView(parent)
{
    setAxisLabels(tr("step"), tr("error of the block output (MSE)"));
    plot().yAxis->setScaleType(QCPAxis::stLogarithmic);
    fitView();
}

void LossPlot::clear()
{
    m_graphs.clear();
    m_points.clear();
    m_current = -1;
    plot().clearGraphs();
    setDetail({});
    resetView();
    refresh();
}

QCPGraph* LossPlot::graphOf(int block)
{
    auto& graph = m_graphs[block];
    if (!graph)
        graph = plot().addGraph();
    return graph;
}

void LossPlot::addPoints(const std::vector<core::LossPoint>& points)
{
    for (const auto& point : points) {
        if (!std::isfinite(point.loss) || point.loss <= 0.0)
            continue; // a logarithmic axis has no place for it
        graphOf(point.block)->addData(point.step, point.loss);
        m_points.append(point);
        m_current = point.block;
    }
    if (points.empty())
        return;
    const auto& last = points.back();
    setDetail(tr("block %1, step %2 of %3, loss %4")
                  .arg(last.block)
                  .arg(last.step + 1)
                  .arg(last.steps)
                  .arg(QLocale().toString(last.loss, 'g', 3)));
    applyColors();
    fitView();
    refresh();
}

QPointF LossPlot::samplePosition(int sample) const
{
    return {static_cast<double>(m_points[sample].step), m_points[sample].loss};
}

QString LossPlot::sampleText(int sample) const
{
    const auto& point = m_points[sample];
    return tr("block %1, step %2: %3").arg(point.block).arg(point.step).arg(QLocale().toString(point.loss, 'g', 4));
}

QString LossPlot::csvHeader() const
{
    return QStringLiteral("block,step,loss");
}

QString LossPlot::csvLine(int sample) const
{
    const auto& point = m_points[sample];
    return QStringLiteral("%1,%2,%3").arg(point.block).arg(point.step).arg(point.loss, 0, 'g', 9);
}

QString LossPlot::summary() const
{
    const auto& last = m_points.last();
    return tr("%n block(s), newest loss %1 in block %2", nullptr, blockCount())
        .arg(QLocale().toString(last.loss, 'g', 3))
        .arg(last.block);
}

void LossPlot::fitView()
{
    double low = 1e-3;
    double high = 1.0;
    int steps = 10;
    if (!m_points.isEmpty()) {
        const auto [least, most] = std::minmax_element(m_points.begin(), m_points.end(),
                                                       [](const auto& l, const auto& r) { return l.loss < r.loss; });
        low = least->loss;
        high = most->loss;
        for (const auto& point : m_points)
            steps = std::max(steps, point.steps);
    }
    plot().xAxis->setRange(0, std::max(1, steps - 1));
    plot().yAxis->setRange(low * 0.8, std::max(high * 1.25, low * 2.0));
    useLogarithmicTicks();
}

void LossPlot::applyColors()
{
    const int blocks = m_graphs.empty() ? 1 : m_graphs.rbegin()->first + 1;
    for (const auto& [block, graph] : m_graphs) {
        const double share = blocks > 1 ? static_cast<double>(block) / (blocks - 1) : 0.0;
        auto color = rampColor(share, isDark(palette()));
        if (block == m_current)
            color = colors().after;
        graph->setPen(QPen(color, 1));
        if (block == m_current)
            graph->setLayer(QStringLiteral("axes")); // above the finished ones
        else
            graph->setLayer(QStringLiteral("main"));
    }
}

} // namespace ui
