// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/plot_board.h"

#include "ui/model/peak_table_model.h"
#include "ui/plot/channel_plot.h"
#include "ui/plot/histogram_plot.h"
#include "ui/plot/map_plot.h"
#include "ui/plot/quantile_plot.h"
#include "ui/plot/ridge_plot.h"
#include "ui/view_parts.h"

#include <QAction>
#include <QGridLayout>
#include <QHeaderView>
#include <QTableView>
#include <QToolButton>

#include <algorithm>

namespace ui {

namespace {

constexpr int kCardWidth = 520;  // below, a row holds fewer
constexpr int kCardHeight = 190; // below, there is one row

} // namespace

PlotBoard::PlotBoard(QWidget* parent)
    : QWidget(parent)
{
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(8);
    buildParts();
    buildSwitches();
    m_buttons[static_cast<int>(Part::Histogram)]->setChecked(true);
    m_buttons[static_cast<int>(Part::Channels)]->setChecked(true);
}

void PlotBoard::buildParts()
{
    m_histogram = new HistogramPlot(this);
    m_histogram->setObjectName(QStringLiteral("histogram"));
    m_histogram->setToolTip(
        tr("Share of values per unit of the value. Y: logarithmic or linear, G: normal curve of the same mean and "
           "deviation, Home: whole range"));
    m_channels = new ChannelPlot(this);
    m_channels->setObjectName(QStringLiteral("channels"));
    m_channels->setToolTip(
        tr("max |value| of each input channel over all rows or tokens. Click or Ctrl and drag: select "
           "channels, Home: whole range"));
    m_quantiles = new QuantilePlot(this);
    m_quantiles->setObjectName(QStringLiteral("quantiles"));
    m_quantiles->setToolTip(
        tr("Quantiles against those of a normal distribution: off the line at the ends, the tails are "
           "heavy. T: middle only"));
    auto* mapCard = new QWidget(this);
    auto* row = new QHBoxLayout(mapCard);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    m_map = new MapPlot(mapCard);
    m_map->setObjectName(QStringLiteral("map"));
    m_map->setToolTip(
        tr("Largest magnitude of each cell; closer, the cells become finer. Click: select token and channel, "
           "Ctrl and drag: channels, Y: logarithmic colours, Home: the whole"));
    row->addWidget(m_map, 1);
    buildPeakTable(mapCard);
    row->addWidget(m_peakTable);
    m_ridge = new RidgePlot(this);
    m_ridge->setObjectName(QStringLiteral("ridge"));
    m_ridge->setToolTip(
        tr("The distributions of many layers, each in its own standard deviations. Click: select the layer"));
    m_histogram->setTitle(tr("Values"));
    m_channels->setTitle(tr("Channels"));
    m_quantiles->setTitle(tr("Quantiles"));
    m_map->setTitle(tr("Map"));
    m_ridge->setTitle(tr("All layers"));
    m_cards = {m_histogram, m_channels, m_quantiles, mapCard, m_ridge};
    for (int part = 0; part < kParts; ++part) {
        auto* plot = plots()[part];
        connect(plot, &PlotView::hovered, this, &PlotBoard::hovered);
        auto* alone = new QAction(tr("&Alone, or with the others"), plot);
        connect(alone, &QAction::triggered, this, [this, part] {
            m_alone = m_alone == part ? -1 : part;
            arrange();
        });
        plot->addMenuAction(alone);
    }
}

void PlotBoard::buildPeakTable(QWidget* parent)
{
    m_peaks = new PeakTableModel(this);
    m_peakTable = new QTableView(parent);
    m_peakTable->setObjectName(QStringLiteral("peakTable"));
    m_peakTable->setAccessibleName(tr("Largest values"));
    m_peakTable->setModel(m_peaks);
    m_peakTable->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_peakTable->setSelectionMode(QAbstractItemView::SingleSelection);
    m_peakTable->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_peakTable->setShowGrid(false);
    m_peakTable->setTabKeyNavigation(false);
    m_peakTable->verticalHeader()->setVisible(false);
    m_peakTable->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_peakTable->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    m_peakTable->horizontalHeader()->setHighlightSections(false);
    m_peakTable->horizontalHeader()->setStretchLastSection(true);
    constexpr int kWidths[] = {40, 44, 70, 62, 60};
    for (int column = 0; column < PeakTableModel::ColumnCount; ++column)
        m_peakTable->setColumnWidth(column, kWidths[column]);
    m_peakTable->setColumnHidden(PeakTableModel::Rank, true);
    m_peakTable->setFixedWidth(252);
}

void PlotBoard::buildSwitches()
{
    m_switches = new QWidget(this);
    auto* row = new QHBoxLayout(m_switches);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2);
    const std::pair<QString, QString> names[] = {
        {tr("Histogram"), tr("How the values are spread")},
        {tr("Channels"), tr("How large each input channel gets")},
        {tr("Q-Q"), tr("Quantiles against a normal distribution")},
        {tr("Map"), tr("Magnitude by token and channel, or output and input")},
        {tr("Layers"), tr("The distributions of many layers")},
    };
    for (int part = 0; part < kParts; ++part) {
        auto* button = segment(m_switches, names[part].first, names[part].second);
        button->setAccessibleName(tr("Show %1").arg(names[part].first));
        row->addWidget(button);
        m_buttons.append(button);
        m_cards[part]->hide();
        connect(button, &QToolButton::toggled, this, [this, part](bool on) {
            if (!on && m_alone == part)
                m_alone = -1;
            if (on && m_alone >= 0)
                m_alone = part;
            arrange();
            Q_EMIT shownChanged();
        });
    }
}

QVector<PlotView*> PlotBoard::plots() const
{
    return {m_histogram, m_channels, m_quantiles, m_map, m_ridge};
}

bool PlotBoard::isShown(Part part) const
{
    const int place = static_cast<int>(part);
    return m_buttons[place]->isChecked() && (m_alone < 0 || m_alone == place);
}

void PlotBoard::setShown(Part part, bool on)
{
    m_buttons[static_cast<int>(part)]->setChecked(on);
}

void PlotBoard::arrange()
{
    QVector<int> shown;
    for (int part = 0; part < kParts; ++part)
        if (isShown(static_cast<Part>(part)))
            shown.append(part);
    const int count = static_cast<int>(shown.size());
    const int rows = count > 1 && count * kCardWidth > width() * 13 / 10 && height() >= 2 * kCardHeight ? 2 : 1;
    const int columns = (count + rows - 1) / std::max(rows, 1);
    int key = columns;
    for (const int part : shown)
        key = key * 8 + part + 1;
    if (key == m_arranged)
        return;
    m_arranged = key;
    for (auto* card : m_cards) {
        m_grid->removeWidget(card);
        card->setVisible(shown.contains(m_cards.indexOf(card)));
    }
    for (int i = 0; i < kParts; ++i) {
        m_grid->setColumnStretch(i, i < columns ? 1 : 0);
        m_grid->setRowStretch(i, i < rows ? 1 : 0);
    }
    for (int i = 0; i < count; ++i) {
        const bool isLast = i + 1 == count;
        const int column = i % columns;
        m_grid->addWidget(m_cards[shown[i]], i / columns, column, 1, isLast ? columns - column : 1);
    }
}

void PlotBoard::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void PlotBoard::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    constexpr int kLargeWidth = 1500;
    if (!m_chosen && width() >= kLargeWidth && height() >= 2 * kCardHeight) {
        setShown(Part::Quantiles, true);
        setShown(Part::Map, true);
    }
    m_chosen = true;
    Q_EMIT shownChanged();
}

} // namespace ui
