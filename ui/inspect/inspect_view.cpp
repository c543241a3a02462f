// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/inspect_view.h"

#include "ui/convert.h"
#include "ui/format.h"
#include "ui/inspect/distribution_panel.h"
#include "ui/model/kind_table.h"
#include "ui/model/layer_delegates.h"
#include "ui/model/layer_filter_model.h"
#include "ui/model/layer_table_model.h"
#include "ui/plot/channel_plot.h"
#include "ui/plot/histogram_plot.h"
#include "ui/plot/kind_text.h"
#include "ui/studio.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui {

namespace {

QToolButton* segment(QWidget* parent, const QString& text, const QString& tip)
{
    auto* button = new QToolButton(parent);
    button->setText(text);
    button->setProperty("segment", true);
    button->setToolTip(tip);
    button->setCheckable(true);
    button->setAccessibleName(text);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

} // namespace

InspectView::InspectView(Studio& studio, Comparisons& comparisons, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_comparisons(comparisons)
    , m_model(new LayerTableModel(studio.document(), this))
    , m_filter(new LayerFilterModel(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 10, 12, 10);
    column->setSpacing(8);
    m_filter->setSourceModel(m_model);
    buildFilterBar();
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(8);
    buildTable();
    splitter->addWidget(m_table);
    auto* lower = new QWidget(splitter);
    new QVBoxLayout(lower);
    lower->layout()->setContentsMargins(0, 0, 0, 0);
    m_panel = new DistributionPanel(lower);
    buildPlots();
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    column->addWidget(splitter, 1);
    setFocusProxy(m_table);
    connectTable();
    connectDocument();
    showHeader();
    showPlots();
}

void InspectView::buildFilterBar()
{
    auto* row = new QHBoxLayout;
    m_header = new QLabel(this);
    m_header->setTextFormat(Qt::RichText);
    m_header->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_filterEdit = new QLineEdit(this);
    m_filterEdit->setObjectName(QStringLiteral("layerFilter"));
    m_filterEdit->setPlaceholderText(tr("Filter: down  z>3.5  yours"));
    m_filterEdit->setAccessibleName(tr("Filter of the layer table"));
    m_filterEdit->setToolTip(
        tr("Words look in all columns; z, kurtosis, max, xkurtosis, xmax and block take <, <=, =, >=, >"));
    m_filterEdit->setClearButtonEnabled(true);
    m_filterEdit->setFixedWidth(230);
    m_filterState = new QLabel(this);
    row->addWidget(m_header, 1);
    row->addWidget(m_filterState);
    row->addWidget(m_filterEdit);
    static_cast<QVBoxLayout*>(layout())->addLayout(row);
    connect(m_filterEdit, &QLineEdit::textChanged, this, &InspectView::applyFilter);
}

void InspectView::buildTable()
{
    m_table = new KindTable(this);
    m_table->setObjectName(QStringLiteral("layerTable"));
    m_table->setAccessibleName(tr("Layers"));
    m_table->setModel(m_filter);
    m_table->sortByColumn(-1, Qt::AscendingOrder); // the model's order until a header is clicked
    m_table->setItemDelegateForColumn(LayerTableModel::Spread, new SparklineDelegate(this));
    m_table->setKindColumns(LayerTableModel::Automatic, LayerTableModel::Choice);
    constexpr int kWidths[] = {34, 84, 84, 48, 84, 82, 72, 68, 80, 68, 86, 98, 60};
    for (int column = 0; column < LayerTableModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, kWidths[column]);
    m_table->setColumnHidden(LayerTableModel::Block, true); // the layer's name begins with it
    m_table->setMinimumHeight(140);
}

void InspectView::buildPlots()
{
    auto* lower = m_panel->parentWidget();
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    m_weights = segment(lower, tr("Weights"), tr("The matrix itself (W)"));
    m_inputs = segment(lower, tr("Input activations"), tr("What enters the matrix (X), over the tokens measured"));
    m_weights->setChecked(true);
    auto* group = new QButtonGroup(this);
    group->addButton(m_weights);
    group->addButton(m_inputs);
    m_compare = new QCheckBox(tr("Before and after (B)"), lower);
    m_compare->setToolTip(tr("Draws the values as the module's transform makes them over those as they are"));
    m_sorted = segment(lower, tr("Largest first"), tr("Orders the channels by their largest magnitude"));
    m_compareState = new QLabel(lower);
    m_compareState->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_measure = new QPushButton(tr("Measure activations\u2026"), lower);
    m_measure->setToolTip(
        tr("Runs a text through the model and gathers the statistics of every site (seconds to minutes)"));
    for (QWidget* widget :
         {static_cast<QWidget*>(m_weights), static_cast<QWidget*>(m_inputs), static_cast<QWidget*>(m_sorted)})
        row->addWidget(widget);
    row->addSpacing(8);
    row->addWidget(m_compare);
    row->addSpacing(8);
    row->addWidget(m_compareState, 1);
    row->addWidget(m_measure);
    auto* column = static_cast<QVBoxLayout*>(lower->layout());
    column->setSpacing(6);
    column->addLayout(row);
    column->addWidget(m_panel, 1);
    connect(m_weights, &QToolButton::clicked, this, [this] { setSource(Source::Weights); });
    connect(m_inputs, &QToolButton::clicked, this, [this] { setSource(Source::Inputs); });
    connect(m_compare, &QCheckBox::toggled, this, [this] { showPlots(); });
    connect(m_sorted, &QToolButton::toggled, &m_panel->channels(), &ChannelPlot::setSorted);
    connect(m_measure, &QPushButton::clicked, this, &InspectView::activationsRequested);
    connect(m_panel, &DistributionPanel::hovered, this, &InspectView::hovered);
}

void InspectView::connectTable()
{
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) {
                if (current.isValid())
                    m_studio.document().select(m_model->layerAt(m_filter->mapToSource(current).row()));
            });
    connect(m_table, &KindTable::kindRequested, this,
            [this](core::TransformKind kind) { m_studio.document().plan().overrideKind(selectedModules(), kind); });
    connect(m_table, &KindTable::automaticRequested, this,
            [this] { m_studio.document().plan().acceptAutomatic(selectedModules()); });
    connect(m_table, &KindTable::comparisonToggled, m_compare, &QCheckBox::toggle);
}

