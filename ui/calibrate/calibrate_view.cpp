// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calibrate/calibrate_view.h"

#include "ui/calibrate/block_table_model.h"
#include "ui/calibrate/calibration_form.h"
#include "ui/calibrate/calibration_plots.h"
#include "ui/calibrate/calibration_runs.h"
#include "ui/calibrate/device_row.h"
#include "ui/calibrate/pipeline_strip.h"
#include "ui/calibrate/preflight_panel.h"
#include "ui/command_line.h"
#include "ui/convert.h"
#include "ui/engine_texts.h"
#include "ui/format.h"
#include "ui/plot/loss_plot.h"
#include "ui/studio.h"
#include "ui/view_parts.h"

#include <QClipboard>
#include <QDir>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>

#include <algorithm>

namespace ui {

CalibrateView::CalibrateView(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_pipeline(new Pipeline(studio, this))
    , m_runs(new CalibrationRuns(studio, this))
{
    build();
    m_pipeline->setCalibration([this] { return readySpec(); });
    connectForm();
    connectStudio();
    connectTables();
    showOften(this, [this] {
        if (m_job && m_job->isActive())
            showJob();
    });
    showState();
}

void CalibrateView::connectForm()
{
    connect(m_form, &CalibrationForm::edited, this, &CalibrateView::showState);
    connect(m_start, &QPushButton::clicked, this, [this] { start(false); });
    connect(m_resume, &QPushButton::clicked, this, [this] { start(true); });
    connect(m_stop, &QPushButton::clicked, this, [this] {
        if (m_job)
            m_job->cancel();
    });
    connect(m_pause, &QPushButton::clicked, this, [this] {
        if (m_job)
            m_job->setPaused(!m_job->isPaused());
    });
    connect(m_copy, &QPushButton::clicked, this, &CalibrateView::copyCommand);
}

void CalibrateView::connectStudio()
{
    connect(m_runs, &CalibrationRuns::runStarted, this, [this](int row) {
        if (!m_job || m_job->isOver())
            follow(row);
        showState();
    });
    connect(m_runs, &CalibrationRuns::runChanged, this, [this](int row) {
        if (m_runs->jobAt(row) != m_job && m_runs->jobAt(row) && m_runs->jobAt(row)->isActive())
            follow(row); // the next of the queue
        if (m_runs->jobAt(row) != m_job)
            return;
        if (m_job && m_job->isOver()) {
            if (m_job->state() == Job::State::Done)
                showRun(); // the report instead of what was followed
            else
                m_blocks->stop();
            showState();
        } else {
            showJob();
        }
    });
    connect(&m_studio, &Studio::lossReported, this, [this](const std::vector<core::LossPoint>& points) {
        if (!chosenRuns().empty())
            return; // another run is looked at
        m_plots->addLosses(points);
        m_blocks->follow(points);
    });
    auto& document = m_studio.document();
    connect(&document, &Document::bundleChanged, this, &CalibrateView::showState);
    connect(&document, &Document::calibrationChanged, this, &CalibrateView::showRun);
    connect(&document, &Document::calibrationRunsChanged, this, &CalibrateView::showState);
    connect(&document, &Document::readingChanged, this, &CalibrateView::showState);
    connect(&document, &Document::layersReset, this, [this] {
        m_job.clear();
        m_plots->clear();
        m_blocks->finish({});
        showState();
    });
}

void CalibrateView::connectTables()
{
    connect(m_plots, &CalibrationPlots::hovered, this, &CalibrateView::hovered);
    connect(m_runTable->selectionModel(), &QItemSelectionModel::selectionChanged, this, &CalibrateView::showRun);
    connect(m_runs, &QAbstractItemModel::rowsRemoved, this, &CalibrateView::showRun);
    connect(m_runs, &QAbstractItemModel::modelReset, this, &CalibrateView::showRun);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        const auto rows = m_table->selectionModel()->selectedRows();
        m_plots->setBlock(rows.isEmpty() ? std::nullopt : std::optional(rows.first().row()));
    });
    connect(m_plots, &CalibrationPlots::blockClicked, this, [this](int block) {
        m_tabs->setCurrentWidget(m_table);
        m_table->selectRow(block);
    });
    connect(m_table, &QWidget::customContextMenuRequested, this, &CalibrateView::showBlockMenu);
    connect(m_remove, &QPushButton::clicked, this, [this] {
        auto rows = chosenRuns();
        std::sort(rows.rbegin(), rows.rend());
        for (const int row : rows)
            if (m_runs->isOver(row))
                m_runs->forget(row);
            else
                m_runs->cancel(row);
    });
    connect(m_attach, &QPushButton::clicked, this, [this] {
        if (const auto rows = chosenRuns(); rows.size() == 1)
            m_studio.attachBundle(m_runs->runAt(rows.front()).bundle);
    });
}

LossPlot& CalibrateView::plot()
{
    return m_plots->loss();
}

std::vector<int> CalibrateView::chosenRuns() const
{
    std::vector<int> rows;
    for (const auto& index : m_runTable->selectionModel()->selectedRows())
        rows.push_back(index.row());
    std::sort(rows.begin(), rows.end());
    return rows;
}

