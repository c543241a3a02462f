// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/search/search_options.h"
#include "ui/plot/plot_view.h"

class QCPGraph;

namespace ui {

/** The gates of one module over the steps of a search: a line a candidate, of the probability that it is chosen. */
class GatePlot : public PlotView
{
    Q_OBJECT

public:
    explicit GatePlot(QWidget* parent = nullptr);

    void show(const std::vector<core::Candidate>& candidates, const std::vector<core::GatePoint>& points);
    QString summary() const override;

protected:
    int sampleCount() const override { return static_cast<int>(m_points.size() * m_candidates.size()); }
    QPointF samplePosition(int sample) const override;
    QString sampleText(int sample) const override;
    QStringList csvColumns() const override;
    QStringList csvCells(int sample) const override;
    void fitView() override;
    void applyColors() override;
    bool measuresInBothDirections() const override { return true; }
    QVector<LegendEntry> legend() const override;

private:
    const core::GatePoint& pointAt(int sample) const;
    std::size_t candidateAt(int sample) const { return static_cast<std::size_t>(sample) % m_candidates.size(); }
    double probability(int sample) const;

    std::vector<core::Candidate> m_candidates;
    std::vector<core::GatePoint> m_points;
    QVector<QCPGraph*> m_graphs; // by candidate
};

/** "rotation", "rotation (Hadamard start) #2": a candidate for people. */
QString candidateName(const core::Candidate& candidate);

} // namespace ui
