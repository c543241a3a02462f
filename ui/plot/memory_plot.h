// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calibrate/calibration_options.h"
#include "ui/plot/plot_view.h"

class QCPGraph;
class QCPItemStraightLine;

namespace ui {

/** What a calibration holds of the memory while it runs, as steps over the time spent training; a line where each block begins. */
class MemoryPlot : public PlotView
{
    Q_OBJECT

public:
    explicit MemoryPlot(QWidget* parent = nullptr);

    void clear();
    void addPoints(const std::vector<core::LossPoint>& points); // those without a figure are left out
    int blockCount() const { return static_cast<int>(m_borders.size()); }
    QString summary() const override;

protected:
    int sampleCount() const override { return static_cast<int>(m_samples.size()); }
    QPointF samplePosition(int sample) const override;
    QString sampleText(int sample) const override;
    QStringList csvColumns() const override;
    QStringList csvCells(int sample) const override;
    void fitView() override;
    void applyColors() override;
    QVector<LegendEntry> legend() const override;

private:
    struct Sample
    {
        double seconds = 0.0; // since the first block began
        std::uint64_t bytes = 0;
        int block = 0;
        int step = 0;
    };

    void beginBlock();

    QCPGraph* m_graph = nullptr;
    QVector<QCPItemStraightLine*> m_borders;
    QVector<Sample> m_samples;
    double m_begin = 0.0; // of the block
};

} // namespace ui
