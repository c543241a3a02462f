// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"
#include "ui/jobs/job.h"

#include <QPointer>
#include <QWidget>

#include <optional>
#include <vector>

class QLabel;
class QProgressBar;
class QPushButton;
class QTabWidget;
class QTableView;

namespace ui {

class BlockTableModel;
class CalibrationForm;
class CalibrationPlots;
class CalibrationRuns;
class DeviceRow;
class LossPlot;
class Pipeline;
class PipelineStrip;
class PreflightPanel;
class Studio;

/** Workspace "Calibrate": learns the transforms of the plan, with the loss as it falls: what it will need, what runs and waits,
    and finished runs beside each other. */
class CalibrateView : public QWidget
{
    Q_OBJECT

public:
    explicit CalibrateView(Studio& studio, QWidget* parent = nullptr);

    CalibrationForm& form() { return *m_form; }
    DeviceRow& device() { return *m_device; }
    PreflightPanel& preflight() { return *m_preflight; }
    Pipeline& pipeline() { return *m_pipeline; }
    PipelineStrip& strip() { return *m_strip; }
    CalibrationPlots& plots() { return *m_plots; }
    LossPlot& plot();
    CalibrationRuns& runs() { return *m_runs; }
    QTableView& runTable() { return *m_runTable; }
    QTableView& blockTable() { return *m_table; }
    QTabWidget& tabs() { return *m_tabs; }
    QPushButton& startButton() { return *m_start; }
    QPushButton& stopButton() { return *m_stop; }
    QPushButton& pauseButton() { return *m_pause; }
    QPushButton& resumeButton() { return *m_resume; }
    QPushButton& removeButton() { return *m_remove; }
    void copyCommand();
    /** Calibrates anew from another random start where the block's transforms have one; other blocks are kept. */
    void trainAgain(int block);

Q_SIGNALS:
    void hovered(const QString& text);
    void commandCopied(const QString& command);

private:
    void build();
    QWidget* buildForm();
    QWidget* buildButtons(QWidget* parent);
    QWidget* buildResults();
    QWidget* buildTables();
    QWidget* buildRuns(QWidget* parent);
    void connectForm();
    void connectStudio();
    void connectTables();
    std::optional<core::CalibrateSpec> readySpec() const; // none where nothing can start
    QString problem() const;
    QString planText() const;
    QString noteText() const;
    QString progressText() const;
    void start(bool resume);
    void follow(int row);
    void showState();
    void showJob();
    void showRun();
    void showCurrentRun();
    void showRunButtons();
    void showBlockMenu(const QPoint& position);
    std::vector<int> chosenRuns() const;

    Studio& m_studio;
    CalibrationForm* m_form = nullptr;
    DeviceRow* m_device = nullptr;
    Pipeline* m_pipeline = nullptr;
    PipelineStrip* m_strip = nullptr;
    PreflightPanel* m_preflight = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_stop = nullptr;
    QPushButton* m_pause = nullptr;
    QPushButton* m_resume = nullptr;
    QPushButton* m_copy = nullptr;
    QPushButton* m_remove = nullptr;
    QPushButton* m_attach = nullptr;
    QLabel* m_problem = nullptr;
    QLabel* m_summary = nullptr;
    QProgressBar* m_bar = nullptr;
    QLabel* m_progress = nullptr;
    CalibrationPlots* m_plots = nullptr;
    QTabWidget* m_tabs = nullptr;
    BlockTableModel* m_blocks = nullptr;
    QTableView* m_table = nullptr;
    CalibrationRuns* m_runs = nullptr;
    QTableView* m_runTable = nullptr;
    QPointer<Job> m_job; // the one that runs, or did last
};

} // namespace ui
