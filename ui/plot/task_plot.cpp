// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/task_plot.h"

#include "core/eval/wilson_interval.h"

#include <QLocale>
#include <qcustomplot.h>

#include <algorithm>

namespace ui {

namespace {

constexpr double kApart = 0.14; // of the two models' rows from the task's line
constexpr double kPercent = 100.0;

} // namespace

TaskPlot::TaskPlot(QWidget* parent)
    : IntervalPlot(tr("accuracy in % (higher is better), 95 % interval"), parent)
{
    setTitle(tr("Zero-shot accuracy"));
    setPinnable(false);
    applyColors();
    fitView();
}

void TaskPlot::setTasks(const QVector<TaskDots>& tasks)
{
    QStringList rows;
    QVector<Sample> samples;
    const auto add = [&](const std::optional<TaskDots::Dot>& dot, bool isReference, double row) {
        if (!dot)
            return;
        const auto [low, high] = core::wilsonInterval(dot->accuracy, dot->items);
        samples.append({rows.last(), dot->accuracy * kPercent, dot->stderror * kPercent, low * kPercent,
                        high * kPercent, isReference, row});
    };
    for (const auto& task : tasks) {
        const auto row = static_cast<double>(rows.size());
        rows += task.task;
        add(task.reference, true, row - kApart);
        add(task.quantized, false, row + kApart);
    }
    m_rows = static_cast<int>(rows.size());
    setSamples(rows, samples);
}

QString TaskPlot::sampleText(int index) const
{
    const auto& shown = sample(index);
    return tr("%1, %2: %3 % (%4 to %5)")
        .arg(shown.name, shown.isReference ? tr("full precision") : tr("quantized"),
             QLocale().toString(shown.value, 'f', 1), QLocale().toString(shown.low, 'f', 1),
             QLocale().toString(shown.high, 'f', 1));
}

QStringList TaskPlot::csvColumns() const
{
    return {QStringLiteral("task"), QStringLiteral("model"), QStringLiteral("accuracy"), QStringLiteral("stderr")};
}

QStringList TaskPlot::csvCells(int index) const
{
    const auto& shown = sample(index);
    return {shown.name, shown.isReference ? QStringLiteral("full precision") : QStringLiteral("quantized"),
            csvNumber(shown.value / kPercent), csvNumber(shown.stderror / kPercent)};
}

void TaskPlot::fitView()
{
    const auto [low, high] = extent({0.0, kPercent});
    const double margin = std::max((high - low) * 0.08, 1.0);
    plot().xAxis->setRange(std::max(-2.0, low - margin), std::min(102.0, high + margin));
    plot().yAxis->setRange(-0.6, std::max<double>(3.0, m_rows) - 0.4);
}

} // namespace ui
