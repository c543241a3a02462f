// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/stats/profile.h"

#include <QWidget>

#include <memory>

namespace ui {

class ChannelPlot;
class HistogramPlot;

/** A tensor in two pictures side by side: how its values are spread, and how large each input channel gets. */
class DistributionPanel : public QWidget
{
    Q_OBJECT

public:
    explicit DistributionPanel(QWidget* parent = nullptr);

    using DistributionPointer = std::shared_ptr<const core::Distribution>;
    /** Either may be null. `name` heads the plots ("3.down, weights"), `valueName` is the axis. */
    void show(const QString& name, const QString& valueName, DistributionPointer before, DistributionPointer after);
    void setPlaceholder(const QString& text);
    HistogramPlot& histogram() { return *m_histogram; }
    ChannelPlot& channels() { return *m_channels; }

Q_SIGNALS:
    void hovered(const QString& text);

private:
    HistogramPlot* m_histogram;
    ChannelPlot* m_channels;
};

} // namespace ui
