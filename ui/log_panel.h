// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <deque>

class QComboBox;
class QPlainTextEdit;

namespace ui {

class Job;
class JobRunner;

/** What was done in this window, one line an event, from a level on, with a button that copies it beside the versions for a
    report of a fault. */
class LogPanel : public QWidget
{
    Q_OBJECT

public:
    enum class Level { Info, Warning, Error };

    explicit LogPanel(JobRunner& runner, QWidget* parent = nullptr);

    void write(Level level, const QString& line);
    void setDevice(const QString& device) { m_device = device; }
    QComboBox& levels() { return *m_levels; }
    QString text() const;        // as shown
    QStringList facts() const;   // versions and device
    QString diagnostics() const; // versions, device and the last lines of all levels; no contents of files

private:
    struct Line
    {
        Level level;
        QString text;
    };

    void writeEnd(const Job& job);
    void showFrom(Level level);
    static QString levelName(Level level);

    std::deque<Line> m_lines;
    QComboBox* m_levels;
    QPlainTextEdit* m_text;
    QString m_device;
};

} // namespace ui
