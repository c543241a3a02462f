// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transforms/transforms_view.h"

#include "ui/convert.h"
#include "ui/engine_texts.h"
#include "ui/format.h"
#include "ui/model/kind_table.h"
#include "ui/model/module_table_model.h"
#include "ui/plot/kind_text.h"
#include "ui/plot/threshold_plot.h"
#include "ui/studio.h"
#include "ui/transforms/before_after_panel.h"
#include "ui/transforms/group_rule_editor.h"
#include "ui/transforms/plan_diff_panel.h"
#include "ui/transforms/search_panel.h"
#include "ui/transforms/what_if_panel.h"

#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QSplitter>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <functional>
#include <limits>

namespace ui {

TransformsView::TransformsView(Studio& studio, Comparisons& comparisons, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_model(new ModuleTableModel(studio.document(), this))
    , m_beforeAfter(new BeforeAfterPanel(studio, comparisons, this))
    , m_whatIf(new WhatIfPanel(studio, this))
    , m_search(new SearchPanel(studio, this))
    , m_planDiff(new PlanDiffPanel(studio, this))
{
    buildGroup(core::ModuleKind::Attention, tr("Attention"));
    buildGroup(core::ModuleKind::Mlp, tr("MLP"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 10, 12, 10);
    column->setSpacing(8);
    m_evidence = new QLabel(this);
    m_evidence->setWordWrap(true);
    column->addWidget(m_evidence);
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(8);
    auto* upper = new QWidget(splitter);
    auto* row = new QHBoxLayout(upper);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    for (const auto& group : m_groups)
        row->addWidget(group.plot, 1);
    auto* lower = new QSplitter(Qt::Horizontal, splitter);
    lower->setChildrenCollapsible(false);
    lower->setHandleWidth(8);
    buildTable();
    lower->addWidget(m_table);
    lower->addWidget(buildTabs());
    lower->setStretchFactor(0, 2); // its last column has the reasons
    lower->setStretchFactor(1, 3);
    lower->setSizes({490, 750});
    setFocusProxy(m_table);
    splitter->setSizes({320, 360});
    column->addWidget(splitter, 1);
    connectDocument();
    showPlan();
    showEvidence();
}

DistributionPanel& TransformsView::panel()
{
    return m_beforeAfter->panel();
}

void TransformsView::buildGroup(core::ModuleKind kind, const QString& name)
{
    auto& group = m_groups[static_cast<std::size_t>(kind)];
    group.kind = kind;
    group.plot = new ThresholdPlot(this);
    group.plot->setObjectName(QStringLiteral("threshold.") + toQString(core::toString(kind)));
    group.plot->setTitle(name);
    group.plot->setToolTip(
        tr("Robust z = 0.6745 (K \u2212 median) / MAD of the modules' weight kurtosis. Drag the line, "
           "or + and \u2212 for steps of 0.1; Esc while dragging gives up"));
    group.editor = new GroupRuleEditor(name, this);
    group.plot->addHeaderWidget(group.editor);
    connectGroup(group);
}

void TransformsView::connectGroup(const Group& group)
{
    auto& plan = m_studio.document().plan();
    connect(group.plot, &ThresholdPlot::thresholdDragged, this,
            [this, &plan, group](double beta) { plan.previewRule(withGroup(group.kind, dragged(group, beta))); });
    connect(group.plot, &ThresholdPlot::thresholdReleased, this, [this, &plan, group](double beta) {
        const auto rule = dragged(group, beta);
        plan.cancelPreview();
        const auto& old = group.kind == core::ModuleKind::Attention ? plan.rule().attention : plan.rule().mlp;
        plan.commitRule(withGroup(group.kind, rule),
                        tr("Threshold of %1 %2 \u2192 %3")
                            .arg(group.plot->title(), formatFixed(old.beta, 2), formatFixed(beta, 2)));
    });
    connect(group.plot, &ThresholdPlot::thresholdAborted, this, [&plan] { plan.cancelPreview(); });
    connect(group.plot, &ThresholdPlot::moduleClicked, this, [this](const core::ModuleId& module) {
        const auto role = module.kind == core::ModuleKind::Attention ? core::Role::Q : core::Role::Down;
        if (m_studio.document().selectedModule() != module)
            m_studio.document().select({module.block, role});
    });
    const auto first = [](const core::ModuleId& module) {
        return core::LayerId{module.block,
                             module.kind == core::ModuleKind::Attention ? core::Role::Q : core::Role::Down};
    };
    auto& selection = m_studio.document().selection();
    connect(group.plot, &ThresholdPlot::modulesBrushed, this,
            [&selection, first](const std::vector<core::ModuleId>& modules) {
                std::vector<core::LayerId> layers;
                std::transform(modules.begin(), modules.end(), std::back_inserter(layers), first);
                selection.setLayers(std::move(layers));
            });
    connect(group.plot, &ThresholdPlot::moduleHovered, this,
            [&selection, first](const std::optional<core::ModuleId>& module) {
                selection.setHovered(module ? std::optional(first(*module)) : std::nullopt);
            });
    connect(&selection, &Selection::hoverChanged, group.plot, [&selection, plot = group.plot] {
        const auto& layer = selection.hovered();
        plot->setHovered(layer && layer->block >= 0
                             ? std::optional(core::ModuleId{layer->block, core::moduleOf(layer->role)})
                             : std::nullopt);
    });
    connect(&selection, &Selection::layersChanged, this, &TransformsView::followSelection);
    connect(group.plot, &PlotView::hovered, this, &TransformsView::hovered);
    connect(group.editor, &GroupRuleEditor::ruleEdited, this, [this, &plan, group](const core::GroupRule& rule) {
        plan.commitRule(withGroup(group.kind, rule), tr("%1: %2").arg(group.plot->title(), ruleText(rule)));
    });
}

core::GroupRule TransformsView::dragged(const Group& group, double beta) const
{
    auto rule = group.kind == core::ModuleKind::Attention ? m_studio.document().plan().rule().attention
                                                          : m_studio.document().plan().rule().mlp;
    if (rule.mode == core::GroupRule::Mode::Constant) {
        rule.mode = core::GroupRule::Mode::Threshold; // whoever drags the line wants it to count
        rule.sign = 1;
    }
    rule.beta = beta;
    return rule;
}

core::KurtosisRule TransformsView::withGroup(core::ModuleKind kind, core::GroupRule group) const
{
    auto rule = m_studio.document().plan().rule();
    (kind == core::ModuleKind::Attention ? rule.attention : rule.mlp) = group;
    return rule;
}

void TransformsView::buildTable()
{
    m_table = new KindTable(this);
    m_table->setObjectName(QStringLiteral("moduleTable"));
    m_table->setAccessibleName(tr("Modules"));
    m_table->setModel(m_model);
    m_table->setSortingEnabled(false);
    m_table->setKindColumns(ModuleTableModel::Automatic, ModuleTableModel::Choice);
    constexpr int kWidths[ModuleTableModel::ColumnCount] = {84, 58, 60, 76, 84, 54, 260, 40};
    for (int column = 0; column < ModuleTableModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, kWidths[column]);
    connectTable();
}

void TransformsView::connectTable()
{
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) {
                if (!current.isValid())
                    return;
                const auto module = m_model->moduleAt(current.row());
                if (m_studio.document().selectedModule() != module)
                    m_studio.document().select(
                        {module.block, module.kind == core::ModuleKind::Attention ? core::Role::Q : core::Role::Down});
            });
    connect(m_table, &KindTable::kindRequested, this,
            [this](core::TransformKind kind) { m_studio.document().plan().overrideKind(selectedModules(), kind); });
    connect(m_table, &KindTable::automaticRequested, this,
            [this] { m_studio.document().plan().acceptAutomatic(selectedModules()); });
    connect(m_table, &KindTable::whatIfRequested, this, [this] {
        m_tabs->setCurrentWidget(m_whatIf);
        m_whatIf->ask(selectedModules());
    });
    connect(m_table, &KindTable::bestRequested, m_whatIf, &WhatIfPanel::useChosen);
    connect(m_table, &KindTable::precisionRequested, this,
            [this] { m_studio.document().plan().toggleFullPrecision(selectedModules()); });
    connect(m_table, &KindTable::comparisonToggled, this, [this] {
        m_tabs->setCurrentWidget(m_beforeAfter);
        m_beforeAfter->flip();
    });
    connect(m_table, &KindTable::lockRequested, this,
            [this] { m_studio.document().plan().toggleLock(selectedModules()); });
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, this, &TransformsView::showTableMenu);
}

