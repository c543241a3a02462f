// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plot/plot_view.h"

#include <array>

class QCPErrorBars;
class QCPGraph;

namespace ui {

/** Figures of the full-precision and of the quantized model as dots with their 95 % intervals, values along x and names along y. */
class IntervalPlot : public PlotView
{
    Q_OBJECT

public:
    QString summary() const override;

protected:
    struct Sample
    {
        QString name;
        double value = 0.0;
        double stderror = 0.0;
        double low = 0.0; // ends of the 95 % interval
        double high = 0.0;
        bool isReference = false; // full precision
        double row = 0.0;
    };

    static constexpr double kNormal95 = 1.96; // half width of a 95 % interval in standard errors

    IntervalPlot(const QString& valueAxis, QWidget* parent);

    void setSamples(const QStringList& rows, const QVector<Sample>& samples);
    const Sample& sample(int index) const { return m_samples[index]; }

    /** Smallest and largest end of an interval; `empty` without samples. */
    std::pair<double, double> extent(std::pair<double, double> empty) const;

    int sampleCount() const override { return static_cast<int>(m_samples.size()); }
    QPointF samplePosition(int index) const override;
    void applyColors() override;
    bool measuresInBothDirections() const override { return true; }
    QVector<LegendEntry> legend() const override;

private:
    std::array<QCPGraph*, 2> m_dots{}; // full precision, quantized
    std::array<QCPErrorBars*, 2> m_bars{};
    QVector<Sample> m_samples;
};

} // namespace ui
