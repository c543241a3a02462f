// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evaluate/evaluate_view.h"

#include "core/base/error.h"
#include "ui/command_line.h"
#include "ui/convert.h"
#include "ui/evaluate/evaluation_form.h"
#include "ui/evaluate/item_table_model.h"
#include "ui/evaluate/layer_errors_panel.h"
#include "ui/evaluate/runs_table_model.h"
#include "ui/evaluate/task_table_model.h"
#include "ui/format.h"
#include "ui/plot/perplexity_plot.h"
#include "ui/plot/task_plot.h"
#include "ui/studio.h"
#include "ui/view_parts.h"

#include <QCheckBox>
#include <QClipboard>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QRegularExpression>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace ui {

namespace {

QStringList partsOf(const core::EvaluateSpec& spec)
{
    QStringList parts;
    if (!spec.text.empty())
        parts << EvaluateView::tr("perplexity");
    for (const auto& task : spec.tasks)
        parts << toQString(task);
    if (!spec.itemsFile.empty())
        parts << QFileInfo(toQString(spec.itemsFile)).completeBaseName();
    return parts;
}

/** What is done, what runs and how far, and what is still to come. Texts of tasks begin with their names. */
QString partsText(const QStringList& parts, const QString& text)
{
    static const QRegularExpression counted(QStringLiteral("(\\d+) of (\\d+)"));
    qsizetype now = 0;
    for (qsizetype i = 0; i < parts.size(); ++i)
        if (text.startsWith(parts[i] + QLatin1Char(':')))
            now = i;
    const auto match = counted.match(text);
    const double all = match.captured(2).toDouble();
    QStringList shown;
    for (qsizetype i = 0; i < parts.size(); ++i)
        shown << (i < now        ? QStringLiteral("\u2713 ") + parts[i]
                      : i > now  ? parts[i]
                      : all > 0. ? EvaluateView::tr("\u25b6 %1 %2 %")
                                       .arg(parts[i])
                                       .arg(int(100.0 * match.captured(1).toDouble() / all))
                                 : QStringLiteral("\u25b6 ") + parts[i]);
    return shown.join(QStringLiteral("  \u00b7  "));
}

} // namespace

EvaluateView::EvaluateView(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 10, 12, 10);
    row->setSpacing(14);
    m_form = new EvaluationForm(studio.document(), this);
    row->addWidget(m_form);
    row->addWidget(buildResults(), 1);
    connect(m_form, &EvaluationForm::startRequested, this, &EvaluateView::start);
    connect(m_form, &EvaluationForm::reportRequested, this, &EvaluateView::reportRequested);
    connect(m_form, &EvaluationForm::copyRequested, this, &EvaluateView::copyCommand);
    connect(m_form, &EvaluationForm::stopRequested, this, [this] {
        for (const auto& running : m_running)
            if (running.job)
                running.job->cancel();
    });
    connectStudio();
    showOften(this, [this] {
        if (const auto* now = running(); now && now->job->isActive())
            showJob();
    });
    showState();
    showRuns();
}

QPushButton& EvaluateView::startButton()
{
    return m_form->startButton();
}

QSpinBox& EvaluateView::limit()
{
    return m_form->limit();
}

