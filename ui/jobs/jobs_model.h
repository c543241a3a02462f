// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

namespace ui {

class Job;
class JobRunner;

/** The jobs of this window, newest first. */
class JobsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Title, State, Progress, Spent, Left, Message, ColumnCount };
    static constexpr int kFractionRole = Qt::UserRole; // double in [0, 1], for the bar
    static constexpr int kCommandRole = Qt::UserRole + 1;

    JobsModel(const JobRunner& runner, QObject* parent);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Job* jobAt(int row) const; // null outside

    static QString stateText(const Job& job);

private:
    QString text(const Job& job, int column) const;
    void update(Job* job);

    QList<Job*> m_jobs; // oldest first
};

} // namespace ui
