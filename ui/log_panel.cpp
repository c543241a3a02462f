// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/log_panel.h"

#include "ui/format.h"
#include "ui/jobs/job_runner.h"
#include "ui/jobs/jobs_model.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSysInfo>
#include <QTime>
#include <QVBoxLayout>

namespace ui {

namespace {

constexpr int kKeptLines = 2000;
constexpr int kCopiedLines = 200;

} // namespace

LogPanel::LogPanel(JobRunner& runner, QWidget* parent)
    : QWidget(parent)
    , m_text(new QPlainTextEdit(this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 8, 8);
    m_text->setReadOnly(true);
    m_text->setMaximumBlockCount(kKeptLines);
    m_text->setAccessibleName(tr("Log"));
    m_text->setPlaceholderText(tr("What was done, one line an event"));
    auto* copy = new QPushButton(tr("Copy diagnostics"), this);
    copy->setToolTip(tr("Versions, system and the last lines of the log; nothing of your files"));
    auto* column = new QVBoxLayout;
    column->addWidget(copy);
    column->addStretch(1);
    row->addWidget(m_text, 1);
    row->addLayout(column);
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(diagnostics()); });
    connect(&runner, &JobRunner::added, this, [this](const Job* job) {
        if (!job->isQuiet())
            write(job->command().isEmpty() ? job->title() : tr("%1: %2").arg(job->title(), job->command()));
    });
    connect(&runner, &JobRunner::ended, this, [this](const Job* job) { writeEnd(*job); });
}

void LogPanel::write(const QString& line)
{
    m_text->appendPlainText(QTime::currentTime().toString(QStringLiteral("HH:mm:ss  ")) + line);
}

void LogPanel::writeEnd(const Job& job)
{
    if (job.failure())
        write(tr("%1: failed: %2 %3").arg(job.title(), job.failure()->what, job.failure()->context));
    else if (!job.isQuiet())
        write(tr("%1: %2, %3").arg(job.title(), JobsModel::stateText(job), formatDuration(job.spentMs())));
}

QString LogPanel::text() const
{
    return m_text->toPlainText();
}

QString LogPanel::diagnostics() const
{
    QStringList lines{QStringLiteral("Planish ") + QCoreApplication::applicationVersion(),
                      QStringLiteral("Qt ") + QString::fromLatin1(qVersion()),
                      QSysInfo::prettyProductName() + QLatin1Char(' ') + QSysInfo::currentCpuArchitecture()};
    const auto log = text().split(QLatin1Char('\n'));
    lines += log.mid(std::max<qsizetype>(0, log.size() - kCopiedLines));
    return lines.join(QLatin1Char('\n'));
}

} // namespace ui
