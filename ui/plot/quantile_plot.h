// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/inspection.h"
#include "ui/plot/plot_view.h"

#include <memory>

class QCPGraph;

namespace ui {

/** Quantiles of values against a normal distribution's, both in standard deviations: on the line they are
    normal, beyond it at the ends they have tails that cost bits. T looks at the middle or at all. */
class QuantilePlot : public PlotView
{
    Q_OBJECT

public:
    explicit QuantilePlot(QWidget* parent = nullptr);

    using Pointer = std::shared_ptr<const core::QuantilePlot>;
    /** Either may be null; `after` is drawn over `before`. */
    void setQuantiles(Pointer before, Pointer after, const QString& valueName);
    bool showsMiddle() const;
    QString summary() const override;

protected:
    int sampleCount() const override;
    QPointF samplePosition(int sample) const override;
    QString sampleText(int sample) const override;
    QStringList csvColumns() const override;
    QStringList csvCells(int sample) const override;
    void fitView() override;
    void applyColors() override;
    bool measuresInBothDirections() const override { return true; }
    QVector<LegendEntry> legend() const override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void draw(QCPGraph* graph, const Pointer& quantiles);
    const Pointer& leading() const { return m_before ? m_before : m_after; }

    QAction* m_middleAction = nullptr;
    QCPGraph* m_beforeGraph;
    QCPGraph* m_afterGraph;
    QCPGraph* m_lineGraph;
    Pointer m_before;
    Pointer m_after;
    QString m_valueName;
};

} // namespace ui
