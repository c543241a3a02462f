// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plot/plot_view.h"

#include <array>
#include <optional>

class QCPErrorBars;
class QCPGraph;

namespace ui {

/** One task's accuracy of the full-precision and of the quantized model, where they were measured. */
struct TaskDots
{
    struct Dot
    {
        double accuracy = 0.0; // share in [0, 1]
        double stderror = 0.0;
    };

    QString task;
    std::optional<Dot> reference;
    std::optional<Dot> quantized;
};

/** Accuracies as dots with their 95 % intervals, a row a task: full precision above, quantized below. */
class TaskPlot : public PlotView
{
    Q_OBJECT

public:
    explicit TaskPlot(QWidget* parent = nullptr);

    void setTasks(const QVector<TaskDots>& tasks);
    QString summary() const override;

protected:
    int sampleCount() const override { return static_cast<int>(m_samples.size()); }
    QPointF samplePosition(int sample) const override;
    QString sampleText(int sample) const override;
    QString csvHeader() const override;
    QString csvLine(int sample) const override;
    void fitView() override;
    void applyColors() override;
    bool measuresInBothDirections() const override { return true; }
    QVector<LegendEntry> legend() const override;

private:
    struct Sample
    {
        QString task;
        TaskDots::Dot dot;
        bool isReference = false;
        double row = 0.0;
    };

    std::array<QCPGraph*, 2> m_dots{};
    std::array<QCPErrorBars*, 2> m_bars{};
    QVector<Sample> m_samples;
    int m_rows = 0;
};

} // namespace ui
