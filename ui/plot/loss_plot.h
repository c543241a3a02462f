// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calibrate/calibration_options.h"
#include "ui/plot/plot_view.h"

#include <map>

class QCPGraph;

namespace ui {

/** The training loss as it falls: one line a block over its steps, the newest strong, finished ones in the colour of their
    depth. */
class LossPlot : public PlotView
{
    Q_OBJECT

public:
    explicit LossPlot(QWidget* parent = nullptr);

    void clear();
    void addPoints(const std::vector<core::LossPoint>& points);
    int blockCount() const { return static_cast<int>(m_graphs.size()); }
    int pointCount() const { return static_cast<int>(m_points.size()); }
    QString summary() const override;

protected:
    int sampleCount() const override { return static_cast<int>(m_points.size()); }
    QPointF samplePosition(int sample) const override;
    QString sampleText(int sample) const override;
    QString csvHeader() const override;
    QString csvLine(int sample) const override;
    void fitView() override;
    void applyColors() override;
    bool measuresInBothDirections() const override { return true; }

private:
    QCPGraph* graphOf(int block);

    std::map<int, QCPGraph*> m_graphs;
    QVector<core::LossPoint> m_points;
    int m_current = -1;
};

} // namespace ui
