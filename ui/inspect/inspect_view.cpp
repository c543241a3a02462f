// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/inspect_view.h"

#include "ui/convert.h"
#include "ui/flow_row.h"
#include "ui/format.h"
#include "ui/inspect/filter_edit.h"
#include "ui/inspect/layer_browser.h"
#include "ui/model/inspections.h"
#include "ui/model/kind_table.h"
#include "ui/model/peak_table_model.h"
#include "ui/plot/channel_plot.h"
#include "ui/plot/histogram_plot.h"
#include "ui/plot/map_plot.h"
#include "ui/plot/quantile_plot.h"
#include "ui/plot/ridge_plot.h"
#include "ui/studio.h"
#include "ui/view_parts.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui {

InspectView::InspectView(Studio& studio, Comparisons& comparisons, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_comparisons(comparisons)
    , m_inspections(new Inspections(studio, this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 10, 12, 10);
    column->setSpacing(8);
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(8);
    m_browser = new LayerBrowser(studio.document(), splitter);
    splitter->addWidget(m_browser);
    auto* lower = new QWidget(splitter);
    auto* plots = new QVBoxLayout(lower);
    plots->setContentsMargins(0, 0, 0, 0);
    plots->setSpacing(6);
    m_board = new PlotBoard(lower);
    buildBar(lower);
    plots->addWidget(m_board, 1);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    splitter->setSizes({300, 360});
    column->addWidget(splitter, 1);
    setFocusProxy(m_browser);
    connect(m_browser, &LayerBrowser::comparisonToggled, m_compare, &QCheckBox::toggle);
    connect(m_browser, &LayerBrowser::hovered, this, &InspectView::hovered);
    connectBar();
    connectBoard();
    connectDocument();
    showPlots();
}

void InspectView::buildBar(QWidget* parent)
{
    auto* row = new FlowRow;
    auto* sources = new QWidget(parent);
    auto* sourceRow = new QHBoxLayout(sources);
    sourceRow->setContentsMargins(0, 0, 0, 0);
    sourceRow->setSpacing(4);
    m_weights = segment(sources, tr("Weights"), tr("The matrix itself (W)"));
    m_inputs = segment(sources, tr("Input activations"), tr("What enters the matrix (X), over the tokens measured"));
    m_cache = segment(sources, tr("Cache"), tr("Of k: the keys after RoPE, of v: the values, as the cache keeps them"));
    m_weights->setChecked(true);
    auto* group = new QButtonGroup(this);
    for (auto* button : {m_weights, m_inputs, m_cache}) {
        group->addButton(button);
        sourceRow->addWidget(button);
    }
    m_compare = new QCheckBox(tr("Compare (B) with"), parent);
    m_compare->setObjectName(QStringLiteral("compare"));
    m_compare->setToolTip(tr("B over A: in every picture and in the table"));
    m_other = new QComboBox(parent);
    m_other->setObjectName(QStringLiteral("otherSide"));
    m_other->setAccessibleName(tr("What B is"));
    m_other->addItem(tr("behind the transform"));
    m_other->setItemData(0, tr("The values as the module's transform makes them"), Qt::ToolTipRole);
    m_other->addItem(tr("quantized model"));
    m_other->setItemData(1, tr("The calibrated model beside the original"), Qt::ToolTipRole);
    m_tokens = new QComboBox(parent);
    m_tokens->setObjectName(QStringLiteral("tokens"));
    m_tokens->setAccessibleName(tr("Tokens in the map and the quantiles"));
    m_tokens->setToolTip(tr("How much of the text the map and the quantiles look at. The map shows the largest of "
                            "neighbours; zooming in asks for each token"));
    for (const int count : {256, 1024, 4096})
        m_tokens->addItem(tr("%n token(s)", nullptr, count), count);
    m_sorted = segment(parent, tr("Largest first"), tr("Orders the channels by their largest magnitude"));
    m_compareState = new QLabel(parent);
    m_compareState->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_measure = new QPushButton(tr("Measure activations\u2026"), parent);
    m_measure->setToolTip(
        tr("Runs a text through the model and gathers the statistics of every site (seconds to minutes)"));
    row->addWidget(sources);
    row->addWidget(m_compare);
    row->addWidget(m_other);
    row->addWidget(m_compareState);
    row->addWidget(m_tokens);
    row->addWidget(m_sorted);
    row->addWidget(m_board->switches());
    row->addWidget(m_measure);
    static_cast<QVBoxLayout*>(parent->layout())->addLayout(row);
}

void InspectView::connectBar()
{
    connect(m_weights, &QToolButton::clicked, this, [this] { setSource(Source::Weights); });
    connect(m_inputs, &QToolButton::clicked, this, [this] { setSource(Source::Inputs); });
    connect(m_cache, &QToolButton::clicked, this, [this] { setSource(Source::Cache); });
    connect(m_compare, &QCheckBox::toggled, this, &InspectView::showPlots);
    connect(m_other, &QComboBox::currentIndexChanged, this, &InspectView::showPlots);
    connect(m_tokens, &QComboBox::currentIndexChanged, this, &InspectView::showPlots);
    connect(m_sorted, &QToolButton::toggled, &m_board->channels(), &ChannelPlot::setSorted);
    connect(m_measure, &QPushButton::clicked, this, &InspectView::activationsRequested);
}

void InspectView::connectBoard()
{
    auto& selection = m_studio.document().selection();
    connect(m_board, &PlotBoard::hovered, this, &InspectView::hovered);
    connect(m_board, &PlotBoard::shownChanged, this, &InspectView::showPlots);
    for (auto* plot : m_board->plots())
        connect(plot, &PlotView::pinnedChanged, this, &InspectView::showPlots);
    connect(&m_board->channels(), &ChannelPlot::channelClicked, this,
            [&selection](int channel) { selection.setChannels({channel}); });
    connect(&m_board->channels(), &ChannelPlot::channelsBrushed, &selection, &Selection::setChannels);
    connect(&m_board->map(), &MapPlot::detailWanted, this, &InspectView::askForDetail);
    const auto choose = [this, &selection](std::int64_t row, std::int64_t column) {
        selection.setChannels({static_cast<int>(column)});
        if (site())
            selection.setToken(static_cast<int>(row));
    };
    connect(&m_board->map(), &MapPlot::cellClicked, this, choose);
    connect(&m_board->map(), &MapPlot::channelsBrushed, this, [&selection](int first, int last) {
        QVector<int> channels;
        for (int channel = first; channel <= last; ++channel)
            channels.append(channel);
        selection.setChannels(channels);
    });
    connect(m_board->peakTable().selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this, choose](const QModelIndex& index) {
                if (!index.isValid())
                    return;
                const auto& peak = m_board->peaks().peakAt(index.row());
                choose(peak.row, peak.column);
            });
    connect(&m_board->ridge(), &RidgePlot::layerClicked, this,
            [this](const core::LayerId& layer) { m_studio.document().select(layer); });
    connect(&m_board->ridge(), &RidgePlot::layerHovered, &selection, &Selection::setHovered);
    connect(&selection, &Selection::hoverChanged, this,
            [this, &selection] { m_board->ridge().setHovered(selection.hovered()); });
    connect(&selection, &Selection::layersChanged, this, &InspectView::showSelection);
    connect(&selection, &Selection::channelsChanged, this, &InspectView::showSelection);
    connect(&selection, &Selection::tokenChanged, this, &InspectView::showSelection);
}

