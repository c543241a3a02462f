// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/layer_browser.h"

#include "ui/convert.h"
#include "ui/flow_row.h"
#include "ui/format.h"
#include "ui/inspect/filter_bar.h"
#include "ui/inspect/heat_delegate.h"
#include "ui/model/document.h"
#include "ui/model/heat_map_model.h"
#include "ui/model/kind_table.h"
#include "ui/model/layer_columns.h"
#include "ui/model/layer_delegates.h"
#include "ui/model/layer_filter_model.h"
#include "ui/model/layer_table_model.h"
#include "ui/plot/elided_label.h"
#include "ui/plot/plot_colors.h"
#include "ui/view_parts.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QCoreApplication>
#include <QFocusEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelection>
#include <QKeyEvent>
#include <QLabel>
#include <QScopedValueRollback>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

namespace {

constexpr int kWidths[] = {26, 34, 84, 76, 84, 48, 84, 82, 72, 68, 56, 82, 68, 56, 86, 98, 190, 44, 76, 62, 66, 120};
constexpr int kHeaderWidth = 250; // below, the name of the model has a line of its own
static_assert(std::size(kWidths) == LayerTableModel::ColumnCount);

} // namespace

LayerBrowser::LayerBrowser(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_model(new LayerTableModel(document, this))
    , m_filter(new LayerFilterModel(this))
    , m_heatModel(nullptr)
{
    m_filter->setSourceModel(m_model);
    m_heatModel = new HeatMapModel(*m_model, *m_filter, this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    buildBar();
    m_stack = new QStackedWidget(this);
    buildTable();
    buildHeatMap();
    column->addWidget(m_stack, 1);
    connectTable();
    connectHeatMap();
    connect(&document, &Document::readingChanged, this, &LayerBrowser::showHeader);
    connect(&document.selection(), &Selection::layersChanged, this, &LayerBrowser::followSelection);
    connect(m_filterBar, &FilterBar::applied, this, [this] {
        followSelection();
        m_heat->viewport()->update();
    });
    connect(m_heatModel, &QAbstractItemModel::dataChanged, this, &LayerBrowser::showLegend);
    showAs(false);
    showHeader();
}

void LayerBrowser::buildBar()
{
    auto* row = new FlowRow;
    auto* names = new QWidget(this);
    names->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    names->setMinimumWidth(kHeaderWidth);
    auto* nameRow = new QHBoxLayout(names);
    nameRow->setContentsMargins(0, 0, 0, 0);
    m_header = new ElidedLabel(names);
    auto bold = font();
    bold.setBold(true);
    m_header->setFont(bold);
    m_facts = new ElidedLabel(names);
    m_facts->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    nameRow->addWidget(m_header);
    nameRow->addWidget(m_facts, 1);
    m_asTable = segment(this, tr("Table"), tr("One row a matrix"));
    m_asHeat = segment(this, tr("Heat map"), tr("Blocks down, matrices across, one number as colour"));
    auto* group = new QButtonGroup(this);
    group->addButton(m_asTable);
    group->addButton(m_asHeat);
    m_columns = new QComboBox(this);
    m_columns->setObjectName(QStringLiteral("columnSet"));
    m_columns->setAccessibleName(tr("Columns of the table"));
    for (const auto& set : columnSets()) {
        m_columns->addItem(set.name);
        m_columns->setItemData(m_columns->count() - 1, set.help, Qt::ToolTipRole);
    }
    m_heatColumn = new QComboBox(this);
    m_heatColumn->setObjectName(QStringLiteral("heatColumn"));
    m_heatColumn->setAccessibleName(tr("Number that is shown as colour"));
    for (int number = 0; number < LayerTableModel::ColumnCount; ++number)
        if (LayerTableModel::isNumeric(number) && number != LayerTableModel::Block) {
            m_heatColumn->addItem(columnName(number), number);
            m_heatColumn->setItemData(m_heatColumn->count() - 1, columnHelp(number), Qt::ToolTipRole);
        }
    m_legend = new QLabel(this);
    row->addWidget(names);
    row->addWidget(m_legend);
    row->addWidget(m_heatColumn);
    row->addWidget(m_columns);
    row->addWidget(m_asTable);
    row->addWidget(m_asHeat);
    m_filterBar = new FilterBar(m_document, *m_model, *m_filter, this);
    row->addWidget(m_filterBar);
    static_cast<QVBoxLayout*>(layout())->addLayout(row);
    connect(m_asTable, &QToolButton::clicked, this, [this] { showAs(false); });
    connect(m_asHeat, &QToolButton::clicked, this, [this] { showAs(true); });
    connect(m_columns, &QComboBox::currentIndexChanged, this, &LayerBrowser::showColumns);
    connect(m_heatColumn, &QComboBox::currentIndexChanged, this,
            [this] { m_heatModel->setColumn(m_heatColumn->currentData().toInt()); });
}

void LayerBrowser::buildTable()
{
    m_table = new KindTable(this);
    m_table->setObjectName(QStringLiteral("layerTable"));
    m_table->setAccessibleName(tr("Layers"));
    m_table->setModel(m_filter);
    m_table->sortByColumn(-1, Qt::AscendingOrder); // the model's order until a header is clicked
    m_table->setItemDelegate(new LayerDelegate(m_table));
    m_table->setItemDelegateForColumn(LayerTableModel::Spread, new SparklineDelegate(m_table));
    m_table->setKindColumns(LayerTableModel::Automatic, LayerTableModel::Choice);
    m_table->horizontalHeader()->setSectionsMovable(true);
    for (int column = 0; column < LayerTableModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, kWidths[column]);
    m_table->setMinimumHeight(120);
    m_stack->addWidget(m_table);
    showColumns(0);
}

void LayerBrowser::buildHeatMap()
{
    m_heat = new QTableView(this);
    m_heat->setObjectName(QStringLiteral("layerHeatMap"));
    m_heat->setAccessibleName(tr("Layers as a heat map"));
    m_heat->setModel(m_heatModel);
    m_heat->setItemDelegate(new HeatDelegate(m_heat));
    m_heat->setShowGrid(false);
    m_heat->setMouseTracking(true);
    m_heat->setTabKeyNavigation(false);
    m_heat->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_heat->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_heat->horizontalHeader()->setHighlightSections(false);
    m_heat->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_heat->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 4);
    m_heat->verticalHeader()->setHighlightSections(false);
    m_heat->installEventFilter(this);
    m_heat->viewport()->installEventFilter(this);
    m_stack->addWidget(m_heat);
}

void LayerBrowser::connectTable()
{
    const auto adopt = [this] {
        if (m_following)
            return;
        std::vector<core::LayerId> layers;
        std::optional<core::LayerId> current;
        const auto rows = m_table->selectedSourceRows();
        for (const auto& row : rows)
            layers.push_back(m_model->layerAt(row.row()));
        if (const auto index = m_table->currentIndex(); index.isValid())
            current = m_model->layerAt(m_filter->mapToSource(index).row());
        adoptSelection(layers, current);
    };
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, adopt);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, adopt);
    auto& plan = m_document.plan();
    connect(m_table, &KindTable::kindRequested, this,
            [this, &plan](core::TransformKind kind) { plan.overrideKind(selectedModules(), kind); });
    connect(m_table, &KindTable::automaticRequested, this, [this, &plan] { plan.acceptAutomatic(selectedModules()); });
    connect(m_table, &KindTable::lockRequested, this, [this, &plan] { plan.toggleLock(selectedModules()); });
    connect(m_table, &KindTable::precisionRequested, this,
            [this, &plan] { plan.toggleFullPrecision(selectedModules()); });
    connect(m_table, &KindTable::comparisonToggled, this, &LayerBrowser::comparisonToggled);
    connect(m_table, &QAbstractItemView::entered, this, [this](const QModelIndex& index) {
        m_document.selection().setHovered(m_model->layerAt(m_filter->mapToSource(index).row()));
        Q_EMIT hovered(index.data(Qt::ToolTipRole).toString());
    });
    connect(m_table, &KindTable::pointerLeft, this, &LayerBrowser::leave);
}

