// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evaluate/evaluate_view.h"

#include "ui/command_line.h"
#include "ui/convert.h"
#include "ui/evaluate/runs_table_model.h"
#include "ui/format.h"
#include "ui/plot/perplexity_plot.h"
#include "ui/studio.h"
#include "ui/text_picker.h"

#include <QClipboard>
#include <QComboBox>
#include <QFileInfo>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QSplitter>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>

namespace ui {

namespace {

enum Subject { Quantized, FullPrecision };

} // namespace

EvaluateView::EvaluateView(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 10, 12, 10);
    row->setSpacing(14);
    row->addWidget(buildForm());
    row->addWidget(buildResults(), 1);
    connectStudio();
    auto* clock = new QTimer(this);
    clock->setInterval(500);
    connect(clock, &QTimer::timeout, this, [this] {
        if (m_job && m_job->isActive())
            showJob();
    });
    clock->start();
    showState();
    showRuns();
}

QWidget* EvaluateView::buildForm()
{
    auto* box = new QWidget(this);
    box->setFixedWidth(352);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    auto* form = new QFormLayout;
    m_subject = new QComboBox(box);
    m_subject->addItems({tr("quantized against full precision"), tr("full precision alone")});
    m_subject->setAccessibleName(tr("What to measure"));
    m_text = new TextPicker(tr("Evaluation text"), box);
    m_text->setPlaceholder(tr("Text to measure on"));
    m_seqlen = new QSpinBox(box);
    m_seqlen->setRange(0, 131'072);
    m_seqlen->setSpecialValueText(tr("automatic"));
    m_seqlen->setAccessibleName(tr("Window length"));
    m_seqlen->setToolTip(tr("Tokens in each window; automatic: the smaller of 2048 and the model's context"));
    m_convention = new QComboBox(box);
    m_convention->addItems({tr("GPTQ: every token"), tr("llama.cpp: second half")});
    m_convention->setAccessibleName(tr("Convention"));
    m_convention->setToolTip(tr("Which predictions count: papers use the first, llama.cpp prints the second"));
    m_limit = new QSpinBox(box);
    m_limit->setRange(0, 2'000'000'000);
    m_limit->setSingleStep(1024);
    m_limit->setSpecialValueText(tr("whole text"));
    m_limit->setAccessibleName(tr("Tokens at most"));
    form->addRow(tr("Measure"), m_subject);
    form->addRow(tr("Text"), m_text);
    form->addRow(tr("Window"), m_seqlen);
    form->addRow(tr("Convention"), m_convention);
    form->addRow(tr("At most"), m_limit);
    m_start = new QPushButton(tr("Evaluate"), box);
    m_start->setDefault(true);
    m_start->setToolTip(
        tr("Perplexity with its standard error, and divergence from full precision (seconds to minutes)"));
    m_stop = new QPushButton(tr("Stop"), box);
    m_copy = new QPushButton(tr("Copy as command"), box);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_start);
    buttons->addWidget(m_stop);
    m_problem = new QLabel(box);
    m_problem->setWordWrap(true);
    m_problem->setForegroundRole(QPalette::PlaceholderText);
    column->addLayout(form);
    column->addLayout(buttons);
    column->addWidget(m_copy);
    column->addWidget(m_problem);
    column->addStretch(1);
    connect(m_text, &TextPicker::pathEdited, &m_studio.document(), &Document::setEvaluationText);
    connect(m_subject, &QComboBox::activated, this, &EvaluateView::showState);
    connect(m_start, &QPushButton::clicked, this, &EvaluateView::start);
    connect(m_copy, &QPushButton::clicked, this, &EvaluateView::copyCommand);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        if (m_job)
            m_job->cancel();
    });
    return box;
}

QWidget* EvaluateView::buildResults()
{
    auto* box = new QWidget(this);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_progress = new QLabel(box);
    m_bar = new QProgressBar(box);
    m_bar->setRange(0, 1000);
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(8);
    auto kept = m_bar->sizePolicy();
    kept.setRetainSizeWhenHidden(true);
    m_bar->setSizePolicy(kept);
    m_bar->setAccessibleName(tr("Progress of the evaluation"));
    m_plot = new PerplexityPlot(box);
    m_plot->setTitle(tr("Perplexity"));
    m_plot->setPlaceholder(tr("Evaluate to see what quantization costs"));
    m_runs = new RunsTableModel(m_studio.document(), this);
    m_table = new QTableView(box);
    m_table->setAccessibleName(tr("Evaluations"));
    m_table->setModel(m_runs);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->setVisible(false);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setHighlightSections(false);
    constexpr int kWidths[] = {170, 120, 120, 84, 130, 120, 80};
    for (int i = 0; i < RunsTableModel::ColumnCount; ++i)
        m_table->setColumnWidth(i, kWidths[i]);
    auto* splitter = new QSplitter(Qt::Vertical, box);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(8);
    splitter->addWidget(m_plot);
    splitter->addWidget(m_table);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setSizes({400, 260});
    column->addWidget(m_progress);
    column->addWidget(m_bar);
    column->addWidget(splitter, 1);
    connect(m_plot, &PlotView::hovered, this, &EvaluateView::hovered);
    return box;
}