void InspectView::keyPressEvent(QKeyEvent* event)
{
    // What the table and the plots leave over.
    if (event->key() == Qt::Key_B && event->modifiers() == Qt::NoModifier)
        m_compare->toggle();
    else
        QWidget::keyPressEvent(event);
}

void InspectView::connectDocument()
{
    auto& document = m_studio.document();
    connect(&document, &Document::readingChanged, this, &InspectView::showHeader);
    connect(&document, &Document::layerRead, this, [this](const core::LayerId& layer) {
        showCount();
        if (m_studio.document().selectedLayer() == layer)
            showPlots();
    });
    connect(&document, &Document::siteRead, this, [this] { showPlots(); });
    connect(&document, &Document::layersReset, this, [this] { showPlots(); });
    connect(&document, &Document::profileChanged, this, [this] { showPlots(); });
    connect(&document, &Document::selectionChanged, this, [this] {
        followSelection();
        showPlots();
    });
    connect(&document.plan(), &PlanEditor::changed, this, [this] { showPlots(); });
    connect(&m_comparisons, &Comparisons::changed, this, [this] { showPlots(); });
    connect(m_filter, &QAbstractItemModel::rowsInserted, this, &InspectView::showCount);
    connect(m_filter, &QAbstractItemModel::rowsRemoved, this, &InspectView::showCount);
    connect(m_filter, &QAbstractItemModel::modelReset, this, &InspectView::showCount);
}

std::vector<core::ModuleId> InspectView::selectedModules() const
{
    std::vector<core::ModuleId> modules;
    for (const auto& row : m_table->selectedSourceRows())
        if (const auto module = m_model->moduleAt(row.row());
            module && std::find(modules.begin(), modules.end(), *module) == modules.end())
            modules.push_back(*module);
    return modules;
}

void InspectView::applyFilter(const QString& text)
{
    QString error;
    const bool understood = m_filter->setFilterText(text, &error);
    auto font = m_filterEdit->font();
    font.setUnderline(!understood);
    m_filterEdit->setFont(font);
    if (understood)
        showCount();
    else
        m_filterState->setText(error);
}