void InspectView::connectDocument()
{
    auto& document = m_studio.document();
    connect(&document, &Document::readingChanged, this, &InspectView::showPlots);
    connect(&document, &Document::layerRead, this, [this](const core::LayerId& layer) {
        if (m_studio.document().selectedLayer() == layer)
            showPlots();
    });
    for (const auto signal : {&Document::layersReset, &Document::profileChanged, &Document::selectionChanged,
                              &Document::bundleProfileChanged, &Document::bundleWritten, &Document::textChanged})
        connect(&document, signal, this, &InspectView::showPlots);
    connect(&document, &Document::siteRead, this, [this](const core::SiteId& id) {
        if (site() == id)
            showPlots();
    });
    connect(&m_studio, &Studio::engineReady, this, &InspectView::useEngine);
    useEngine();
    connect(&document.plan(), &PlanEditor::changed, this, &InspectView::showPlots);
    connect(&m_comparisons, &Comparisons::changed, this, &InspectView::showPlots);
    connect(m_inspections, &Inspections::changed, this, &InspectView::showPlots);
}

/** What the pictures ask while something is dragged or chosen: quick, so on this thread. */
void InspectView::useEngine()
{
    const auto& engine = m_studio.engine();
    if (!engine)
        return;
    m_board->histogram().setClipPreview([engine](const core::Distribution& values, int bits, double clip) {
        return engine->clippedSqnr(values, bits, clip);
    });
    m_board->ridge().setQuantiles([engine](const core::Distribution& values, const std::vector<double>& shares) {
        return engine->histogramQuantiles(values, shares);
    });
}

void InspectView::keyPressEvent(QKeyEvent* event)
{
    // What the table and the plots leave over.
    if (event->key() == Qt::Key_B && event->modifiers() == Qt::NoModifier)
        m_compare->toggle();
    else
        QWidget::keyPressEvent(event);
}

void InspectView::toggleComparison()
{
    m_compare->toggle();
}

KindTable& InspectView::table()
{
    return m_browser->table();
}

void InspectView::setSource(Source source)
{
    m_source = source;
    m_weights->setChecked(source == Source::Weights);
    m_inputs->setChecked(source == Source::Inputs);
    m_cache->setChecked(source == Source::Cache);
    showPlots();
}

void InspectView::setComparing(bool on)
{
    m_compare->setChecked(on);
}

bool InspectView::isComparing() const
{
    return m_compare->isChecked();
}

void InspectView::setOther(Other other)
{
    m_other->setCurrentIndex(static_cast<int>(other));
}

InspectView::Other InspectView::otherSide() const
{
    return static_cast<Other>(m_other->currentIndex());
}

void InspectView::focusFilter()
{
    m_browser->filter().setFocus(Qt::ShortcutFocusReason);
    m_browser->filter().selectAll();
}

} // namespace ui
