// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transforms/search_panel.h"

#include "ui/command_line.h"
#include "ui/convert.h"
#include "ui/flow_row.h"
#include "ui/format.h"
#include "ui/model/layer_delegates.h"
#include "ui/plot/gate_plot.h"
#include "ui/plot/kind_text.h"
#include "ui/studio.h"
#include "ui/transforms/search_table_model.h"
#include "ui/transforms/searches.h"
#include "ui/view_parts.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QSplitter>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui {

namespace {

// In the order in which they compete: the first that is chosen is what the others must beat.
constexpr std::array kKinds{core::TransformKind::Affine, core::TransformKind::Rotation, core::TransformKind::Hadamard,
                            core::TransformKind::Identity};

} // namespace

SearchPanel::SearchPanel(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_searches(new Searches(studio, this))
    , m_start(new QPushButton(tr("\u25f7 Search"), this))
    , m_stop(new QPushButton(tr("Stop"), this))
    , m_use(new QPushButton(tr("Use these choices"), this))
    , m_open(new QPushButton(tr("Open\u2026"), this))
    , m_copy(new QPushButton(tr("Copy as command"), this))
    , m_bar(progressLine(this, tr("Progress of the search")))
    , m_state(new QLabel(this))
{
    m_start->setToolTip(
        tr("Lets the kinds compete in every module, block by block (minutes); goes on from finished blocks"));
    m_stop->setToolTip(tr("Stops at the next step; finished blocks are kept"));
    m_use->setToolTip(tr("Takes what was found into the plan, but for your own choices; can be undone"));
    m_open->setToolTip(tr("A file that planish select --search-out wrote"));
    m_copy->setToolTip(tr("The planish line that does the same"));
    m_state->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 6, 0, 0);
    column->setSpacing(6);
    auto* buttons = new FlowRow;
    for (auto* button : {m_start, m_stop, m_use, m_open, m_copy})
        buttons->addWidget(button);
    column->addLayout(buttons);
    buildFields();
    column->addWidget(m_bar);
    column->addWidget(m_state);
    column->addWidget(buildResults(), 1);
    connectStudio();
    show();
}

