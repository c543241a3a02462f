// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/stats/profile.h"
#include "ui/plot/plot_view.h"

#include <array>
#include <functional>
#include <memory>

class QCPGraph;
class QCPItemLine;
class QCPItemStraightLine;
class QCPItemText;

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
    /** What rounding to the grid costs where it ends at +-clip: dB of signal to noise. Without it there are no handles. */
    using ClipPreview = std::function<double(const core::Distribution& values, int bits, double clip)>;
    void setClipPreview(ClipPreview preview);
    void setClip(double clip);             // both handles; within the values
    double clip() const { return m_clip; } // the largest magnitude where nothing is clipped
    bool hasClip() const;
    QString clipText() const; // "clip at 0.8: 17.2 dB, 15.1 dB unclipped"
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
    void buildClip();
    void resetClip();
    void placeClip();
    bool isOnClip(const QPointF& pixel) const;
    const core::Distribution* clipped() const; // whose values the grid rounds; null: none
    double floorDensity() const;               // where an empty bin is drawn on the logarithmic axis

    QCPGraph* m_beforeGraph = nullptr;
    QCPGraph* m_afterGraph = nullptr;
    QCPGraph* m_normalGraph = nullptr;
    Series m_before;
    Series m_after;
    QString m_valueName;
    QVector<QCPItemLine*> m_gridLines;
    ClipPreview m_clipPreview;
    std::array<QCPItemStraightLine*, 2> m_clipLines{};
    QCPItemText* m_clipLabel = nullptr;
    double m_clip = 0.0;
    bool m_dragsClip = false;
    int m_gridBits = 16;
    bool m_logarithmic = true;
    bool m_normal = true;
};

} // namespace ui