void LayerBrowser::leave()
{
    m_document.selection().setHovered({});
    Q_EMIT hovered({});
}

bool LayerBrowser::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_heat->viewport() && event->type() == QEvent::Leave)
        leave();
    // The table behind has the same selection, and knows the letters and the menu of choices.
    if (watched == m_heat->viewport() && event->type() == QEvent::ContextMenu)
        return QCoreApplication::sendEvent(m_table->viewport(), event);
    if (watched == m_heat && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->modifiers() == Qt::NoModifier && key->key() >= Qt::Key_Space && key->key() <= Qt::Key_BracketRight)
            return QCoreApplication::sendEvent(m_table, event);
    }
    return QWidget::eventFilter(watched, event);
}

void LayerBrowser::connectHeatMap()
{
    const auto adopt = [this] {
        if (m_following)
            return;
        std::vector<core::LayerId> layers;
        std::optional<core::LayerId> current;
        for (const auto& index : m_heat->selectionModel()->selectedIndexes())
            layers.push_back(m_heatModel->layerAt(index));
        if (m_heat->currentIndex().isValid())
            current = m_heatModel->layerAt(m_heat->currentIndex());
        adoptSelection(layers, current);
    };
    connect(m_heat->selectionModel(), &QItemSelectionModel::selectionChanged, this, adopt);
    connect(m_heat->selectionModel(), &QItemSelectionModel::currentChanged, this, adopt);
    connect(m_heat, &QAbstractItemView::entered, this, [this](const QModelIndex& index) {
        m_document.selection().setHovered(m_heatModel->layerAt(index));
        Q_EMIT hovered(index.data(Qt::ToolTipRole).toString());
    });
}

