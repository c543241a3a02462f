// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/stats/profile.h"
#include "ui/plot/plot_view.h"

#include <memory>

class QCPGraph;
class QCPItemText;

namespace ui {

/** The largest magnitude in each input channel, by index or by size, with the same after a transform over
    it. Channels that stand out are what makes quantization hard. */
class ChannelPlot : public PlotView
{
    Q_OBJECT

public:
    explicit ChannelPlot(QWidget* parent = nullptr);

    using DistributionPointer = std::shared_ptr<const core::Distribution>;
    void setDistributions(DistributionPointer before, DistributionPointer after, const QString& valueName);
    void setSelected(const QVector<int>& channels);

    /** Which of the two is drawn; the axes fit both. */
    void setShown(bool before, bool after);
    QString summary() const override;

public Q_SLOTS:
    void setSorted(bool on);

Q_SIGNALS:
    void channelClicked(int channel);
    void channelsBrushed(const QVector<int>& channels);

protected:
    int sampleCount() const override;
    QPointF samplePosition(int sample) const override;
    QString sampleText(int sample) const override;
    QStringList csvColumns() const override;
    QStringList csvCells(int sample) const override;
    void fitView() override;
    void applyColors() override;
    QVector<LegendEntry> legend() const override;
    bool acceptsBrush() const override { return true; }
    void brushed(const QRectF& area) override;

private:
    struct Series
    {
        QVector<int> channels; // in the order drawn
        QVector<double> values;
    };

    void rebuild();
    void markSelection();
    void labelOutliers();
    Series toSeries(const DistributionPointer& distribution) const;
    const Series& leading() const { return m_before.values.isEmpty() ? m_after : m_before; }

    QCPGraph* m_beforeGraph = nullptr;
    QCPGraph* m_afterGraph = nullptr;
    DistributionPointer m_beforeSource;
    DistributionPointer m_afterSource;
    Series m_before;
    Series m_after;
    QCPGraph* m_selectedGraph = nullptr;
    QVector<QCPItemText*> m_labels; // of channels that stand out
    QVector<int> m_selected;
    QString m_valueName;
    bool m_sorted = false;
};

} // namespace ui