void EvaluateView::connectStudio()
{
    auto& document = m_studio.document();
    connect(&document, &Document::evaluationsChanged, this, &EvaluateView::showRuns);
    connect(&document, &Document::bundleChanged, this, &EvaluateView::showState);
    connect(&document, &Document::textChanged, this, &EvaluateView::showState);
    connect(&document, &Document::readingChanged, this, &EvaluateView::showState);
    connect(&m_studio, &Studio::evaluationStarted, this, [this](Job* job) {
        m_job = job;
        connect(job, &Job::changed, this, &EvaluateView::showJob);
        connect(job, &Job::ended, this, &EvaluateView::showState);
        showState();
    });
}

core::EvaluateSpec EvaluateView::spec() const
{
    const auto& document = m_studio.document();
    core::EvaluateSpec spec;
    if (m_subject->currentIndex() == Quantized) {
        spec.model = toStd(document.bundle());
        spec.reference = document.bundle() == document.modelPath() ? std::string() : toStd(document.modelPath());
    } else {
        spec.model = toStd(document.modelPath());
    }
    spec.text = toStd(m_text->path());
    spec.seqlen = m_seqlen->value();
    spec.convention =
        m_convention->currentIndex() == 0 ? core::PerplexityConvention::Gptq : core::PerplexityConvention::LlamaCpp;
    spec.limitTokens = m_limit->value();
    return spec;
}

QString EvaluateView::runName() const
{
    return m_subject->currentIndex() == Quantized ? QFileInfo(m_studio.document().bundle()).fileName()
                                                  : m_studio.document().modelName();
}

void EvaluateView::start()
{
    m_studio.evaluate(spec(), runName());
}

void EvaluateView::copyCommand()
{
    const auto command = evaluateCommand(spec());
    QGuiApplication::clipboard()->setText(command);
    Q_EMIT commandCopied(command);
}

void EvaluateView::showState()
{
    const auto& document = m_studio.document();
    m_text->setPath(document.evaluationText());
    const bool hasBundle = !document.bundle().isEmpty();
    if (!hasBundle)
        m_subject->setCurrentIndex(FullPrecision);
    else if (!m_subject->isEnabled())
        m_subject->setCurrentIndex(Quantized); // the first bundle: what one wants to know now
    m_subject->setEnabled(hasBundle);
    QString problem;
    if (document.modelPath().isEmpty())
        problem = tr("Open a model first.");
    else if (m_text->path().isEmpty())
        problem = tr("Choose a text to measure on.");
    else if (!hasBundle)
        problem = tr("Calibrate to compare the quantized model with full precision.");
    else if (document.isBundleStale())
        problem = tr("The plan changed after the calibration: this measures the older one.");
    const bool busy = m_job && !m_job->isOver();
    const bool ready = !document.modelPath().isEmpty() && !m_text->path().isEmpty();
    m_start->setEnabled(ready && !busy);
    m_copy->setEnabled(ready);
    m_stop->setEnabled(busy);
    m_problem->setText(problem);
    showJob();
}

void EvaluateView::showJob()
{
    m_bar->setVisible(m_job && !m_job->isOver());
    m_bar->setValue(m_job ? static_cast<int>(m_job->fraction() * 1000.0) : 0);
    if (!m_job) {
        m_progress->setText(m_studio.document().evaluations().empty() ? tr("Not evaluated yet") : tr("Evaluated"));
        return;
    }
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
    case Job::State::Stopping: m_progress->setText(tr("Stopping\u2026")); break;
    case Job::State::Cancelled: m_progress->setText(tr("Stopped by you after %1").arg(spent)); break;
    case Job::State::Failed: m_progress->setText(tr("Failed after %1").arg(spent)); break;
    case Job::State::Done: m_progress->setText(tr("Done in %1").arg(spent)); break;
    }
}

void EvaluateView::showRuns()
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
    showJob();
}

} // namespace ui