void SearchPanel::buildFields()
{
    m_modes = new QComboBox(this);
    m_modes->setAccessibleName(tr("How kinds compete"));
    m_modes->addItems({tr("expected loss"), tr("each module alone"), tr("drawn pairs"), tr("mixed outputs"),
                       tr("train all in full")}); // as core::SearchMode
    m_modes->setToolTip(
        tr("Gates of a pair weigh its loss; each module against its own output; one pair a step; outputs "
           "mixed by the gates; or no gates, every kind trained in full"));
    m_measures = new QComboBox(this);
    m_measures->setObjectName(QStringLiteral("measure"));
    m_measures->setAccessibleName(tr("What decides"));
    m_measures->addItems({tr("by block error"), tr("by divergence")}); // as core::HeldOutMeasure
    m_measures->setToolTip(tr(
        "What held-out windows measure of a candidate: the error of the block's output, or how far the whole model's "
        "predictions move (slower, holds the whole model)"));
    buildKinds();
    m_samples = spinBox(this, 4, 100'000, 32, tr("Windows"),
                        tr("Windows of the text; a quarter of them decides, untrained on"));
    m_seqlen =
        spinBox(this, 8, 131'072, 256, tr("Window length"), tr("Tokens in each window; at most the model's context"));
    m_epochs = spinBox(this, 1, 1'000, 5, tr("Epochs"), tr("How often each block sees all windows"));
    m_starts = spinBox(
        this, 1, 8, 1, tr("Starts"),
        tr("From how many random draws each kind is trained; with two or more the margin that another kind must "
           "pass is twice their spread, else 3 %"));
    m_starts->setObjectName(QStringLiteral("starts"));
    auto* row = new FlowRow;
    row->addWidget(m_kinds);
    row->addWidget(m_modes);
    row->addWidget(m_measures);
    row->addWidget(m_samples);
    row->addWidget(new QLabel(tr("\u00d7"), this));
    row->addWidget(m_seqlen);
    row->addWidget(new QLabel(tr("tokens, epochs"), this));
    row->addWidget(m_epochs);
    row->addWidget(new QLabel(tr("starts"), this));
    row->addWidget(m_starts);
    static_cast<QVBoxLayout*>(layout())->addLayout(row);
}

void SearchPanel::buildKinds()
{
    m_kinds = new QToolButton(this);
    m_kinds->setText(tr("Kinds"));
    m_kinds->setAccessibleName(tr("Kinds that compete"));
    m_kinds->setToolTip(tr("Which kinds compete; the first of them is what the others must beat by a margin"));
    m_kinds->setPopupMode(QToolButton::InstantPopup);
    m_kinds->setProperty("segment", true);
    m_kinds->setFocusPolicy(Qt::StrongFocus);
    auto* menu = new QMenu(m_kinds);
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
        m_kindActions[i] = menu->addAction(kindName(kKinds[i]));
        m_kindActions[i]->setCheckable(true);
        m_kindActions[i]->setChecked(i < 2);
        connect(m_kindActions[i], &QAction::toggled, this, &SearchPanel::refresh);
    }
    m_kinds->setMenu(menu);
}

QWidget* SearchPanel::buildResults()
{
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(8);
    m_plot = new GatePlot(splitter);
    m_plot->setTitle(tr("Gates"));
    m_model = new SearchTableModel(m_studio.document(), *m_searches, this);
    m_table = rowTable(splitter, tr("What the search found"), m_model);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    for (const int column : {SearchTableModel::Found, SearchTableModel::Planned})
        m_table->setItemDelegateForColumn(column, new KindDelegate(KindDelegate::Part::Automatic, m_table));
    constexpr int kWidths[SearchTableModel::ColumnCount] = {84, 84, 100, 46, 36, 52, 46, 60};
    for (int column = 0; column < SearchTableModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, kWidths[column]);
    splitter->addWidget(m_plot);
    splitter->addWidget(m_table);
    splitter->setSizes({320, 440});
    return splitter;
}

void SearchPanel::connectStudio()
{
    auto& document = m_studio.document();
    connect(m_searches, &Searches::changed, this, &SearchPanel::refresh);
    connect(m_searches, &Searches::gatesMoved, this, &SearchPanel::showGates);
    connect(&document, &Document::selectionChanged, this, &SearchPanel::showGates);
    connect(&document, &Document::readingChanged, this, &SearchPanel::refresh);
    connect(&document, &Document::textChanged, this, &SearchPanel::refresh);
    connect(&document.plan(), &PlanEditor::changed, this, &SearchPanel::refresh);
    connect(m_start, &QPushButton::clicked, this, [this] { m_searches->start(options()); });
    connect(m_stop, &QPushButton::clicked, m_searches, &Searches::stop);
    connect(m_use, &QPushButton::clicked, m_searches, &Searches::takeOver);
    connect(m_open, &QPushButton::clicked, this, &SearchPanel::openRequested);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        const auto command = m_studio.onDevice(searchCommand(m_searches->specFor(options())));
        QGuiApplication::clipboard()->setText(command);
        Q_EMIT commandCopied(command);
    });
    connect(m_plot, &PlotView::hovered, this, &SearchPanel::hovered);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) {
                if (!current.isValid())
                    return;
                const auto module = m_model->moduleAt(current.row());
                if (m_studio.document().selectedModule() != module)
                    m_studio.document().select(
                        {module.block, module.kind == core::ModuleKind::Attention ? core::Role::Q : core::Role::Down});
            });
}

core::SearchOptions SearchPanel::options() const
{
    core::SearchOptions options;
    options.mode = static_cast<core::SearchMode>(m_modes->currentIndex());
    options.candidates.clear();
    for (std::size_t i = 0; i < kKinds.size(); ++i)
        if (m_kindActions[i]->isChecked())
            options.candidates.push_back({kKinds[i]});
    options.starts = m_starts->value();
    options.measure = static_cast<core::HeldOutMeasure>(m_measures->currentIndex());
    options.training.samples = m_samples->value();
    const auto& description = m_studio.document().description();
    const auto context = description && description->info.context > 0 ? description->info.context : 1 << 30;
    options.training.seqlen = static_cast<int>(std::min<std::int64_t>(m_seqlen->value(), context));
    options.training.epochs = m_epochs->value();
    return options;
}

void SearchPanel::open(const QString& path)
{
    m_searches->open(path);
}