QString CalibrateView::problem() const
{
    if (auto problem = m_form->problem(); !problem.isEmpty())
        return problem;
    return m_runs->writesTo(toQString(m_form->spec().out))
        ? tr("A calibration that runs or waits writes into this folder: name another one to queue a second")
        : QString();
}

std::optional<core::CalibrateSpec> CalibrateView::readySpec() const
{
    return problem().isEmpty() ? std::optional(m_form->spec()) : std::nullopt;
}

void CalibrateView::start(bool resume)
{
    auto spec = m_form->spec();
    spec.options.resume = resume;
    m_runTable->clearSelection();
    m_studio.calibrate(spec);
}

void CalibrateView::trainAgain(int block)
{
    m_studio.document().plan().restart({{block, core::ModuleKind::Attention}, {block, core::ModuleKind::Mlp}});
    if (readySpec())
        start(true);
}

/** What runs now is what the plot and the blocks show. */
void CalibrateView::follow(int row)
{
    m_job = m_runs->jobAt(row);
    if (!chosenRuns().empty())
        return;
    m_plots->clear();
    m_plots->addLosses(m_runs->runAt(row).losses);
    m_blocks->compareWith({});
    m_blocks->begin(static_cast<int>(m_studio.document().plan().plan().modules.size()) / 2);
}

void CalibrateView::copyCommand()
{
    const auto spec = m_form->spec();
    const auto planFile = Studio::planFileFor(toQString(spec.out));
    if (m_studio.engine()) {
        try {
            QDir().mkpath(QFileInfo(planFile).absolutePath());
            m_studio.engine()->writePlan(toStd(planFile), spec.plan);
        } catch (const core::Error& error) {
            m_problem->setText(errorText(error));
        }
    }
    const auto command = m_studio.onDevice(calibrateCommand(spec, planFile));
    QGuiApplication::clipboard()->setText(command);
    Q_EMIT commandCopied(command);
}

QString CalibrateView::planText() const
{
    const auto& plan = m_studio.document().plan().plan();
    if (plan.modules.empty())
        return tr("No plan yet");
    const auto count = [&](core::TransformKind kind) {
        return std::count_if(plan.modules.begin(), plan.modules.end(),
                             [kind](const auto& choice) { return choice.kind == kind; });
    };
    auto text = tr("<b>Plan</b>: %1 affine, %2 rotation, %3 Hadamard, %4 none")
                    .arg(count(core::TransformKind::Affine))
                    .arg(count(core::TransformKind::Rotation))
                    .arg(count(core::TransformKind::Hadamard))
                    .arg(count(core::TransformKind::Identity));
    const auto own = std::count_if(plan.modules.begin(), plan.modules.end(),
                                   [](const auto& choice) { return choice.scheme.has_value(); });
    if (own > 0)
        text += tr("; %n module(s) with bits of their own", nullptr, static_cast<int>(own));
    return text;
}

QString CalibrateView::noteText() const
{
    const auto& document = m_studio.document();
    if (auto text = problem(); !text.isEmpty())
        return text;
    if (document.isBundleStale())
        return tr("The plan changed after the calibration of %1: calibrate again for it to count.")
            .arg(document.bundle());
    return document.bundle().isEmpty() ? QString() : tr("Quantized model: %1").arg(document.bundle());
}

void CalibrateView::showState()
{
    const auto spec = readySpec();
    const bool busy = m_runs->runningRow() >= 0 || m_runs->waiting() > 0;
    const auto work = toQString(m_form->spec().out) + QStringLiteral(".work");
    const auto kept = m_form->problem().isEmpty()
        ? QDir(work).entryList({QStringLiteral("block-*.safetensors")}, QDir::Files).size()
        : 0;
    m_start->setEnabled(spec.has_value());
    m_start->setText(busy ? tr("Add to queue") : tr("Calibrate"));
    m_resume->setVisible(kept > 0 || (m_job && m_job->state() == Job::State::Cancelled));
    m_resume->setEnabled(spec.has_value());
    m_resume->setToolTip(
        kept > 0 ? tr("Goes on after the %n finished block(s) in the output folder", nullptr, static_cast<int>(kept))
                 : tr("Goes on after the finished blocks in the output folder"));
    m_copy->setEnabled(m_form->problem().isEmpty());
    m_problem->setText(noteText());
    m_summary->setText(planText());
    m_preflight->setSpec(spec);
    m_tabs->setTabText(1, m_runs->rowCount() > 0 ? tr("Runs (%1)").arg(m_runs->rowCount()) : tr("Runs"));
    showRunButtons();
    showJob();
}

