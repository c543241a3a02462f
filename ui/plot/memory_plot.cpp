// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/memory_plot.h"

#include <QLocale>
#include <qcustomplot.h>

#include <algorithm>

namespace ui {

namespace {

constexpr double kMebibyte = 1024.0 * 1024.0;

} // namespace

MemoryPlot::MemoryPlot(QWidget* parent)
    : PlotView(parent)
{
    setAxisLabels(tr("seconds of training"), tr("memory (MiB)"));
    setPinnable(false);
    m_graph = plot().addGraph();
    m_graph->setLineStyle(QCPGraph::lsStepLeft);
    applyColors();
    fitView();
}

void MemoryPlot::clear()
{
    for (auto* border : m_borders)
        plot().removeItem(border);
    m_borders.clear();
    m_samples.clear();
    m_graph->data()->clear();
    m_begin = 0.0;
    resetView();
    refresh();
}

void MemoryPlot::beginBlock()
{
    m_begin = m_samples.isEmpty() ? 0.0 : m_samples.last().seconds;
    auto* border = new QCPItemStraightLine(&plot());
    border->setLayer(QStringLiteral("grid"));
    border->point1->setCoords(m_begin, 0.0);
    border->point2->setCoords(m_begin, 1.0);
    m_borders.append(border);
}

void MemoryPlot::addPoints(const std::vector<core::LossPoint>& points)
{
    const auto before = sampleCount();
    for (const auto& point : points) {
        if (point.memoryBytes == 0)
            continue;
        const bool isNext =
            m_samples.isEmpty() || point.block != m_samples.last().block || point.step <= m_samples.last().step;
        if (isNext)
            beginBlock();
        m_samples.append({m_begin + point.seconds, point.memoryBytes, point.block, point.step});
        m_graph->addData(m_samples.last().seconds, static_cast<double>(point.memoryBytes) / kMebibyte);
    }
    if (sampleCount() == before)
        return;
    applyColors();
    fitView();
    refresh();
}

QPointF MemoryPlot::samplePosition(int sample) const
{
    return {m_samples[sample].seconds, static_cast<double>(m_samples[sample].bytes) / kMebibyte};
}

QString MemoryPlot::sampleText(int sample) const
{
    const auto& at = m_samples[sample];
    return tr("block %1, step %2, after %3 s: %4")
        .arg(at.block)
        .arg(at.step)
        .arg(QLocale().toString(at.seconds, 'f', 1), QLocale().formattedDataSize(static_cast<qint64>(at.bytes), 1));
}

QStringList MemoryPlot::csvColumns() const
{
    return {QStringLiteral("seconds"), QStringLiteral("bytes"), QStringLiteral("block"), QStringLiteral("step")};
}

QStringList MemoryPlot::csvCells(int sample) const
{
    const auto& at = m_samples[sample];
    return {csvNumber(at.seconds), QString::number(at.bytes), QString::number(at.block), QString::number(at.step)};
}

QString MemoryPlot::summary() const
{
    const auto most = std::max_element(m_samples.begin(), m_samples.end(),
                                       [](const auto& left, const auto& right) { return left.bytes < right.bytes; });
    return tr("%n block(s), the most in ", nullptr, blockCount())
        + sampleText(static_cast<int>(most - m_samples.begin()));
}

void MemoryPlot::fitView()
{
    double most = 0.0;
    double end = 1.0;
    for (const auto& at : std::as_const(m_samples)) {
        most = std::max(most, static_cast<double>(at.bytes) / kMebibyte);
        end = std::max(end, at.seconds);
    }
    plot().xAxis->setRange(0.0, end);
    plot().yAxis->setRange(0.0, most > 0.0 ? most * 1.15 : 1000.0);
}

void MemoryPlot::applyColors()
{
    m_graph->setPen(QPen(colors().after, 1));
    for (auto* border : m_borders)
        border->setPen(QPen(colors().border, 1, Qt::DashLine));
}

QVector<PlotView::LegendEntry> MemoryPlot::legend() const
{
    if (blockCount() < 2)
        return {};
    return {{QStringLiteral("\u250a"), tr("a block begins"), colors().muted}};
}

} // namespace ui
