// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evaluate/evaluation_form.h"

#include "ui/convert.h"
#include "ui/model/document.h"
#include "ui/text_picker.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFormLayout>
#include <QGridLayout>
#include <QGroupBox>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QStandardPaths>
#include <QVBoxLayout>

#include <array>

namespace ui {

namespace {

enum Subject { Quantized, FullPrecision };

constexpr std::array kTasks{"arc_easy", "arc_challenge", "hellaswag", "lambada_openai", "piqa", "winogrande"};

constexpr int kJournalDays = 30; // without a change, then a journal is removed

QDir journalFolder()
{
    return QDir(QStandardPaths::writableLocation(QStandardPaths::CacheLocation) + QStringLiteral("/evaluations"));
}

/** Finished passes of evaluations of a model; a stopped one goes on from there. One file a model, so that two windows do not
    wait for each other. */
QString journalFile(const std::string& model)
{
    const auto name = QCryptographicHash::hash(QByteArray::fromStdString(model), QCryptographicHash::Sha256).toHex();
    return journalFolder().filePath(QString::fromLatin1(name.left(16)) + QStringLiteral(".jsonl"));
}

} // namespace

EvaluationForm::EvaluationForm(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
{
    setFixedWidth(352);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    buildTextFields();
    buildTaskFields();
    buildButtons();
    column->addStretch(1);
}

void EvaluationForm::buildTextFields()
{
    m_subject = new QComboBox(this);
    m_subject->addItems({tr("quantized against full precision"), tr("full precision alone")});
    m_subject->setAccessibleName(tr("What to measure"));
    m_text = new TextPicker(tr("Evaluation text"), this);
    m_text->setPlaceholder(tr("Text to measure on"));
    m_seqlen = new QSpinBox(this);
    m_seqlen->setRange(0, 131'072);
    m_seqlen->setSpecialValueText(tr("automatic"));
    m_seqlen->setAccessibleName(tr("Window length"));
    m_seqlen->setToolTip(tr("Tokens in each window; automatic: the smaller of 2048 and the model's context"));
    m_convention = new QComboBox(this);
    m_convention->addItems({tr("GPTQ: every token"), tr("llama.cpp: second half")});
    m_convention->setAccessibleName(tr("Convention"));
    m_convention->setToolTip(tr("Which predictions count: papers use the first, llama.cpp prints the second"));
    m_limit = new QSpinBox(this);
    m_limit->setRange(0, 2'000'000'000);
    m_limit->setSingleStep(1024);
    m_limit->setSpecialValueText(tr("whole text"));
    m_limit->setAccessibleName(tr("Tokens at most"));
    m_limit->setSuffix(tr(" tokens"));
    auto* form = new QFormLayout;
    form->addRow(tr("Measure"), m_subject);
    form->addRow(tr("Text"), m_text);
    form->addRow(tr("Window"), m_seqlen);
    form->addRow(tr("Convention"), m_convention);
    form->addRow(tr("At most"), m_limit);
    static_cast<QVBoxLayout*>(layout())->addLayout(form);
    connect(m_text, &TextPicker::pathEdited, &m_document, &Document::setEvaluationText);
    connect(m_subject, &QComboBox::activated, this, &EvaluationForm::showState);
}

void EvaluationForm::buildTaskFields()
{
    auto* box = new QGroupBox(tr("Zero-shot tasks"), this);
    auto* form = new QFormLayout(box);
    auto* grid = new QGridLayout;
    for (std::size_t i = 0; i < kTasks.size(); ++i) {
        auto* task = new QCheckBox(QLatin1String(kTasks[i]), box);
        m_tasks.push_back(task);
        grid->addWidget(task, static_cast<int>(i / 2), static_cast<int>(i % 2));
        connect(task, &QCheckBox::toggled, this, &EvaluationForm::showState);
    }
    form->addRow(grid);
    m_tasksFolder = new TextPicker(tr("Folder of the tasks' items"), box, TextPicker::Picks::Folder);
    m_tasksFolder->setPlaceholder(tr("Folder with the data sets' files"));
    connect(m_tasksFolder, &TextPicker::pathEdited, this, &EvaluationForm::showState);
    m_itemLimit = new QSpinBox(box);
    m_itemLimit->setRange(0, 1'000'000);
    m_itemLimit->setSingleStep(100);
    m_itemLimit->setSpecialValueText(tr("all"));
    m_itemLimit->setAccessibleName(tr("Items of each task at most"));
    m_ownItems = new TextPicker(tr("Items of your own"), box);
    m_ownItems->setObjectName(QStringLiteral("ownItems"));
    m_ownItems->setPlaceholder(tr("A .jsonl of {query, choices, gold}"));
    connect(m_ownItems, &TextPicker::pathEdited, this, &EvaluationForm::showState);
    form->addRow(tr("Items in"), m_tasksFolder);
    form->addRow(tr("Own items"), m_ownItems);
    form->addRow(tr("Items"), m_itemLimit);
    static_cast<QVBoxLayout*>(layout())->addWidget(box);
}

void EvaluationForm::buildButtons()
{
    m_start = new QPushButton(tr("Evaluate"), this);
    m_start->setDefault(true);
    m_start->setToolTip(tr("Perplexity with its standard error, divergence from full precision, accuracies (seconds to "
                           "hours); a stopped evaluation goes on where it was"));
    m_stop = new QPushButton(tr("Stop"), this);
    m_copy = new QPushButton(tr("Copy as command"), this);
    m_report = new QPushButton(tr("Report\u2026"), this);
    m_report->setToolTip(tr("Plan, calibration and evaluations as one HTML page that needs nothing else"));
    auto* more = new QHBoxLayout;
    more->addWidget(m_copy);
    more->addWidget(m_report);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_start);
    buttons->addWidget(m_stop);
    m_problem = new QLabel(this);
    m_problem->setWordWrap(true);
    m_problem->setForegroundRole(QPalette::PlaceholderText);
    auto* column = static_cast<QVBoxLayout*>(layout());
    column->addLayout(buttons);
    column->addLayout(more);
    column->addWidget(m_problem);
    connect(m_start, &QPushButton::clicked, this, &EvaluationForm::startRequested);
    connect(m_stop, &QPushButton::clicked, this, &EvaluationForm::stopRequested);
    connect(m_report, &QPushButton::clicked, this, &EvaluationForm::reportRequested);
    connect(m_copy, &QPushButton::clicked, this, &EvaluationForm::copyRequested);
}

bool EvaluationForm::measuresBundle() const
{
    return m_subject->currentIndex() == Quantized;
}

std::vector<std::string> EvaluationForm::chosenTasks() const
{
    std::vector<std::string> tasks;
    for (std::size_t i = 0; i < kTasks.size(); ++i)
        if (m_tasks[i]->isChecked())
            tasks.emplace_back(kTasks[i]);
    return tasks;
}

void EvaluationForm::prepareJournals()
{
    const auto folder = journalFolder();
    folder.mkpath(QStringLiteral("."));
    const auto old = QDateTime::currentDateTime().addDays(-kJournalDays);
    for (const auto& file : folder.entryInfoList({QStringLiteral("*.jsonl")}, QDir::Files))
        if (file.lastModified() < old)
            QFile::remove(file.filePath());
}

core::EvaluateSpec EvaluationForm::spec() const
{
    core::EvaluateSpec spec;
    if (measuresBundle()) {
        spec.model = toStd(m_document.bundle());
        spec.reference = m_document.bundle() == m_document.modelPath() ? std::string() : toStd(m_document.modelPath());
    } else {
        spec.model = toStd(m_document.modelPath());
    }
    spec.text = toStd(m_text->path());
    spec.seqlen = m_seqlen->value();
    spec.convention =
        m_convention->currentIndex() == 0 ? core::PerplexityConvention::Gptq : core::PerplexityConvention::LlamaCpp;
    spec.limitTokens = m_limit->value();
    spec.tasks = chosenTasks();
    spec.tasksDir = toStd(m_tasksFolder->path());
    spec.limit = m_itemLimit->value();
    spec.itemsFile = toStd(m_ownItems->path());
    spec.journal = toStd(journalFile(spec.model));
    if (spec.text.empty())
        spec.reference.clear(); // there is nothing to compare on
    return spec;
}

core::EvaluateSpec EvaluationForm::referenceSpec() const
{
    auto reference = spec();
    reference.model = toStd(m_document.modelPath());
    reference.reference.clear();
    reference.text.clear();
    reference.journal = toStd(journalFile(reference.model));
    return reference;
}

QString EvaluationForm::problem() const
{
    if (m_document.modelPath().isEmpty())
        return tr("Open a model first.");
    if (m_text->path().isEmpty() && chosenTasks().empty() && m_ownItems->path().isEmpty())
        return tr("Choose a text to measure on, or tasks.");
    if (!chosenTasks().empty() && m_tasksFolder->path().isEmpty())
        return tr("Choose the folder that holds the tasks' items.");
    return {};
}

void EvaluationForm::setBusy(bool busy)
{
    m_busy = busy;
    showState();
}

void EvaluationForm::showState()
{
    m_text->setPath(m_document.evaluationText());
    const bool hasBundle = !m_document.bundle().isEmpty();
    if (!hasBundle)
        m_subject->setCurrentIndex(FullPrecision);
    else if (!m_subject->isEnabled())
        m_subject->setCurrentIndex(Quantized); // the first bundle: what one wants to know now
    m_subject->setEnabled(hasBundle);
    const auto obstacle = problem();
    m_start->setEnabled(obstacle.isEmpty() && !m_busy);
    m_copy->setEnabled(obstacle.isEmpty());
    m_report->setEnabled(!m_document.evaluations().empty() || hasBundle);
    m_stop->setEnabled(m_busy);
    if (!obstacle.isEmpty())
        m_problem->setText(obstacle);
    else if (!hasBundle)
        m_problem->setText(tr("Calibrate to compare the quantized model with full precision."));
    else if (m_document.isBundleStale())
        m_problem->setText(tr("The plan changed after the calibration: this measures the older one."));
    else
        m_problem->clear();
}

} // namespace ui