void InspectView::showCount()
{
    const int all = m_model->rowCount();
    const int shown = m_filter->rowCount();
    const int read = m_studio.document().readLayerCount();
    if (all == 0)
        m_filterState->clear();
    else if (read < all)
        m_filterState->setText(tr("%1 of %n layer(s) measured", nullptr, all).arg(read));
    else
        m_filterState->setText(shown < all ? tr("%1 of %n layer(s)", nullptr, all).arg(shown)
                                           : tr("%n layer(s)", nullptr, all));
}

void InspectView::showHeader()
{
    const auto& document = m_studio.document();
    showCount();
    if (!document.description()) {
        m_header->setText(document.modelPath().isEmpty() ? QString() : document.modelName().toHtmlEscaped());
        return;
    }
    const auto& info = document.description()->info;
    QStringList facts{toQString(info.architecture), tr("%n block(s)", nullptr, info.blocks),
                      tr("%1 parameters").arg(formatAmount(info.parameters)),
                      formatBytes(static_cast<std::uint64_t>(info.bytes))};
    m_header->setText(
        QStringLiteral("<b>%1</b> &nbsp; %2")
            .arg(document.modelName().toHtmlEscaped(), facts.join(QStringLiteral(" \u00b7 ")).toHtmlEscaped()));
    auto tip = document.modelPath();
    if (!document.description()->tokenizerKind.empty())
        tip += tr("\nTokenizer: %1, %2 tokens")
                   .arg(toQString(document.description()->tokenizerKind),
                        formatCount(document.description()->tokenizerVocab));
    m_header->setToolTip(tip);
}

void InspectView::followSelection()
{
    const auto& layer = m_studio.document().selectedLayer();
    const int row = layer ? m_model->rowOf(*layer) : -1;
    if (row < 0)
        return;
    const auto index = m_filter->mapFromSource(m_model->index(row, LayerTableModel::Layer));
    if (index.isValid() && index.row() != m_table->currentIndex().row())
        m_table->setCurrentIndex(index);
}

void InspectView::setSource(Source source)
{
    m_source = source;
    m_weights->setChecked(source == Source::Weights);
    m_inputs->setChecked(source == Source::Inputs);
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

void InspectView::focusFilter()
{
    m_filterEdit->setFocus(Qt::ShortcutFocusReason);
    m_filterEdit->selectAll();
}

void InspectView::requestComparison()
{
    if (m_studio.document().readState() == Document::ReadState::Ready)
        m_comparisons.request();
}

void InspectView::showPlots()
{
    using Pointer = std::shared_ptr<const core::Distribution>;
    const auto& document = m_studio.document();
    const auto& layer = document.selectedLayer();
    const auto read = layer ? document.layer(*layer) : nullptr;
    const auto site =
        layer && layer->block >= 0 ? document.site({layer->block, core::inputSite(layer->role)}) : nullptr;
    const bool inputs = m_source == Source::Inputs;
    Pointer before =
        inputs ? (site ? Pointer(site, &site->activation) : nullptr) : (read ? Pointer(read, &read->weight) : nullptr);
    Pointer after;
    if (m_compare->isChecked())
        requestComparison();
    const auto comparison = m_compare->isChecked() ? m_comparisons.current() : nullptr;
    // Both from the comparison: the same tokens before and after. Without a text its inputs are empty.
    if (comparison && (inputs ? comparison->inputBefore : comparison->weightBefore).count > 0) {
        before = Pointer(comparison, inputs ? &comparison->inputBefore : &comparison->weightBefore);
        after = Pointer(comparison, inputs ? &comparison->inputAfter : &comparison->weightAfter);
    }
    m_compareState->setText(!m_compare->isChecked()         ? QString()
                                : m_comparisons.isWaiting() ? tr("working\u2026")
                                                            : m_comparisons.problem());
    m_compareState->setToolTip(m_comparisons.problem());
    m_panel->setPlaceholder(inputs && layer && !document.hasActivations()
                                ? tr("No activations yet.\nMeasure them with a text.")
                                : layer ? tr("Not read yet")
                                        : tr("No layer selected"));
    const auto name = layer ? layerName(*layer) : tr("Layer");
    m_panel->show(name, inputs ? tr("activation") : tr("weight"), std::move(before), std::move(after));
}

} // namespace ui
