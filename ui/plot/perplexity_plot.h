// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plot/interval_plot.h"

namespace ui {

struct PerplexityBar
{
    QString name;
    double value = 0.0;
    double stderror = 0.0;
    bool isReference = false; // full precision
};

/** Perplexity of each model, a row each: full precision against quantized. */
class PerplexityPlot : public IntervalPlot
{
    Q_OBJECT

public:
    explicit PerplexityPlot(QWidget* parent = nullptr);

    void setBars(const QVector<PerplexityBar>& bars);

protected:
    QString sampleText(int index) const override;
    QStringList csvColumns() const override;
    QStringList csvCells(int index) const override;
    void fitView() override;
};

} // namespace ui
