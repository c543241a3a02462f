// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/log_panel.h"

#include "ui/format.h"
#include "ui/jobs/job_runner.h"
#include "ui/jobs/jobs_model.h"

#include <QClipboard>
#include <QComboBox>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSysInfo>
#include <QTime>
#include <QVBoxLayout>

namespace ui {

namespace {

constexpr std::size_t kKeptLines = 2000;
constexpr std::size_t kCopiedLines = 200;

/** What is copied to be sent to others names files, not where they lie. */
QString withoutFolders(QString line)
{
    static const QRegularExpression folders(QStringLiteral("(^|(?<=[\\s'\"(=,]))/[^\\s'\"(),:]*/(?=[^\\s'\"(),:/])"));
    return line.replace(folders, QStringLiteral("\u2026/"));
}

} // namespace

LogPanel::LogPanel(JobRunner& runner, QWidget* parent)
    : QWidget(parent)
    , m_levels(new QComboBox(this))
    , m_text(new QPlainTextEdit(this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 8, 8);
    m_levels->addItems({tr("Everything"), tr("Warnings and errors"), tr("Errors")});
    m_levels->setObjectName(QStringLiteral("logLevels"));
    m_levels->setAccessibleName(tr("Least level shown"));
    m_text->setReadOnly(true);
    m_text->setMaximumBlockCount(static_cast<int>(kKeptLines));
    m_text->setAccessibleName(tr("Log"));
    m_text->setPlaceholderText(tr("What was done, one line an event"));
    auto* copy = new QPushButton(tr("Copy diagnostics"), this);
    copy->setObjectName(QStringLiteral("copyDiagnostics"));
    copy->setToolTip(tr("Versions, system and the last lines of the log; nothing of your files"));
    auto* column = new QVBoxLayout;
    column->addWidget(m_levels);
    column->addWidget(copy);
    column->addStretch(1);
    row->addWidget(m_text, 1);
    row->addLayout(column);
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(diagnostics()); });
    connect(m_levels, &QComboBox::currentIndexChanged, this,
            [this](int level) { showFrom(static_cast<Level>(level)); });
    connect(&runner, &JobRunner::added, this, [this](const Job* job) {
        if (!job->isQuiet())
            write(Level::Info,
                  job->command().isEmpty() ? job->title() : tr("%1: %2").arg(job->title(), job->command()));
    });
    connect(&runner, &JobRunner::ended, this, [this](const Job* job) { writeEnd(*job); });
}

QString LogPanel::levelName(Level level)
{
    return level == Level::Error  ? QStringLiteral("ERROR ")
        : level == Level::Warning ? QStringLiteral("WARN  ")
                                  : QStringLiteral("INFO  ");
}

void LogPanel::write(Level level, const QString& line)
{
    m_lines.push_back({level, QTime::currentTime().toString(QStringLiteral("HH:mm:ss  ")) + levelName(level) + line});
    if (m_lines.size() > kKeptLines)
        m_lines.pop_front();
    if (static_cast<int>(level) >= m_levels->currentIndex())
        m_text->appendPlainText(m_lines.back().text);
}

void LogPanel::writeEnd(const Job& job)
{
    if (job.failure())
        write(Level::Error, tr("%1: failed: %2 %3").arg(job.title(), job.failure()->what, job.failure()->context));
    else if (!job.isQuiet())
        write(job.state() == Job::State::Cancelled ? Level::Warning : Level::Info,
              tr("%1: %2, %3").arg(job.title(), JobsModel::stateText(job), formatDuration(job.spentMs())));
}

void LogPanel::showFrom(Level level)
{
    QStringList shown;
    for (const auto& line : m_lines)
        if (line.level >= level)
            shown += line.text;
    m_text->setPlainText(shown.join(QLatin1Char('\n')));
    m_text->moveCursor(QTextCursor::End);
}

QString LogPanel::text() const
{
    return m_text->toPlainText();
}

QStringList LogPanel::facts() const
{
    return {QStringLiteral("Planish ") + QCoreApplication::applicationVersion(),
            QStringLiteral("Qt ") + QString::fromLatin1(qVersion()),
            QSysInfo::prettyProductName() + QLatin1Char(' ') + QSysInfo::currentCpuArchitecture(),
            QStringLiteral("Device ") + (m_device.isEmpty() ? QStringLiteral("not known yet") : m_device)};
}

QString LogPanel::diagnostics() const
{
    auto lines = facts();
    const auto first = m_lines.size() > kCopiedLines ? m_lines.size() - kCopiedLines : 0;
    for (auto i = first; i < m_lines.size(); ++i)
        lines += withoutFolders(m_lines[i].text);
    return lines.join(QLatin1Char('\n'));
}

} // namespace ui
