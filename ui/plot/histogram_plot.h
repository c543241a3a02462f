// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/stats/profile.h"
#include "ui/plot/plot_view.h"

#include <memory>

class QCPGraph;
class QCPItemLine;

namespace ui {

/** How the values of one tensor are spread: density by bin, logarithmic unless asked otherwise, with the
    normal curve of the same mean and deviation, and a second distribution over the first to compare. */
class HistogramPlot : public PlotView
{
    Q_OBJECT

public:
    explicit HistogramPlot(QWidget* parent = nullptr);

    using DistributionPointer = std::shared_ptr<const core::Distribution>;
    /** Either may be null. `valueName` is the x axis: "weight", "activation". */
    void setDistributions(DistributionPointer before, DistributionPointer after, const QString& valueName);

    /** Marks the integer grid of `bits` whose largest level is the largest magnitude: where a row with that value would be
        rounded to. 16: none. */
    void setGridBits(int bits);
    int gridLines() const { return static_cast<int>(m_gridLines.size()); }
    bool isLogarithmic() const { return m_logarithmic; }
    bool showsNormal() const { return m_normal; }
    /** Which of the two is drawn; the axes fit both. */
    void setShown(bool before, bool after);
    QString summary() const override;

public Q_SLOTS:
    void setLogarithmic(bool on);
    void setShowsNormal(bool on);

protected:
    int sampleCount() const override;
    QPointF samplePosition(int sample) const override;
    QString sampleText(int sample) const override;
    QStringList csvColumns() const override;
    QStringList csvCells(int sample) const override;
    void fitView() override;
    void applyColors() override;
    QVector<LegendEntry> legend() const override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Series
    {
        DistributionPointer distribution;
        QVector<double> centers; // of the bins as drawn
        QVector<qulonglong> counts;
        QVector<double> densities; // share of all finite values, per unit of the value
    };

    bool showsBoth() const { return !m_before.centers.isEmpty() && !m_after.centers.isEmpty(); }
    static Series toSeries(const DistributionPointer& distribution);
    void draw(QCPGraph* graph, const Series& series);
    void drawNormal();
    void showOutside();
    void drawGrid();
    double floorDensity() const; // where an empty bin is drawn on the logarithmic axis

    QCPGraph* m_beforeGraph = nullptr;
    QCPGraph* m_afterGraph = nullptr;
    QCPGraph* m_normalGraph = nullptr;
    Series m_before;
    Series m_after;
    QString m_valueName;
    QVector<QCPItemLine*> m_gridLines;
    int m_gridBits = 16;
    bool m_logarithmic = true;
    bool m_normal = true;
};

} // namespace ui