void TransformsView::showTableMenu(const QPoint& position)
{
    const auto modules = selectedModules();
    if (modules.empty())
        return;
    auto& plan = m_studio.document().plan();
    auto* menu = new QMenu(m_table);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto add = [menu, this](const QString& text, QMenu* to, const std::function<void()>& work) {
        connect((to ? to : menu)->addAction(text), &QAction::triggered, this, work);
    };
    for (const auto& [kind, key] :
         {std::pair(core::TransformKind::Affine, 'A'), std::pair(core::TransformKind::Rotation, 'R'),
          std::pair(core::TransformKind::Hadamard, 'H'), std::pair(core::TransformKind::Identity, 'N')})
        add(QStringLiteral("%1 %2\t%3").arg(kindGlyph(kind), kindName(kind)).arg(QLatin1Char(key)), nullptr,
            [&plan, modules, kind = kind] { plan.overrideKind(modules, kind); });
    add(tr("Automatic\tSpace"), nullptr, [&plan, modules] { plan.acceptAutomatic(modules); });
    add(tr("Lock or unlock\tL"), nullptr, [&plan, modules] { plan.toggleLock(modules); });
    menu->addSeparator();
    auto* bits = menu->addMenu(tr("Bits of these modules"));
    add(tr("Full precision\tX"), bits, [&plan, modules] { plan.toggleFullPrecision(modules); });
    for (const int count : {8, 6, 4, 3})
        add(tr("W%1 A%1, keys and values too").arg(count), bits,
            [&plan, modules, count] { plan.setModuleBits(modules, count); });
    add(tr("As the plan"), bits, [&plan, modules] { plan.setModuleScheme(modules, std::nullopt); });
    add(tr("What if\tW"), nullptr, [this] { Q_EMIT m_table->whatIfRequested(); });
    menu->popup(m_table->viewport()->mapToGlobal(position));
}