void LayerBrowser::adoptSelection(const std::vector<core::LayerId>& layers, const std::optional<core::LayerId>& current)
{
    // The order they were chosen in stays; what is new comes behind, the current one last.
    std::vector<core::LayerId> chosen;
    const auto isIn = [](const std::vector<core::LayerId>& list, const core::LayerId& layer) {
        return std::find(list.begin(), list.end(), layer) != list.end();
    };
    for (const auto& layer : m_document.selection().layers())
        if (isIn(layers, layer))
            chosen.push_back(layer);
    for (const auto& layer : layers)
        if (!isIn(chosen, layer))
            chosen.push_back(layer);
    if (current && (chosen.empty() || isIn(chosen, *current))) {
        std::erase(chosen, *current);
        chosen.push_back(*current);
    }
    if (!chosen.empty())
        m_document.selection().setLayers(std::move(chosen));
}

void LayerBrowser::followSelection()
{
    const QScopedValueRollback following(m_following, true);
    const auto& selection = m_document.selection();
    QItemSelection rows;
    QItemSelection cells;
    for (const auto& layer : selection.layers()) {
        const int row = m_model->rowOf(layer);
        const auto index =
            row >= 0 ? m_filter->mapFromSource(m_model->index(row, LayerTableModel::Layer)) : QModelIndex();
        if (index.isValid())
            rows.select(index, index);
        if (const auto cell = m_heatModel->indexOf(layer); cell.isValid())
            cells.select(cell, cell);
    }
    const auto follow = [](QTableView* view, const QItemSelection& selected, QItemSelectionModel::SelectionFlags extent,
                           const QModelIndex& current) {
        view->selectionModel()->select(selected, QItemSelectionModel::ClearAndSelect | extent);
        view->selectionModel()->setCurrentIndex(current, QItemSelectionModel::NoUpdate);
        if (current.isValid())
            view->scrollTo(current);
    };
    const auto& current = selection.current();
    const int row = current ? m_model->rowOf(*current) : -1;
    const auto at = m_table->currentIndex();
    const int column = at.isValid() ? at.column() : static_cast<int>(LayerTableModel::Layer);
    follow(m_table, rows, QItemSelectionModel::Rows,
           row >= 0 ? m_filter->mapFromSource(m_model->index(row, column)) : QModelIndex());
    follow(m_heat, cells, QItemSelectionModel::SelectionFlags(),
           current ? m_heatModel->indexOf(*current) : QModelIndex());
}

