// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/distribution_panel.h"

#include "ui/plot/channel_plot.h"
#include "ui/plot/histogram_plot.h"

#include <QHBoxLayout>

namespace ui {

DistributionPanel::DistributionPanel(QWidget* parent)
    : QWidget(parent)
    , m_histogram(new HistogramPlot(this))
    , m_channels(new ChannelPlot(this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_histogram, 1);
    row->addWidget(m_channels, 1);
    m_histogram->setToolTip(
        tr("Share of values per unit of the value. Y: logarithmic or linear, G: normal curve of the same "
           "mean and deviation, Home: whole range"));
    m_channels->setToolTip(tr("max |value| of each input channel over all rows or tokens. Home: whole range"));
    connect(m_histogram, &PlotView::hovered, this, &DistributionPanel::hovered);
    connect(m_channels, &PlotView::hovered, this, &DistributionPanel::hovered);
}

void DistributionPanel::show(const QString& name, const QString& valueName, DistributionPointer before,
                             DistributionPointer after)
{
    if (!m_histogram->isPinned()) {
        m_histogram->setTitle(tr("%1 \u2013 values").arg(name));
        m_histogram->setDistributions(before, after, valueName);
    }
    if (!m_channels->isPinned()) {
        m_channels->setTitle(tr("%1 \u2013 channels").arg(name));
        m_channels->setDistributions(std::move(before), std::move(after), valueName);
    }
}

void DistributionPanel::setPlaceholder(const QString& text)
{
    m_histogram->setPlaceholder(text);
    m_channels->setPlaceholder(text);
}

} // namespace ui
