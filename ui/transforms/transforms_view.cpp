// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transforms/transforms_view.h"

#include "ui/convert.h"
#include "ui/format.h"
#include "ui/inspect/distribution_panel.h"
#include "ui/model/kind_table.h"
#include "ui/model/module_table_model.h"
#include "ui/plot/channel_plot.h"
#include "ui/plot/histogram_plot.h"
#include "ui/plot/kind_text.h"
#include "ui/plot/threshold_plot.h"
#include "ui/studio.h"
#include "ui/transforms/group_rule_editor.h"
#include "ui/view_parts.h"

#include <QButtonGroup>
#include <QHeaderView>
#include <QLabel>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

TransformsView::TransformsView(Studio& studio, Comparisons& comparisons, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_comparisons(comparisons)
    , m_model(new ModuleTableModel(studio.document(), this))
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
    auto* comparison = new QWidget(lower);
    buildComparison(comparison);
    lower->setStretchFactor(1, 1);
    lower->setSizes({470, 770});
    setFocusProxy(m_table);
    splitter->setSizes({320, 360});
    column->addWidget(splitter, 1);
    connectDocument();
    showPlan();
    showEvidence();
    showComparison();
}

void TransformsView::buildGroup(core::ModuleKind kind, const QString& name)
{
    auto& group = m_groups[static_cast<std::size_t>(kind)];
    group.kind = kind;
    group.plot = new ThresholdPlot(this);
    group.plot->setObjectName(QStringLiteral("threshold.") + toQString(core::toString(kind)));
    group.plot->setTitle(name);
    group.plot->setPlaceholder(tr("Open a model to see its modules"));
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
    constexpr int kWidths[] = {88, 64, 66, 86, 94, 40};
    for (int column = 0; column < ModuleTableModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, kWidths[column]);
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
}

void TransformsView::buildComparison(QWidget* parent)
{
    auto* column = new QVBoxLayout(parent);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    auto* group = new QButtonGroup(this);
    const auto add = [&](const QString& text) {
        auto* button = segment(parent, text, {});
        group->addButton(button);
        row->addWidget(button);
        connect(button, &QToolButton::clicked, this, &TransformsView::showComparison);
        return button;
    };
    m_weights = add(tr("Weights"));
    m_inputs = add(tr("Input activations"));
    m_weights->setChecked(true);
    m_errors = new QLabel(parent);
    m_errors->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_errors->setToolTip(
        tr("Mean squared error of rounding to the plan's bits, relative to the mean square of the values"));
    row->addSpacing(8);
    row->addWidget(m_errors, 1);
    m_panel = new DistributionPanel(parent);
    connect(m_panel, &DistributionPanel::hovered, this, &TransformsView::hovered);
    column->addLayout(row);
    column->addWidget(m_panel, 1);
}

void TransformsView::connectDocument()
{
    auto& document = m_studio.document();
    connect(&document.plan(), &PlanEditor::changed, this, [this] {
        showPlan();
        showEvidence();
        if (!m_studio.document().plan().isPreviewing())
            showComparison();
    });
    connect(&document, &Document::profileChanged, this, &TransformsView::showPlan);
    connect(&document, &Document::selectionChanged, this, [this] {
        followSelection();
        showComparison();
    });
    connect(&document, &Document::readingChanged, this, &TransformsView::showComparison);
    connect(&document, &Document::textChanged, this, &TransformsView::showComparison);
    connect(&m_comparisons, &Comparisons::changed, this, &TransformsView::showComparison);
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

void TransformsView::showPlan()
{
    const auto& document = m_studio.document();
    const auto& plan = document.plan();
    for (const auto& group : m_groups) {
        QVector<ModulePoint> points;
        for (const auto& choice : plan.plan().modules) {
            const auto* module = document.module(choice.module);
            if (choice.module.kind == group.kind && module)
                points.append({.module = choice.module,
                               .robustZ = module->robustZ,
                               .kurtosis = module->kurtosis,
                               .kind = choice.kind,
                               .isOverride = choice.origin == core::Origin::User});
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
        parts += tr("Rule fitted on: %1").arg(toQString(plan.rule().evidence));
    else if (plan.plan().warnings.empty()) // else the plan says so itself
        parts +=
            tr("This rule is not calibrated: no evidence yet that kurtosis predicts the better kind for this model.");
    for (const auto& warning : plan.plan().warnings)
        parts += toQString(warning);
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
    showComparison();
}

void TransformsView::showComparison()
{
    using Pointer = std::shared_ptr<const core::Distribution>;
    const auto& document = m_studio.document();
    const auto& layer = document.selectedLayer();
    const auto module = document.selectedModule();
    const auto* choice = module ? document.plan().plan().find(*module) : nullptr;
    if (isVisible() && document.readState() == Document::ReadState::Ready)
        m_comparisons.request();
    const auto comparison = m_comparisons.current();
    const bool inputs = m_inputs->isChecked();
    Pointer before;
    Pointer after;
    if (comparison && (inputs ? comparison->inputBefore : comparison->weightBefore).count > 0) {
        before = Pointer(comparison, inputs ? &comparison->inputBefore : &comparison->weightBefore);
        after = Pointer(comparison, inputs ? &comparison->inputAfter : &comparison->weightAfter);
    }
    const auto name = choice ? tr("%1, %2").arg(layerName(*layer), kindName(choice->kind)) : tr("Before and after");
    m_panel->setPlaceholder(!choice                                  ? tr("Select a module")
                                : m_comparisons.isWaiting()          ? tr("Transforming\u2026")
                                : !m_comparisons.problem().isEmpty() ? tr("Could not be compared")
                                : inputs && document.text().isEmpty()
                                ? tr("Choose a text in Calibrate\nto see activations")
                                : tr("Nothing to compare yet"));
    m_panel->show(name, inputs ? tr("activation") : tr("weight"), before, after);
    if (!comparison) {
        m_errors->setText(m_comparisons.problem());
        return;
    }
    const auto& scheme = document.plan().plan().schemeOf(*module);
    const auto change = [](const QString& what, double from, double to) {
        return tr("%1 %2 \u2192 %3").arg(what, formatNumber(from, 3), formatNumber(to, 3));
    };
    auto text = tr("Relative rounding error: ")
        + change(tr("W%1").arg(scheme.weightBits), comparison->weightErrorBefore, comparison->weightErrorAfter);
    if (comparison->inputBefore.count > 0)
        text += QStringLiteral("  \u00b7  ")
            + change(tr("A%1").arg(scheme.activationBits), comparison->inputErrorBefore, comparison->inputErrorAfter);
    m_errors->setText(text);
}

} // namespace ui
