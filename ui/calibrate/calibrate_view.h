// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/jobs/job.h"

#include <QPointer>
#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;
class QTableView;

namespace ui {

class BlockTableModel;
class CalibrationForm;
class LossPlot;
class Studio;

/** Workspace "Calibrate": learns the transforms of the plan, with the loss as it falls. */
class CalibrateView : public QWidget
{
    Q_OBJECT

public:
    explicit CalibrateView(Studio& studio, QWidget* parent = nullptr);

    CalibrationForm& form() { return *m_form; }
    LossPlot& plot() { return *m_plot; }
    QPushButton& startButton() { return *m_start; }
    QPushButton& stopButton() { return *m_stop; }
    QPushButton& resumeButton() { return *m_resume; }
    void copyCommand();

Q_SIGNALS:
    void hovered(const QString& text);
    void commandCopied(const QString& command);

private:
    QWidget* buildForm();
    QWidget* buildResults();
    void connectStudio();
    void start(bool resume);
    void showState();
    void showJob();
    void showReport();

    Studio& m_studio;
    CalibrationForm* m_form = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_stop = nullptr;
    QPushButton* m_resume = nullptr;
    QPushButton* m_copy = nullptr;
    QLabel* m_problem = nullptr;
    QLabel* m_summary = nullptr;
    QProgressBar* m_bar = nullptr;
    QLabel* m_progress = nullptr;
    LossPlot* m_plot = nullptr;
    BlockTableModel* m_blocks = nullptr;
    QTableView* m_table = nullptr;
    QPointer<Job> m_job;
};

} // namespace ui