QString SearchPanel::problem() const
{
    const auto& document = m_studio.document();
    if (document.readState() != Document::ReadState::Ready || document.plan().isEmpty())
        return tr("Open a model first");
    if (document.text().isEmpty())
        return tr("Choose a text in Calibrate: the search trains on it and keeps a part aside to decide");
    if (options().candidates.empty() || options().candidates.size() * std::size_t(options().starts) < 2)
        return tr("Choose at least two kinds that compete, or two starts");
    return {};
}

QString SearchPanel::foundText() const
{
    const auto& search = *m_studio.document().search();
    int disagree = 0;
    int other = 0;
    for (const auto& decision : search.modules) {
        const auto* planned = m_studio.document().plan().plan().find(decision.module);
        const auto kind = decision.candidates[static_cast<std::size_t>(decision.chosen)].candidate.kind;
        other += planned && planned->kind != kind;
        disagree += decision.disagree;
    }
    auto text = tr("Searched in %1: %n module(s) differ from the plan", nullptr, other)
                    .arg(formatDuration(static_cast<std::int64_t>(search.seconds * 1000.0)));
    if (disagree > 0)
        text += tr("; gates and held-out losses disagree in %n", nullptr, disagree);
    return text;
}

QString SearchPanel::stateText() const
{
    const auto why = problem();
    const auto* job = m_searches->job();
    if (job && job->state() == Job::State::Queued)
        return tr("Waiting for the job before it");
    if (job && job->isActive()) {
        const auto left = job->leftMs();
        return tr("%1  \u00b7  %2 spent%3")
            .arg(job->text(), formatDuration(job->spentMs()),
                 left ? tr(", %1 left").arg(formatDuration(*left)) : QString());
    }
    if (job && job->state() == Job::State::Cancelled)
        return tr("Stopped by you: finished blocks are kept, Search goes on from them");
    if (job && job->state() == Job::State::Failed)
        return job->failure()->what;
    if (m_studio.document().search())
        return foundText();
    return why;
}

void SearchPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    show();
}

/** While it is not seen nothing is drawn: the plan changes with every move of a threshold. */
void SearchPanel::refresh()
{
    if (isVisible())
        show();
}

void SearchPanel::show()
{
    const bool busy = m_searches->isRunning();
    const auto* job = m_searches->job();
    const auto& search = m_studio.document().search();
    m_start->setEnabled(problem().isEmpty() && !busy);
    m_copy->setEnabled(problem().isEmpty());
    m_stop->setEnabled(busy && job->state() != Job::State::Stopping);
    m_use->setEnabled(search && !search->modules.empty() && !busy);
    m_open->setEnabled(!busy && m_studio.document().readState() == Document::ReadState::Ready);
    m_bar->setVisible(busy);
    m_bar->setValue(busy ? static_cast<int>(job->fraction() * 1000.0) : 0);
    m_state->setText(stateText());
    m_state->setVisible(!m_state->text().isEmpty());
    QStringList kinds;
    for (const auto* action : m_kindActions)
        if (action->isChecked())
            kinds += action->text();
    m_kinds->setText(kinds.isEmpty() ? tr("Kinds") : kinds.join(QStringLiteral(", ")));
    showGates();
}

void SearchPanel::showGates()
{
    if (!isVisible())
        return;
    const auto selected = m_studio.document().selectedModule();
    // While it runs the picture follows what is trained: the selected module may wait for long.
    const auto module = m_searches->isRunning() && m_searches->newest() ? m_searches->newest() : selected;
    const auto gates = module ? m_searches->gates(*module) : std::vector<core::GatePoint>();
    if (!m_plot->isPinned()) {
        m_plot->setTitle(module ? tr("Gates: %1").arg(toQString(core::toString(*module))) : tr("Gates"));
        m_plot->setPlaceholder(!problem().isEmpty()               ? problem()
                                   : m_searches->isRunning()      ? tr("The gates appear with the first steps")
                                   : m_studio.document().search() ? tr("This search kept no gates of the module")
                                                                  : tr("Search to see how the kinds compete"));
        m_plot->show(m_searches->candidates(), gates);
    }
    const int row = selected ? m_model->rowOf(*selected) : -1;
    if (row >= 0 && row != m_table->currentIndex().row())
        m_table->setCurrentIndex(m_model->index(row, 0));
}

} // namespace ui
