// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plot/interval_plot.h"

#include <optional>

namespace ui {

/** One task's accuracy of the full-precision and of the quantized model, where they were measured. */
struct TaskDots
{
    struct Dot
    {
        double accuracy = 0.0; // share in [0, 1]
        double stderror = 0.0;
        std::int64_t items = 0; // answered
    };

    QString task;
    std::optional<Dot> reference;
    std::optional<Dot> quantized;
};

/** Accuracies, a row a task: full precision above, quantized below. */
class TaskPlot : public IntervalPlot
{
    Q_OBJECT

public:
    explicit TaskPlot(QWidget* parent = nullptr);

    void setTasks(const QVector<TaskDots>& tasks);

protected:
    QString sampleText(int index) const override;
    QStringList csvColumns() const override;
    QStringList csvCells(int index) const override;
    void fitView() override;

private:
    int m_rows = 0;
};

} // namespace ui
