// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/jobs_model.h"

#include "ui/format.h"
#include "ui/jobs/job_runner.h"

namespace ui {

JobsModel::JobsModel(const JobRunner& runner, QObject* parent)
    : QAbstractTableModel(parent)
{
    for (auto* job : runner.jobs())
        if (!job->isQuiet())
            m_jobs.append(job);
    connect(&runner, &JobRunner::added, this, [this](Job* job) {
        if (job->isQuiet())
            return;
        beginInsertRows({}, 0, 0);
        m_jobs.append(job);
        endInsertRows();
        connect(job, &QObject::destroyed, this, [this, job] {
            const auto place = m_jobs.indexOf(job);
            const int row = static_cast<int>(m_jobs.size() - 1 - place);
            beginRemoveRows({}, row, row);
            m_jobs.removeAt(place);
            endRemoveRows();
        });
    });
    connect(&runner, &JobRunner::changed, this, &JobsModel::update);
}

int JobsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_jobs.size());
}

int JobsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

Job* JobsModel::jobAt(int row) const
{
    return row >= 0 && row < m_jobs.size() ? m_jobs[m_jobs.size() - 1 - row] : nullptr;
}

void JobsModel::update(Job* job)
{
    const auto place = m_jobs.indexOf(job);
    if (place < 0)
        return;
    const int row = static_cast<int>(m_jobs.size() - 1 - place);
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

QString JobsModel::stateText(const Job& job)
{
    switch (job.state()) {
    case Job::State::Queued: return tr("waiting");
    case Job::State::Running: return job.isPaused() ? tr("paused") : tr("running");
    case Job::State::Stopping: return tr("stopping\u2026");
    case Job::State::Done: return tr("done");
    case Job::State::Failed: return tr("failed");
    case Job::State::Cancelled: return tr("stopped by you");
    }
    return {};
}

QString JobsModel::text(const Job& job, int column) const
{
    switch (column) {
    case Title: return job.title();
    case State: return stateText(job);
    case Progress: return job.state() == Job::State::Queued ? QString() : formatPercent(job.fraction());
    case Spent: return job.state() == Job::State::Queued ? QString() : formatDuration(job.spentMs());
    case Left: {
        const auto left = job.leftMs();
        return left ? formatDuration(*left) : QString();
    }
    case Message: return job.failure() ? job.failure()->what : job.text();
    default: return {};
    }
}

QVariant JobsModel::data(const QModelIndex& index, int role) const
{
    const auto* job = index.isValid() ? jobAt(index.row()) : nullptr;
    if (!job)
        return {};
    switch (role) {
    case Qt::DisplayRole: return text(*job, index.column());
    case Qt::ToolTipRole: return job->failure() ? job->failure()->what : job->command();
    case Qt::TextAlignmentRole:
        return index.column() == Spent || index.column() == Left ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                                                 : QVariant();
    case kFractionRole: return job->fraction();
    case kCommandRole: return job->command();
    default: return {};
    }
}

QVariant JobsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Title: return tr("Job");
    case State: return tr("State");
    case Progress: return tr("Progress");
    case Spent: return tr("Spent");
    case Left: return tr("Left");
    case Message: return tr("Now");
    default: return {};
    }
}

} // namespace ui