QWidget* EvaluateView::buildResults()
{
    auto* box = new QWidget(this);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_progress = new QLabel(box);
    m_bar = progressLine(box, tr("Progress of the evaluation"));
    m_parts = new QLabel(box);
    m_parts->setObjectName(QStringLiteral("evaluationParts"));
    m_parts->setWordWrap(true);
    m_parts->setForegroundRole(QPalette::PlaceholderText);
    m_parts->hide();
    m_tabs = new QTabWidget(box);
    m_tabs->setAccessibleName(tr("Results"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(buildPerplexity(), tr("Perplexity"));
    m_tabs->addTab(buildTasks(), tr("Tasks"));
    m_tabs->addTab(buildItems(), tr("Answers"));
    m_layers = new LayerErrorsPanel(m_studio, m_tabs);
    connect(m_layers, &LayerErrorsPanel::hovered, this, &EvaluateView::hovered);
    m_tabs->addTab(m_layers, tr("Layers"));
    column->addWidget(m_progress);
    column->addWidget(m_parts);
    column->addWidget(m_bar);
    column->addWidget(m_tabs, 1);
    return box;
}

QTableView* EvaluateView::buildTable(const QString& name, QAbstractItemModel* model, const QString& whenEmpty,
                                     std::initializer_list<int> widths)
{
    auto* table = rowTable(this, name, model, whenEmpty);
    table->setWordWrap(false);
    int column = 0;
    for (const int width : widths)
        table->setColumnWidth(column++, width);
    return table;
}

QWidget* EvaluateView::buildPerplexity()
{
    m_plot = new PerplexityPlot(this);
    m_plot->setTitle(tr("Perplexity"));
    m_plot->setPlaceholder(tr("Evaluate to see what quantization costs"));
    m_runs = new RunsTableModel(m_studio, this);
    m_table = buildTable(tr("Evaluations"), m_runs, tr("Each evaluation becomes a row here"),
                         {170, 120, 120, 84, 150, 130, 120, 80, 150, 130});
    connect(m_plot, &PlotView::hovered, this, &EvaluateView::hovered);
    return plotOverTable(this, m_plot, m_table);
}

QWidget* EvaluateView::buildTasks()
{
    m_taskPlot = new TaskPlot(this);
    m_taskPlot->setPlaceholder(tr("Choose tasks and the folder of their items, then evaluate"));
    m_tasks = new TaskTableModel(this);
    m_taskTable =
        buildTable(tr("Tasks"), m_tasks, tr("Each task becomes a row here"), {150, 44, 96, 90, 182, 42, 56, 58});
    connect(m_taskPlot, &PlotView::hovered, this, &EvaluateView::hovered);
    return plotOverTable(this, m_taskPlot, m_taskTable);
}

QWidget* EvaluateView::buildItems()
{
    auto* box = new QWidget(this);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 8, 0, 0);
    m_changedOnly = new QCheckBox(tr("Changed answers only"), box);
    m_changedOnly->setToolTip(tr("Items that one model has right and the other wrong"));
    m_items = new ItemTableModel(this);
    m_itemTable = buildTable(tr("Answers to single items"), m_items,
                             tr("Every item of the evaluated tasks becomes a row here, with what each model answered"),
                             {110, 90, 260, 130, 160, 160});
    column->addWidget(m_changedOnly);
    column->addWidget(m_itemTable, 1);
    connect(m_changedOnly, &QCheckBox::toggled, this, [this](bool on) {
        m_items->setShown(on ? ItemTableModel::Shows::ChangedAnswers : ItemTableModel::Shows::All);
    });
    return box;
}

void EvaluateView::connectStudio()
{
    auto& document = m_studio.document();
    connect(&document, &Document::evaluationsChanged, this, &EvaluateView::showRuns);
    connect(&document, &Document::bundleWritten, this, &EvaluateView::showRuns);
    connect(&document, &Document::bundleChanged, this, &EvaluateView::showState);
    connect(&document, &Document::textChanged, this, &EvaluateView::showState);
    connect(&document, &Document::readingChanged, this, &EvaluateView::showState);
    connect(&m_studio, &Studio::evaluationStarted, this, [this](Job* job, const core::EvaluateSpec& spec) {
        std::erase_if(m_running, [](const Running& old) { return !old.job || old.job->isOver(); });
        m_running.push_back({job, partsOf(spec)});
        connect(job, &Job::changed, this, &EvaluateView::showJob);
        connect(job, &Job::ended, this, &EvaluateView::showState);
        showState();
    });
}

QString EvaluateView::runName() const
{
    return m_form->measuresBundle() ? QFileInfo(m_studio.document().bundle()).fileName()
                                    : m_studio.document().modelName();
}

/** Whether a chosen task was not yet answered by the full-precision model. */
bool EvaluateView::needsReferenceTasks() const
{
    if (!m_form->measuresBundle())
        return false;
    const auto known = pairedTasks(m_studio.document());
    for (const auto& task : m_form->spec().tasks) {
        const auto found = std::find_if(known.begin(), known.end(), [&](const auto& paired) {
            return paired.name == toQString(task) && paired.reference != nullptr;
        });
        if (found == known.end())
            return true;
    }
    return false;
}

void EvaluateView::start()
{
    EvaluationForm::prepareJournals();
    if (needsReferenceTasks()) // answers are only told apart item by item
        m_studio.evaluate(m_form->referenceSpec(), m_studio.document().modelName());
    m_studio.evaluate(m_form->spec(), runName());
}

void EvaluateView::copyCommand()
{
    const auto command = m_studio.onDevice(evaluateCommand(m_form->spec()));
    QGuiApplication::clipboard()->setText(command);
    Q_EMIT commandCopied(command);
}

const EvaluateView::Running* EvaluateView::running() const
{
    const Running* last = nullptr;
    for (const auto& running : m_running) {
        if (!running.job)
            continue;
        last = &running;
        if (!running.job->isOver())
            break;
    }
    return last;
}

void EvaluateView::showState()
{
    const auto* now = running();
    m_form->setBusy(now && !now->job->isOver());
    showJob();
}

void EvaluateView::showJob()
{
    const auto* now = running();
    const auto* job = now ? now->job.data() : nullptr;
    m_bar->setVisible(job && !job->isOver());
    m_bar->setValue(job ? static_cast<int>(job->fraction() * 1000.0) : 0);
    m_parts->setVisible(job && job->isActive() && now->parts.size() > 1);
    if (!job) {
        m_progress->setText(m_studio.document().evaluations().empty() ? tr("Not evaluated yet") : tr("Evaluated"));
        return;
    }
    const auto spent = formatDuration(job->spentMs());
    switch (job->state()) {
    case Job::State::Queued: m_progress->setText(tr("Waiting for the job before it")); break;
    case Job::State::Running: {
        const auto left = job->leftMs();
        m_progress->setText(
            tr("%1  \u00b7  %2 spent%3")
                .arg(job->text(), spent, left ? tr(", %1 left").arg(formatDuration(*left)) : QString()));
        m_parts->setText(partsText(now->parts, job->engineText()));
        break;
    }
    case Job::State::Stopping: m_progress->setText(tr("Stopping\u2026")); break;
    case Job::State::Cancelled: m_progress->setText(tr("Stopped by you after %1").arg(spent)); break;
    case Job::State::Failed: m_progress->setText(tr("Failed after %1").arg(spent)); break;
    case Job::State::Done: m_progress->setText(tr("Done in %1").arg(spent)); break;
    }
}

void EvaluateView::showRuns()
{
    m_form->showState();
    showPerplexities();
    showTasks();
    showJob();
}

void EvaluateView::showTasks()
{
    const auto tasks = pairedTasks(m_studio.document());
    QVector<TaskDots> dots;
    const auto dotOf = [](const core::TaskResult* result) {
        return result ? std::optional(TaskDots::Dot{accuracyOf(*result), accuracyStderrOf(*result), result->items})
                      : std::nullopt;
    };
    for (const auto& task : tasks)
        dots.append({task.name, dotOf(task.reference), dotOf(task.quantized)});
    m_taskPlot->setTasks(dots);
    m_tasks->setTasks(tasks, m_studio.compareTasks());
    m_items->setTasks(tasks);
}

void EvaluateView::showPerplexities()
{
    QVector<PerplexityBar> bars;
    const auto& document = m_studio.document();
    for (const auto& run : document.evaluations()) {
        const bool isReference =
            run.model == document.modelPath() && run.reference.isEmpty() && run.model != document.bundle();
        if (run.report.referencePerplexity && (bars.isEmpty() || !bars.first().isReference)) {
            const auto& reference = *run.report.referencePerplexity;
            bars.prepend({tr("full precision"), reference.value, reference.stderror, true});
        }
        if (run.report.perplexity && !(isReference && !bars.isEmpty() && bars.first().isReference)) {
            const PerplexityBar bar{isReference ? tr("full precision") : run.name, run.report.perplexity->value,
                                    run.report.perplexity->stderror, isReference};
            if (isReference)
                bars.prepend(bar);
            else
                bars.append(bar);
        }
    }
    m_plot->setBars(bars);
}

} // namespace ui