QWidget* TransformsView::buildTabs()
{
    m_tabs = new QTabWidget(this);
    m_tabs->setAccessibleName(tr("The selected module"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_beforeAfter, tr("Before and after"));
    m_tabs->addTab(m_whatIf, tr("What if"));
    auto* ask = new QToolButton(m_tabs);
    ask->setText(tr("\u25f7 What if?"));
    ask->setToolTip(tr("Compares the kinds in the selected modules now (seconds). Key: W"));
    ask->setAccessibleName(tr("Compare the kinds now"));
    ask->setProperty("segment", true);
    ask->setObjectName(QStringLiteral("whatIf"));
    connect(ask, &QToolButton::clicked, m_table, &KindTable::whatIfRequested);
    m_tabs->setCornerWidget(ask);
    connect(m_beforeAfter, &BeforeAfterPanel::hovered, this, &TransformsView::hovered);
    connect(m_whatIf, &WhatIfPanel::hovered, this, &TransformsView::hovered);
    connect(m_whatIf, &WhatIfPanel::commandCopied, this, &TransformsView::commandCopied);
    m_tabs->addTab(m_search, tr("Search"));
    connect(m_search, &SearchPanel::hovered, this, &TransformsView::hovered);
    connect(m_search, &SearchPanel::commandCopied, this, &TransformsView::commandCopied);
    connect(m_search, &SearchPanel::openRequested, this, &TransformsView::searchFileRequested);
    m_tabs->addTab(m_planDiff, tr("Second plan"));
    connect(m_planDiff, &PlanDiffPanel::openRequested, this, &TransformsView::planFileRequested);
    return m_tabs;
}

void TransformsView::connectDocument()
{
    auto& document = m_studio.document();
    connect(&document.plan(), &PlanEditor::changed, this, [this] {
        showPlan();
        showEvidence();
    });
    connect(&document, &Document::profileChanged, this, &TransformsView::showPlan);
    connect(&document, &Document::readingChanged, this, [this] {
        for (const auto& group : m_groups)
            group.plot->setPlaceholder(placeholder());
    });
    connect(&document, &Document::bundleProfileChanged, this, &TransformsView::showPlan);
    connect(&document.selection(), &Selection::besideChanged, this, &TransformsView::showPlan);
    connect(&document, &Document::selectionChanged, this, &TransformsView::followSelection);
}

std::vector<core::ModuleId> TransformsView::selectedModules() const
{
    std::vector<core::ModuleId> modules;
    for (const auto& row : m_table->selectedSourceRows())
        modules.push_back(m_model->moduleAt(row.row()));
    return modules;
}

std::vector<core::ModuleId> TransformsView::chosenModules() const
{
    std::vector<core::ModuleId> modules;
    for (const auto& layer : m_studio.document().selection().layers())
        if (layer.block >= 0)
            modules.push_back({layer.block, core::moduleOf(layer.role)});
    return modules;
}

/** Where B stands beside A; NaN where it does not. */
double TransformsView::quantizedZ(const core::ModuleId& module) const
{
    const auto& document = m_studio.document();
    if (const auto& profile = document.bundleProfile(); profile && document.selection().isBesideQuantized())
        for (const auto& row : profile->modules)
            if (row.module == module)
                return row.robustZ;
    return std::numeric_limits<double>::quiet_NaN();
}

QString TransformsView::placeholder() const
{
    switch (m_studio.document().readState()) {
    case Document::ReadState::Loading: return tr("The modules stand here when all layers are read");
    case Document::ReadState::Failed: return tr("The model could not be read");
    default: return tr("Open a model to see its modules");
    }
}

void TransformsView::showPlan()
{
    const auto& document = m_studio.document();
    const auto& plan = document.plan();
    for (const auto& group : m_groups) {
        group.plot->setPlaceholder(placeholder());
        QVector<ModulePoint> points;
        for (const auto& choice : plan.plan().modules) {
            const auto* module = document.module(choice.module);
            if (choice.module.kind == group.kind && module)
                points.append({.module = choice.module,
                               .robustZ = module->robustZ,
                               .kurtosis = module->kurtosis,
                               .kind = choice.kind,
                               .isOverride = choice.origin == core::Origin::User,
                               .otherZ = quantizedZ(choice.module)});
        }
        const auto& rule = group.kind == core::ModuleKind::Attention ? plan.rule().attention : plan.rule().mlp;
        group.plot->setRule(rule);
        group.plot->setPoints(points);
        group.editor->setRule(rule);
        const auto rotated = std::count_if(points.begin(), points.end(), [](const auto& point) {
            return point.kind == core::TransformKind::Rotation;
        });
        group.plot->setDetail(points.isEmpty() ? QString() : tr("%1 of %2 rotated").arg(rotated).arg(points.size()));
        group.plot->setSelected(chosenModules());
    }
}

void TransformsView::showEvidence()
{
    const auto& plan = m_studio.document().plan();
    if (plan.isEmpty()) {
        m_evidence->clear();
        fitEvidence();
        return;
    }
    QStringList parts;
    if (plan.isPreviewing())
        parts += tr("Preview: %n choice(s) would change", nullptr, plan.previewChanges());
    else if (plan.rule().calibrated)
        parts += tr("Rule fitted on: %1").arg(fromEngine(plan.rule().evidence));
    else if (plan.plan().warnings.empty()) // else the plan says so itself
        parts +=
            tr("This rule is not calibrated: no evidence yet that kurtosis predicts the better kind for this model.");
    for (const auto& warning : plan.plan().warnings)
        parts += fromEngine(warning);
    m_evidence->setText(parts.join(QLatin1Char('\n')));
    m_evidence->setToolTip(parts.join(QLatin1Char('\n')));
    fitEvidence();
}

void TransformsView::fitEvidence()
{
    // A label that wraps asks its layout for less room than its lines need.
    const int width = m_evidence->width();
    m_evidence->setMinimumHeight(m_evidence->text().isEmpty() ? 0 : m_evidence->heightForWidth(width));
}

void TransformsView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitEvidence();
}

void TransformsView::followSelection()
{
    const auto module = m_studio.document().selectedModule();
    for (const auto& group : m_groups)
        group.plot->setSelected(chosenModules());
    const int row = module ? m_model->rowOf(*module) : -1;
    if (row >= 0 && row != m_table->currentIndex().row())
        m_table->setCurrentIndex(m_model->index(row, 0));
}

void TransformsView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    followSelection();
}

} // namespace ui
