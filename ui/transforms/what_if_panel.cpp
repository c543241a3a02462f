// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transforms/what_if_panel.h"

#include "core/calibrate/what_if_spread.h"
#include "ui/command_line.h"
#include "ui/convert.h"
#include "ui/flow_row.h"
#include "ui/format.h"
#include "ui/model/layer_delegates.h"
#include "ui/plot/kind_text.h"
#include "ui/plot/what_if_plot.h"
#include "ui/studio.h"
#include "ui/transforms/what_if_table_model.h"
#include "ui/transforms/what_ifs.h"
#include "ui/view_parts.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include <cmath>

namespace ui {

WhatIfPanel::WhatIfPanel(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_answers(new WhatIfs(studio, this))
    , m_start(new QPushButton(tr("\u25f7 Compare kinds"), this))
    , m_stop(new QPushButton(tr("Stop"), this))
    , m_use(new QPushButton(tr("Use the best"), this))
    , m_copy(new QPushButton(tr("Copy as command"), this))
    , m_effort(new QComboBox(this))
    , m_verdict(new QLabel(this))
    , m_bar(progressLine(this, tr("Progress of the comparison")))
{
    m_start->setToolTip(
        tr("Trains each kind of transform in the selected modules for a moment (seconds each). Key: W"));
    m_stop->setToolTip(tr("Stops the comparison; modules that are done keep their answer"));
    m_use->setToolTip(tr("Takes the marked kind, or the best one, into the plan; can be undone. Key: U"));
    m_copy->setToolTip(tr("The planish line that does the same"));
    m_effort->setAccessibleName(tr("Effort"));
    m_effort->addItems({tr("quick"), tr("standard"), tr("thorough")});
    m_effort->setToolTip(tr("How long each kind is trained: 8 windows of 128 tokens, 16 of 256, or 64 of 256"));
    m_effort->setCurrentIndex(1);
    m_verdict->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 6, 0, 0);
    column->setSpacing(6);
    auto* row = new FlowRow;
    for (QWidget* widget : {static_cast<QWidget*>(m_start), static_cast<QWidget*>(m_effort),
                            static_cast<QWidget*>(m_stop), static_cast<QWidget*>(m_use), static_cast<QWidget*>(m_copy)})
        row->addWidget(widget);
    column->addLayout(row);
    column->addWidget(m_bar);
    column->addWidget(m_verdict);
    column->addWidget(buildResults(), 1);
    connectStudio();
    show();
}

QWidget* WhatIfPanel::buildResults()
{
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(8);
    m_plot = new WhatIfPlot(splitter);
    m_metric = new QComboBox(m_plot);
    m_metric->setAccessibleName(tr("Quantity"));
    m_metric->addItems({tr("error"), tr("SQNR"), tr("compute"), tr("memory"), tr("time")}); // as WhatIfPlot::Metric
    m_plot->addHeaderWidget(m_metric);
    m_model = new WhatIfTableModel(this);
    m_table = rowTable(splitter, tr("Kinds of transform"), m_model, tr("Each kind becomes a row here"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setItemDelegateForColumn(WhatIfTableModel::Kind, new KindDelegate(KindDelegate::Part::Automatic, m_table));
    constexpr int kWidths[] = {96, 70, 58, 58, 68, 62, 66, 44};
    for (int column = 0; column < WhatIfTableModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, kWidths[column]);
    splitter->addWidget(m_plot);
    splitter->addWidget(m_table);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    return splitter;
}

void WhatIfPanel::connectStudio()
{
    auto& document = m_studio.document();
    connect(m_answers, &WhatIfs::changed, this, &WhatIfPanel::refresh);
    connect(&document, &Document::selectionChanged, this, &WhatIfPanel::refresh);
    connect(&document, &Document::readingChanged, this, &WhatIfPanel::refresh);
    connect(&document, &Document::textChanged, this, &WhatIfPanel::refresh);
    connect(&document.plan(), &PlanEditor::changed, this, &WhatIfPanel::refresh);
    connect(m_metric, &QComboBox::currentIndexChanged, this,
            [this](int index) { m_plot->setMetric(static_cast<WhatIfPlot::Metric>(index)); });
    connect(m_start, &QPushButton::clicked, this, [this] {
        if (const auto module = m_studio.document().selectedModule())
            ask({*module});
    });
    connect(m_stop, &QPushButton::clicked, m_answers, &WhatIfs::stop);
    connect(m_use, &QPushButton::clicked, this, &WhatIfPanel::useChosen);
    connect(m_copy, &QPushButton::clicked, this, &WhatIfPanel::copyCommand);
    connect(m_plot, &PlotView::hovered, this, &WhatIfPanel::hovered);
    connect(m_plot, &WhatIfPlot::kindClicked, this,
            [this](core::TransformKind kind) { m_table->selectRow(m_model->rowOf(kind)); });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &WhatIfPanel::showVerdict);
    connect(m_table, &QTableView::doubleClicked, this, &WhatIfPanel::useChosen);
}

QString WhatIfPanel::problem() const
{
    const auto& document = m_studio.document();
    if (document.readState() == Document::ReadState::Loading)
        return tr("The model is being read");
    if (document.readState() == Document::ReadState::Failed)
        return tr("The model could not be read");
    if (document.readState() != Document::ReadState::Ready || document.plan().isEmpty())
        return tr("Open a model first");
    if (!document.selectedModule())
        return tr("Select a module: the embedding and the head have no transform");
    if (document.text().isEmpty())
        return tr("Choose a text in Calibrate: the kinds are trained and measured on it");
    return {};
}

void WhatIfPanel::ask(const std::vector<core::ModuleId>& modules)
{
    if (problem().isEmpty())
        m_answers->ask(modules, static_cast<WhatIfEffort>(m_effort->currentIndex()));
}

std::optional<core::TransformKind> WhatIfPanel::chosen() const
{
    const auto rows = m_table->selectionModel()->selectedRows();
    if (const auto* kind = m_model->kindAt(rows.isEmpty() ? -1 : rows.first().row()))
        return kind->kind;
    const auto module = m_studio.document().selectedModule();
    const auto answer = module ? m_answers->answer(*module) : nullptr;
    const auto* best = WhatIfs::best(answer);
    return best ? std::optional(best->kind) : std::nullopt;
}

void WhatIfPanel::useChosen()
{
    const auto module = m_studio.document().selectedModule();
    const auto kind = chosen();
    if (module && kind)
        m_studio.document().plan().overrideKind({*module}, *kind);
}

void WhatIfPanel::copyCommand()
{
    const auto module = m_studio.document().selectedModule();
    if (!module)
        return;
    const auto command = m_studio.onDevice(
        whatIfCommand(m_answers->specFor(*module, static_cast<WhatIfEffort>(m_effort->currentIndex()))));
    QGuiApplication::clipboard()->setText(command);
    Q_EMIT commandCopied(command);
}

void WhatIfPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    show();
}

/** While it is not seen nothing is drawn: the plan changes with every move of a threshold. */
void WhatIfPanel::refresh()
{
    if (isVisible())
        show();
}

void WhatIfPanel::show()
{
    const auto module = m_studio.document().selectedModule();
    const auto answer = module ? m_answers->answer(*module) : nullptr;
    const auto* choice = module ? m_studio.document().plan().plan().find(*module) : nullptr;
    const auto why = problem();
    m_start->setEnabled(why.isEmpty() && !m_answers->isWaiting(*module));
    m_copy->setEnabled(why.isEmpty());
    const auto* job = module ? m_answers->job(*module) : nullptr;
    const bool waits = job && !job->isOver();
    m_stop->setEnabled(waits && job->state() != Job::State::Stopping);
    m_bar->setVisible(waits);
    m_bar->setValue(waits ? static_cast<int>(job->fraction() * 1000.0) : 0);
    m_model->show(answer);
    showVerdict();
    if (m_plot->isPinned())
        return;
    m_plot->setTitle(module ? tr("What if: %1").arg(toQString(core::toString(*module))) : tr("What if"));
    m_plot->setPlaceholder(!why.isEmpty() ? why
                               : !waits   ? tr("Press W, or Compare kinds, to try all four in this module")
                               : job->state() == Job::State::Queued ? tr("Waiting for the job before it")
                                                                    : tr("Training each kind for a moment\u2026"));
    m_plot->setPlanned(choice ? std::optional(choice->kind) : std::nullopt);
    m_plot->show(answer);
}

QString WhatIfPanel::verdictText() const
{
    const auto module = m_studio.document().selectedModule();
    const auto answer = module ? m_answers->answer(*module) : nullptr;
    const auto* best = WhatIfs::best(answer);
    const auto* job = module ? m_answers->job(*module) : nullptr;
    if (!best)
        return job && job->state() == Job::State::Cancelled ? tr("Stopped by you before it was done")
            : job && job->state() == Job::State::Failed     ? job->failure()->what
            : job && job->state() == Job::State::Running    ? job->text()
                                                            : QString();
    auto text = tr("<b>%1</b> has the least error: SQNR %2 dB").arg(kindName(best->kind), formatFixed(best->sqnr, 2));
    const auto* choice = m_studio.document().plan().plan().find(*module);
    for (const auto& kind : answer->kinds) {
        if (!choice || kind.kind != choice->kind || kind.kind == best->kind)
            continue;
        text += tr(", %1 dB more than the planned %2").arg(formatFixed(best->sqnr - kind.sqnr, 2), kindName(kind.kind));
        if (core::areAlike(*best, kind))
            text += tr(", which is within the windows' spread: <b>no clear difference</b>");
    }
    if (choice && choice->kind == best->kind)
        text += tr(", as planned");
    text += tr(". It adds %1 % of the module's own multiply-adds and %2 of memory. W%3 A%4, measured on %n window(s) "
               "kept aside.",
               nullptr, answer->heldOutWindows)
                .arg(formatFixed(best->onlineShare * 100.0, 2), formatBytes(best->addedBytes))
                .arg(answer->scheme.weightBits)
                .arg(answer->scheme.activationBits);
    if (m_answers->isStale(*module))
        text = tr("\u26a0 The bits have changed since: compare again. ") + text;
    return text;
}

void WhatIfPanel::showVerdict()
{
    m_verdict->setText(verdictText());
    m_verdict->setVisible(!m_verdict->text().isEmpty());
    const auto kind = chosen();
    m_use->setText(kind ? tr("Use %1").arg(kindName(*kind)) : tr("Use the best"));
    const auto module = m_studio.document().selectedModule();
    const auto* choice = module ? m_studio.document().plan().plan().find(*module) : nullptr;
    m_use->setEnabled(kind && choice && (choice->kind != *kind || choice->origin != core::Origin::User));
    const bool isMarked = m_table->selectionModel()->hasSelection();
    if (!m_plot->isPinned())
        m_plot->setMarked(isMarked ? kind : std::nullopt);
}

} // namespace ui
