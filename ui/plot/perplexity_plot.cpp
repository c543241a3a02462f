// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/perplexity_plot.h"

#include <QLocale>
#include <qcustomplot.h>

#include <algorithm>

namespace ui {

PerplexityPlot::PerplexityPlot(QWidget* parent)
    : IntervalPlot(tr("perplexity (lower is better), 95 % interval"), parent)
{
    setPinnable(false);
    applyColors();
    fitView();
}

void PerplexityPlot::setBars(const QVector<PerplexityBar>& bars)
{
    QStringList rows;
    QVector<Sample> samples;
    for (const auto& bar : bars) {
        const double half = bar.stderror * kNormal95;
        samples.append({bar.name, bar.value, bar.stderror, bar.value - half, bar.value + half, bar.isReference,
                        static_cast<double>(rows.size())});
        rows += bar.name;
    }
    setSamples(rows, samples);
}

QString PerplexityPlot::sampleText(int index) const
{
    const auto& bar = sample(index);
    return tr("%1: %2 \u00b1 %3")
        .arg(bar.name, QLocale().toString(bar.value, 'f', 3), QLocale().toString(bar.stderror * kNormal95, 'f', 3));
}

QStringList PerplexityPlot::csvColumns() const
{
    return {QStringLiteral("model"), QStringLiteral("perplexity"), QStringLiteral("stderr")};
}

QStringList PerplexityPlot::csvCells(int index) const
{
    const auto& bar = sample(index);
    return {bar.name, csvNumber(bar.value), csvNumber(bar.stderror)};
}

void PerplexityPlot::fitView()
{
    const auto [low, high] = extent({1.0, 10.0});
    const double margin = std::max((high - low) * 0.15, high * 0.005);
    plot().xAxis->setRange(low - margin, high + margin);
    plot().yAxis->setRange(-0.7, std::max<double>(3.0, sampleCount()) - 0.3);
}

} // namespace ui