std::vector<core::ModuleId> LayerBrowser::selectedModules() const
{
    std::vector<core::ModuleId> modules;
    for (const auto& layer : m_document.selection().layers()) {
        if (layer.block < 0)
            continue;
        const core::ModuleId module{layer.block, core::moduleOf(layer.role)};
        if (std::find(modules.begin(), modules.end(), module) == modules.end())
            modules.push_back(module);
    }
    return modules;
}

void LayerBrowser::focusInEvent(QFocusEvent* event)
{
    m_stack->currentWidget()->setFocus(event->reason()); // a focus proxy would make Tab skip the bar above
}

bool LayerBrowser::showsHeatMap() const
{
    return m_stack->currentWidget() == m_heat;
}

void LayerBrowser::showAs(bool heatMap)
{
    m_stack->setCurrentWidget(heatMap ? static_cast<QWidget*>(m_heat) : m_table);
    (heatMap ? m_asHeat : m_asTable)->setChecked(true);
    m_columns->setVisible(!heatMap);
    m_heatColumn->setVisible(heatMap);
    m_legend->setVisible(heatMap);
    showLegend();
}

void LayerBrowser::setComparing(bool on)
{
    m_model->setComparing(on);
}

void LayerBrowser::showColumns(int set)
{
    const auto& shown = columnSets()[set].columns;
    for (int column = 0; column < LayerTableModel::ColumnCount; ++column)
        m_table->setColumnHidden(column, !shown.contains(column));
}

void LayerBrowser::showLegend()
{
    if (!m_asHeat->isChecked())
        return;
    QString ramp;
    for (int step = 0; step <= 6; ++step)
        ramp += QStringLiteral("<span style=\"color:%1\">\u2588</span>")
                    .arg(rampColor(step / 6.0, isDark(palette())).name());
    m_legend->setText(QStringLiteral("%1 %2 %3&nbsp;")
                          .arg(formatNumber(m_heatModel->least(), 3), ramp, formatNumber(m_heatModel->largest(), 3)));
}

void LayerBrowser::showHeader()
{
    m_header->setText(m_document.modelName());
    m_header->setVisible(!m_document.modelPath().isEmpty());
    if (!m_document.description()) {
        m_facts->clear();
        return;
    }
    const auto& info = m_document.description()->info;
    const QStringList facts{toQString(info.architecture), tr("%n block(s)", nullptr, info.blocks),
                            tr("%1 parameters").arg(formatAmount(info.parameters)),
                            formatBytes(static_cast<std::uint64_t>(info.bytes))};
    m_facts->setText(facts.mid(1).join(QStringLiteral(" \u00b7 ")));
    auto tip = m_document.modelPath() + QLatin1Char('\n') + facts.join(QStringLiteral(" \u00b7 "));
    if (!m_document.description()->tokenizerKind.empty())
        tip += tr("\nTokenizer: %1, %2 tokens")
                   .arg(toQString(m_document.description()->tokenizerKind),
                        formatCount(m_document.description()->tokenizerVocab));
    for (auto* label : {m_header, m_facts})
        label->setToolTip(tip);
}

FilterEdit& LayerBrowser::filter()
{
    return m_filterBar->edit();
}

} // namespace ui
