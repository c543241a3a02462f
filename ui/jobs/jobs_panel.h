// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QPlainTextEdit;
class QPushButton;
class QTableView;

namespace ui {

class Job;
class JobRunner;
class JobsModel;

/** The list of jobs with their bars, and what can be done with the selected one. */
class JobsPanel : public QWidget
{
    Q_OBJECT

public:
    explicit JobsPanel(JobRunner& runner, QWidget* parent = nullptr);

    /** The job to talk about: the selected one, else the newest. Null without jobs. */
    Job* chosen() const;
    QTableView& table() { return *m_table; }

Q_SIGNALS:
    void commandCopied(const QString& command);

private:
    void buildTable(JobRunner& runner);
    void updateButtons();
    void copyCommand();

    JobsModel* m_model = nullptr;
    QTableView* m_table = nullptr;
    QPushButton* m_cancel = nullptr;
    QPushButton* m_pause = nullptr;
    QPushButton* m_retry = nullptr;
    QPushButton* m_copy = nullptr;
};

} // namespace ui
