// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calibrate/calibration_options.h"
#include "ui/plot/plot_view.h"

#include <map>
#include <optional>

class QCPGraph;
class QCPItemText;

namespace ui {

/** The training loss as it falls: one line a block over its steps with the block's number at its end, the newest strong,
    finished ones in the colour of their depth. A second run is drawn dashed over it. */
class LossPlot : public PlotView
{
    Q_OBJECT

public:
    explicit LossPlot(QWidget* parent = nullptr);

    void clear();
    void addPoints(const std::vector<core::LossPoint>& points);
    /** Both runs get one colour each and their names; without points there is one run again. */
    void compareWith(const QString& name, const QString& otherName, const std::vector<core::LossPoint>& other);
    void setBlock(std::optional<int> block); // the others step back
    int blockCount() const { return static_cast<int>(m_graphs.size()); }
    int pointCount() const { return static_cast<int>(m_points.size()); }
    QString summary() const override;

protected:
    int sampleCount() const override { return static_cast<int>(m_points.size() + m_others.size()); }
    QPointF samplePosition(int sample) const override;
    QString sampleText(int sample) const override;
    QStringList csvColumns() const override;
    QStringList csvCells(int sample) const override;
    void fitView() override;
    void resizeEvent(QResizeEvent* event) override;
    void applyColors() override;
    bool measuresInBothDirections() const override { return true; }
    QVector<LegendEntry> legend() const override;

private:
    QCPGraph* graphOf(std::map<int, QCPGraph*>& graphs, int block);
    const core::LossPoint& pointAt(int sample) const;
    void placeLabels();
    void colorRun(const std::map<int, QCPGraph*>& graphs, bool isOther);

    std::map<int, QCPGraph*> m_graphs;
    std::map<int, QCPItemText*> m_labels; // where there is room
    std::map<int, QCPGraph*> m_otherGraphs;
    QVector<core::LossPoint> m_points;
    QVector<core::LossPoint> m_others;
    QString m_name;
    QString m_otherName;
    std::optional<int> m_block;
    int m_current = -1;
};

} // namespace ui