QString CalibrateView::progressText() const
{
    if (!m_job)
        return m_studio.document().calibration() && !m_studio.document().calibration()->blocks.empty()
            ? tr("Calibrated")
            : tr("Not calibrated yet");
    const auto spent = formatDuration(m_job->spentMs());
    const auto waiting =
        m_runs->waiting() > 0 ? tr("  \u00b7  %n more waiting", nullptr, m_runs->waiting()) : QString();
    switch (m_job->state()) {
    case Job::State::Queued: return tr("Waiting for the job before it");
    case Job::State::Running: {
        const auto left = m_job->leftMs();
        return tr("%1  \u00b7  %2 spent%3")
                   .arg(m_job->text(), spent, left ? tr(", %1 left").arg(formatDuration(*left)) : QString())
            + waiting;
    }
    case Job::State::Stopping: return tr("Stopping at the next step\u2026");
    case Job::State::Cancelled:
        return tr("Stopped by you after %1: %n finished block(s) kept", nullptr, m_blocks->finishedBlocks()).arg(spent);
    case Job::State::Failed: return tr("Failed after %1").arg(spent);
    case Job::State::Done: {
        const auto& report = m_studio.document().calibration();
        return report && report->peakMemoryBytes > 0
            ? tr("Done in %1, peak memory %2").arg(spent, formatBytes(report->peakMemoryBytes))
            : tr("Done in %1").arg(spent);
    }
    }
    return {};
}

void CalibrateView::showJob()
{
    const bool busy = m_job && !m_job->isOver();
    m_bar->setVisible(busy);
    m_bar->setValue(m_job ? static_cast<int>(m_job->fraction() * 1000.0) : 0);
    m_progress->setText(progressText());
    m_stop->setEnabled(busy && m_job->state() != Job::State::Stopping);
    m_pause->setEnabled(busy && m_job->state() == Job::State::Running);
    m_pause->setText(busy && m_job->isPaused() ? tr("Continue") : tr("Pause"));
}

void CalibrateView::showRun()
{
    const auto rows = chosenRuns();
    showRunButtons();
    if (rows.empty()) {
        showCurrentRun();
        return;
    }
    const auto nameOf = [this](int row) { return QFileInfo(m_runs->runAt(row).bundle).fileName(); };
    const auto& run = m_runs->runAt(rows.front());
    m_plots->clear();
    m_plots->addLosses(m_runs->losses(rows.front()));
    m_blocks->finish(run.report);
    const bool two = rows.size() > 1;
    m_plots->loss().compareWith(nameOf(rows.front()), two ? nameOf(rows[1]) : QString(),
                                two ? m_runs->losses(rows[1]) : std::vector<core::LossPoint>());
    if (two)
        m_plots->compareErrors(run, m_runs->runAt(rows[1]));
    else
        m_plots->showErrors(run.report);
    m_blocks->compareWith(two ? m_runs->runAt(rows[1]).report : core::CalibrationReport());
    m_table->setColumnHidden(BlockTableModel::OtherEnd, !two);
    m_preflight->showRun(run.report.preflight);
}

/** What runs, else the quantized model that is there. */
void CalibrateView::showCurrentRun()
{
    m_table->setColumnHidden(BlockTableModel::OtherEnd, true);
    m_blocks->compareWith({});
    if (const int running = m_runs->runningRow(); running >= 0) {
        m_plots->clear();
        m_plots->addLosses(m_runs->losses(running));
        m_blocks->begin(static_cast<int>(m_studio.document().plan().plan().modules.size()) / 2);
        m_blocks->follow(m_runs->losses(running));
        return;
    }
    m_plots->loss().compareWith({}, {}, {});
    const auto& document = m_studio.document();
    const auto& report = document.calibration();
    m_plots->showErrors(report ? *report : core::CalibrationReport());
    if (report)
        m_blocks->finish(*report);
    m_preflight->showRun(report ? report->preflight : std::nullopt);
    for (int row = 0; row < m_runs->rowCount(); ++row)
        if (m_runs->isFinished(row) && m_runs->runAt(row).bundle == document.bundle()) {
            m_plots->clear();
            m_plots->addLosses(m_runs->losses(row));
            m_plots->showErrors(report ? *report : core::CalibrationReport());
        }
}

void CalibrateView::showRunButtons()
{
    const auto rows = chosenRuns();
    m_remove->setEnabled(!rows.empty());
    m_remove->setText(!rows.empty() && !m_runs->isOver(rows.front()) ? tr("Stop") : tr("Remove"));
    m_attach->setEnabled(rows.size() == 1 && m_runs->isFinished(rows.front())
                         && m_runs->runAt(rows.front()).bundle != m_studio.document().bundle());
}

void CalibrateView::showBlockMenu(const QPoint& position)
{
    const int block = m_table->indexAt(position).row();
    if (block < 0)
        return;
    auto* menu = new QMenu(m_table);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto* again = menu->addAction(tr("Train block %1 again from another random start").arg(block));
    again->setEnabled(readySpec().has_value());
    connect(again, &QAction::triggered, this, [this, block] { trainAgain(block); });
    auto* changed = menu->addAction(tr("Train what changed, keep the other blocks"));
    changed->setEnabled(readySpec().has_value());
    connect(changed, &QAction::triggered, this, [this] { start(true); });
    menu->popup(m_table->viewport()->mapToGlobal(position));
}

} // namespace ui
