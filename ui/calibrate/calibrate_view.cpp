// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calibrate/calibrate_view.h"

#include "ui/calibrate/block_table_model.h"
#include "ui/calibrate/calibration_form.h"
#include "ui/command_line.h"
#include "ui/convert.h"
#include "ui/format.h"
#include "ui/plot/loss_plot.h"
#include "ui/studio.h"
#include "ui/view_parts.h"

#include <QClipboard>
#include <QDir>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

CalibrateView::CalibrateView(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 10, 12, 10);
    row->setSpacing(14);
    row->addWidget(buildForm());
    row->addWidget(buildResults(), 1);
    connectStudio();
    showOften(this, [this] {
        if (m_job && m_job->isActive())
            showJob();
    });
    showState();
}

QWidget* CalibrateView::buildForm()
{
    auto* area = new QScrollArea(this);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setFixedWidth(360);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* box = new QWidget(area);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 8, 0);
    column->setSpacing(10);
    m_summary = new QLabel(box);
    m_summary->setWordWrap(true);
    m_form = new CalibrationForm(m_studio.document(), box);
    m_problem = new QLabel(box);
    m_problem->setWordWrap(true);
    m_problem->setForegroundRole(QPalette::PlaceholderText);
    m_start = new QPushButton(tr("Calibrate"), box);
    m_start->setDefault(true);
    m_start->setToolTip(tr("Learns the transforms block by block and writes the quantized model (minutes)"));
    m_stop = new QPushButton(tr("Stop"), box);
    m_stop->setToolTip(tr("Stops at the next step; finished blocks are kept"));
    m_resume = new QPushButton(tr("Resume"), box);
    m_resume->setToolTip(tr("Goes on after the finished blocks in the output folder"));
    m_copy = new QPushButton(tr("Copy as command"), box);
    m_copy->setToolTip(tr("The planish line that does the same; writes the plan beside the output folder"));
    auto* buttons = new QHBoxLayout;
    for (auto* button : {m_start, m_stop, m_resume})
        buttons->addWidget(button);
    column->addWidget(m_summary);
    column->addWidget(m_form);
    column->addLayout(buttons);
    column->addWidget(m_copy);
    column->addWidget(m_problem);
    column->addStretch(1);
    area->setWidget(box);
    connect(m_form, &CalibrationForm::edited, this, &CalibrateView::showState);
    connect(m_start, &QPushButton::clicked, this, [this] { start(false); });
    connect(m_resume, &QPushButton::clicked, this, [this] { start(true); });
    connect(m_stop, &QPushButton::clicked, this, [this] {
        if (m_job)
            m_job->cancel();
    });
    connect(m_copy, &QPushButton::clicked, this, &CalibrateView::copyCommand);
    return area;
}

QWidget* CalibrateView::buildResults()
{
    auto* box = new QWidget(this);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_progress = new QLabel(box);
    m_bar = progressLine(box, tr("Progress of the calibration"));
    m_plot = new LossPlot(box);
    m_plot->setTitle(tr("Training loss"));
    m_plot->setPlaceholder(tr("The loss of each block appears here while it is trained"));
    m_blocks = new BlockTableModel(this);
    m_table = rowTable(box, tr("Blocks"), m_blocks);
    column->addWidget(m_progress);
    column->addWidget(m_bar);
    column->addWidget(plotOverTable(box, m_plot, m_table), 1);
    connect(m_plot, &PlotView::hovered, this, &CalibrateView::hovered);
    return box;
}

void CalibrateView::connectStudio()
{
    connect(&m_studio, &Studio::calibrationStarted, this, [this](Job* job, const core::CalibrateSpec& spec) {
        m_job = job;
        if (!spec.options.resume)
            m_plot->clear();
        m_blocks->begin(static_cast<int>(spec.plan.modules.size()) / 2);
        connect(job, &Job::changed, this, &CalibrateView::showJob);
        connect(job, &Job::ended, this, [this, job] {
            if (job == m_job && job->state() != Job::State::Done)
                m_blocks->stop();
            showState();
        });
        showState();
    });
    connect(&m_studio, &Studio::lossReported, this, [this](const std::vector<core::LossPoint>& points) {
        m_plot->addPoints(points);
        m_blocks->follow(points);
    });
    auto& document = m_studio.document();
    connect(&document, &Document::bundleChanged, this, &CalibrateView::showState);
    connect(&document, &Document::calibrationChanged, this, &CalibrateView::showReport);
    connect(&document, &Document::readingChanged, this, &CalibrateView::showState);
    connect(&document, &Document::layersReset, this, [this] {
        m_plot->clear();
        m_blocks->finish({});
        showReport();
    });
}

