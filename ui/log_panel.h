// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QPlainTextEdit;

namespace ui {

class Job;
class JobRunner;

/** What was done in this window, one line an event, with a button that copies it beside the versions for a report of a
    fault. */
class LogPanel : public QWidget
{
    Q_OBJECT

public:
    explicit LogPanel(JobRunner& runner, QWidget* parent = nullptr);

    QString text() const;
    QString diagnostics() const; // versions and the last lines; no contents of files

private:
    void write(const QString& line);
    void writeEnd(const Job& job);

    QPlainTextEdit* m_text;
};

} // namespace ui
