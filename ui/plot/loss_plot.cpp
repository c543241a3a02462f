// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/loss_plot.h"

#include <QLocale>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr double kLabelRoom = 0.04; // of the steps, behind the last

} // namespace

LossPlot::LossPlot(QWidget* parent)
    : PlotView(parent)
{
    setAxisLabels(tr("step"), tr("error of the block output (MSE)"));
    setPinnable(false);
    plot().yAxis->setScaleType(QCPAxis::stLogarithmic);
    fitView();
}

void LossPlot::clear()
{
    m_graphs.clear();
    m_otherGraphs.clear();
    m_points.clear();
    m_others.clear();
    m_current = -1;
    plot().clearGraphs();
    placeLabels();
    setDetail({});
    resetView();
    refresh();
}

QCPGraph* LossPlot::graphOf(std::map<int, QCPGraph*>& graphs, int block)
{
    auto& graph = graphs[block];
    if (!graph)
        graph = plot().addGraph();
    return graph;
}

void LossPlot::addPoints(const std::vector<core::LossPoint>& points)
{
    for (const auto& point : points) {
        if (!std::isfinite(point.loss) || point.loss <= 0.0)
            continue; // a logarithmic axis has no place for it
        auto* graph = graphOf(m_graphs, point.block);
        if (point.step == 0 && !graph->data()->isEmpty()) { // the block is trained anew
            graph->data()->clear();
            m_points.removeIf([&](const auto& old) { return old.block == point.block; });
        }
        graph->addData(point.step, point.loss);
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

void LossPlot::compareWith(const QString& name, const QString& otherName, const std::vector<core::LossPoint>& other)
{
    for (const auto& [block, graph] : m_otherGraphs)
        plot().removeGraph(graph);
    m_otherGraphs.clear();
    m_others.clear();
    m_name = name;
    m_otherName = otherName;
    for (const auto& point : other) {
        if (!std::isfinite(point.loss) || point.loss <= 0.0)
            continue;
        graphOf(m_otherGraphs, point.block)->addData(point.step, point.loss);
        m_others.append(point);
    }
    applyColors();
    fitView();
    refresh();
}

void LossPlot::setBlock(std::optional<int> block)
{
    if (block == m_block)
        return;
    m_block = block;
    applyColors();
    refresh();
}

const core::LossPoint& LossPlot::pointAt(int sample) const
{
    return sample < m_points.size() ? m_points[sample] : m_others[sample - m_points.size()];
}

QPointF LossPlot::samplePosition(int sample) const
{
    return {static_cast<double>(pointAt(sample).step), pointAt(sample).loss};
}

QString LossPlot::sampleText(int sample) const
{
    const auto& point = pointAt(sample);
    const auto text =
        tr("block %1, step %2: %3").arg(point.block).arg(point.step).arg(QLocale().toString(point.loss, 'g', 4));
    if (m_others.isEmpty())
        return text;
    return tr("%1, %2").arg(sample < m_points.size() ? m_name : m_otherName, text);
}

QStringList LossPlot::csvColumns() const
{
    QStringList columns{QStringLiteral("block"), QStringLiteral("step"), QStringLiteral("loss")};
    if (!m_others.isEmpty())
        columns << QStringLiteral("run");
    return columns;
}

QStringList LossPlot::csvCells(int sample) const
{
    const auto& point = pointAt(sample);
    QStringList cells{QString::number(point.block), QString::number(point.step), csvNumber(point.loss)};
    if (!m_others.isEmpty())
        cells << (sample < m_points.size() ? m_name : m_otherName);
    return cells;
}

QString LossPlot::summary() const
{
    if (m_points.isEmpty())
        return {};
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
    const auto all = m_points + m_others;
    if (!all.isEmpty()) {
        const auto [least, most] =
            std::minmax_element(all.begin(), all.end(), [](const auto& l, const auto& r) { return l.loss < r.loss; });
        low = least->loss;
        high = most->loss;
        for (const auto& point : all)
            steps = std::max(steps, point.steps);
    }
    plot().xAxis->setRange(0, std::max(1, steps - 1) * (1.0 + kLabelRoom));
    plot().yAxis->setRange(low * 0.8, std::max(high * 1.25, low * 2.0));
    useLogarithmicTicks();
    placeLabels();
}

void LossPlot::resizeEvent(QResizeEvent* event)
{
    PlotView::resizeEvent(event);
    placeLabels();
}

/** The number of a block stands behind the end of its line unless that of another, the newest first, is in the way. */
void LossPlot::placeLabels()
{
    for (const auto& [block, label] : m_labels)
        plot().removeItem(label);
    m_labels.clear();
    const auto& range = plot().yAxis->range();
    const double room = QFontMetricsF(font()).height() / std::max(1, plot().axisRect()->height());
    const auto heightOf = [&](double loss) {
        return std::log(loss / range.lower) / std::log(range.upper / range.lower);
    };
    std::vector<std::pair<int, QCPGraph*>> lines(m_graphs.begin(), m_graphs.end());
    std::stable_partition(lines.begin(), lines.end(), [&](const auto& line) { return line.first == m_current; });
    std::vector<double> taken;
    for (const auto& [block, graph] : lines) {
        const auto end = graph->data()->constEnd() - 1;
        const double height = heightOf(end->value);
        if (std::any_of(taken.begin(), taken.end(), [&](double other) { return std::abs(other - height) < room; }))
            continue;
        taken.push_back(height);
        auto* label = new QCPItemText(&plot());
        label->setText(QString::number(block));
        label->setPositionAlignment(Qt::AlignLeft | Qt::AlignVCenter);
        label->setPadding(QMargins(4, 0, 0, 0));
        label->position->setCoords(end->key, end->value);
        label->setColor(colors().text);
        m_labels[block] = label;
    }
}

void LossPlot::applyColors()
{
    colorRun(m_graphs, false);
    colorRun(m_otherGraphs, true);
    for (const auto& [block, label] : m_labels)
        label->setColor(colors().text);
}

void LossPlot::colorRun(const std::map<int, QCPGraph*>& graphs, bool isOther)
{
    const int blocks = graphs.empty() ? 1 : graphs.rbegin()->first + 1;
    for (const auto& [block, graph] : graphs) {
        const double share = blocks > 1 ? static_cast<double>(block) / (blocks - 1) : 0.0;
        auto color = rampColor(share, isDark(palette()));
        if (!m_others.isEmpty())
            color = isOther ? colors().before : colors().after;
        const bool isStrong = m_block ? block == *m_block : !isOther && block == m_current;
        if (isStrong && m_others.isEmpty())
            color = colors().after;
        if (m_block && !isStrong)
            color.setAlpha(50);
        graph->setPen(QPen(color, 1, isOther ? Qt::DashLine : Qt::SolidLine));
        graph->setLayer(isStrong ? QStringLiteral("axes") : QStringLiteral("main")); // above the others
    }
}

QVector<PlotView::LegendEntry> LossPlot::legend() const
{
    if (m_others.isEmpty())
        return {};
    return {{QStringLiteral("\u2014"), m_name, colors().after}, {QStringLiteral("- -"), m_otherName, colors().before}};
}

} // namespace ui