void CalibrateView::start(bool resume)
{
    auto spec = m_form->spec();
    spec.options.resume = resume;
    m_studio.calibrate(spec);
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
            m_problem->setText(toQString(core::describe(error)));
        }
    }
    const auto command = calibrateCommand(spec, planFile);
    QGuiApplication::clipboard()->setText(command);
    Q_EMIT commandCopied(command);
}

void CalibrateView::showState()
{
    const auto& document = m_studio.document();
    const bool busy = m_job && !m_job->isOver();
    const auto problem = m_form->problem();
    m_start->setEnabled(problem.isEmpty() && !busy);
    m_stop->setEnabled(busy && m_job->state() != Job::State::Stopping);
    m_resume->setVisible(m_job && m_job->state() == Job::State::Cancelled);
    m_resume->setEnabled(problem.isEmpty() && !busy);
    m_copy->setEnabled(problem.isEmpty());
    QString note = problem;
    if (note.isEmpty() && document.isBundleStale())
        note =
            tr("The plan changed after the calibration of %1: calibrate again for it to count.").arg(document.bundle());
    else if (note.isEmpty() && !document.bundle().isEmpty())
        note = tr("Quantized model: %1").arg(document.bundle());
    m_problem->setText(note);
    const auto& plan = document.plan().plan();
    if (plan.modules.empty()) {
        m_summary->setText(tr("No plan yet"));
    } else {
        const auto count = [&](core::TransformKind kind) {
            return std::count_if(plan.modules.begin(), plan.modules.end(),
                                 [kind](const auto& choice) { return choice.kind == kind; });
        };
        m_summary->setText(tr("<b>Plan</b>: %1 affine, %2 rotation, %3 Hadamard, %4 none")
                               .arg(count(core::TransformKind::Affine))
                               .arg(count(core::TransformKind::Rotation))
                               .arg(count(core::TransformKind::Hadamard))
                               .arg(count(core::TransformKind::Identity)));
    }
    showJob();
}

void CalibrateView::showJob()
{
    m_bar->setVisible(m_job && !m_job->isOver());
    if (!m_job) {
        m_progress->setText(m_studio.document().calibration() && !m_studio.document().calibration()->blocks.empty()
                                ? tr("Calibrated")
                                : tr("Not calibrated yet"));
        m_bar->setValue(0);
        return;
    }
    m_bar->setValue(static_cast<int>(m_job->fraction() * 1000.0));
    const auto spent = formatDuration(m_job->spentMs());
    switch (m_job->state()) {
    case Job::State::Queued: m_progress->setText(tr("Waiting for the job before it")); break;
    case Job::State::Running: {
        const auto left = m_job->leftMs();
        m_progress->setText(
            tr("%1  \u00b7  %2 spent%3")
                .arg(m_job->text(), spent, left ? tr(", %1 left").arg(formatDuration(*left)) : QString()));
        break;
    }
    case Job::State::Stopping: m_progress->setText(tr("Stopping at the next step\u2026")); break;
    case Job::State::Cancelled:
        m_progress->setText(
            tr("Stopped by you after %1: %n finished block(s) kept", nullptr, m_blocks->finishedBlocks()).arg(spent));
        break;
    case Job::State::Failed: m_progress->setText(tr("Failed after %1").arg(spent)); break;
    case Job::State::Done: {
        const auto& report = m_studio.document().calibration();
        m_progress->setText(report && report->peakMemoryBytes > 0
                                ? tr("Done in %1, peak memory %2").arg(spent, formatBytes(report->peakMemoryBytes))
                                : tr("Done in %1").arg(spent));
        break;
    }
    }
    m_stop->setEnabled(!m_job->isOver() && m_job->state() != Job::State::Stopping);
}

void CalibrateView::showReport()
{
    const auto& report = m_studio.document().calibration();
    if (report)
        m_blocks->finish(*report);
}

} // namespace ui
