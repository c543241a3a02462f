// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plot/plot_view.h"

class QCPErrorBars;
class QCPGraph;

namespace ui {

struct PerplexityBar
{
    QString name;
    double value = 0.0;
    double stderror = 0.0;
    bool isReference = false; // full precision
};

/** Perplexity of each model as a dot with its 95 % interval (window.md P11): full precision against quantized. */
class PerplexityPlot : public PlotView
{
    Q_OBJECT

public:
    explicit PerplexityPlot(QWidget* parent = nullptr);

    void setBars(const QVector<PerplexityBar>& bars);
    QString summary() const override;

protected:
    int sampleCount() const override { return static_cast<int>(m_bars.size()); }
    QPointF samplePosition(int sample) const override;
    QString sampleText(int sample) const override;
    QString csvHeader() const override;
    QString csvLine(int sample) const override;
    void fitView() override;
    void applyColors() override;
    bool measuresInBothDirections() const override { return true; }
    QVector<LegendEntry> legend() const override;

private:
    QCPGraph* m_reference = nullptr;
    QCPGraph* m_quantized = nullptr;
    QCPErrorBars* m_referenceBars = nullptr;
    QCPErrorBars* m_quantizedBars = nullptr;
    QVector<PerplexityBar> m_bars;
};

} // namespace ui
