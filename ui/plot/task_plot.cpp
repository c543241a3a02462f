// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/task_plot.h"

#include <QLocale>
#include <qcustomplot.h>

#include <algorithm>

namespace ui {

namespace {

constexpr double kNormal95 = 1.96; // half width of a 95 % interval in standard errors
constexpr double kApart = 0.14;    // of the two models' rows from the task's line
constexpr double kPercent = 100.0;

} // namespace

TaskPlot::TaskPlot(QWidget* parent)
    : PlotView(parent)
{
    setTitle(tr("Zero-shot accuracy"));
    setAxisLabels(tr("accuracy in % (higher is better), 95 % interval"), QString());
    for (std::size_t i = 0; i < m_dots.size(); ++i) {
        // Values run along x and names along y: the graph's key axis is the plot's y axis.
        m_dots[i] = plot().addGraph(plot().yAxis, plot().xAxis);
        m_dots[i]->setLineStyle(QCPGraph::lsNone);
        m_bars[i] = new QCPErrorBars(plot().yAxis, plot().xAxis);
        m_bars[i]->setDataPlottable(m_dots[i]);
        m_bars[i]->setErrorType(QCPErrorBars::etValueError);
    }
    plot().yAxis->setTicker(QSharedPointer<QCPAxisTickerText>::create());
    plot().yAxis->setRangeReversed(true);
    applyColors();
    fitView();
}

void TaskPlot::setTasks(const QVector<TaskDots>& tasks)
{
    m_rows = static_cast<int>(tasks.size());
    m_samples.clear();
    const auto ticker = qSharedPointerDynamicCast<QCPAxisTickerText>(plot().yAxis->ticker());
    ticker->clear();
    for (std::size_t i = 0; i < m_dots.size(); ++i) {
        m_dots[i]->data()->clear();
        m_bars[i]->data()->clear();
    }
    for (int row = 0; row < m_rows; ++row) {
        ticker->addTick(row, tasks[row].task);
        if (const auto& dot = tasks[row].reference)
            m_samples.append({tasks[row].task, *dot, true, row - kApart});
        if (const auto& dot = tasks[row].quantized)
            m_samples.append({tasks[row].task, *dot, false, row + kApart});
    }
    for (const auto& sample : std::as_const(m_samples)) {
        const std::size_t series = sample.isReference ? 0 : 1;
        m_dots[series]->addData(sample.row, sample.dot.accuracy * kPercent);
        m_bars[series]->addData(sample.dot.stderror * kNormal95 * kPercent);
    }
    fitView();
    refresh();
}

QPointF TaskPlot::samplePosition(int sample) const
{
    return {m_samples[sample].dot.accuracy * kPercent, m_samples[sample].row};
}

QString TaskPlot::sampleText(int sample) const
{
    const auto& shown = m_samples[sample];
    return tr("%1, %2: %3 % \u00b1 %4")
        .arg(shown.task, shown.isReference ? tr("full precision") : tr("quantized"),
             QLocale().toString(shown.dot.accuracy * kPercent, 'f', 1),
             QLocale().toString(shown.dot.stderror * kNormal95 * kPercent, 'f', 1));
}

QString TaskPlot::csvHeader() const
{
    return QStringLiteral("task,model,accuracy,stderr");
}

QString TaskPlot::csvLine(int sample) const
{
    const auto& shown = m_samples[sample];
    return QStringLiteral("%1,%2,%3,%4")
        .arg(shown.task, shown.isReference ? QStringLiteral("full precision") : QStringLiteral("quantized"))
        .arg(shown.dot.accuracy, 0, 'g', 9)
        .arg(shown.dot.stderror, 0, 'g', 9);
}

QString TaskPlot::summary() const
{
    QStringList parts;
    for (int i = 0; i < sampleCount(); ++i)
        parts += sampleText(i);
    return parts.join(QStringLiteral("; "));
}

void TaskPlot::fitView()
{
    double low = kPercent;
    double high = 0.0;
    for (const auto& sample : std::as_const(m_samples)) {
        const double half = sample.dot.stderror * kNormal95 * kPercent;
        low = std::min(low, sample.dot.accuracy * kPercent - half);
        high = std::max(high, sample.dot.accuracy * kPercent + half);
    }
    if (m_samples.isEmpty())
        std::swap(low, high);
    const double margin = std::max((high - low) * 0.08, 1.0);
    plot().xAxis->setRange(std::max(-2.0, low - margin), std::min(102.0, high + margin));
    plot().yAxis->setRange(-0.6, std::max(3.0, static_cast<double>(m_rows)) - 0.4);
}

void TaskPlot::applyColors()
{
    using Style = QCPScatterStyle;
    m_dots[0]->setScatterStyle(Style(Style::ssSquare, QPen(colors().before, 1), QBrush(colors().before), 7));
    m_dots[1]->setScatterStyle(Style(Style::ssDisc, QPen(colors().after, 1), QBrush(colors().after), 8));
    m_bars[0]->setPen(QPen(colors().before, 1));
    m_bars[1]->setPen(QPen(colors().after, 1));
    plot().yAxis->setTickLabelColor(colors().text);
}

QVector<PlotView::LegendEntry> TaskPlot::legend() const
{
    if (m_samples.isEmpty())
        return {};
    return {{QStringLiteral("\u25a0"), tr("full precision"), colors().before},
            {QStringLiteral("\u25cf"), tr("quantized"), colors().after}};
}

} // namespace ui
