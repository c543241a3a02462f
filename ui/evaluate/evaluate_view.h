// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"
#include "ui/jobs/job.h"

#include <QPointer>
#include <QWidget>

class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QTableView;

namespace ui {

class PerplexityPlot;
class RunsTableModel;
class Studio;
class TextPicker;

/** Workspace "Evaluate": what quantization cost, with its uncertainty. */
class EvaluateView : public QWidget
{
    Q_OBJECT

public:
    explicit EvaluateView(Studio& studio, QWidget* parent = nullptr);

    PerplexityPlot& plot() { return *m_plot; }
    QPushButton& startButton() { return *m_start; }
    QTableView& table() { return *m_table; }
    QSpinBox& limit() { return *m_limit; }

Q_SIGNALS:
    void hovered(const QString& text);
    void commandCopied(const QString& command);

private:
    QWidget* buildForm();
    QWidget* buildResults();
    void connectStudio();
    core::EvaluateSpec spec() const;
    QString runName() const;
    void start();
    void copyCommand();
    void showState();
    void showJob();
    void showRuns();

    Studio& m_studio;
    QComboBox* m_subject = nullptr;
    TextPicker* m_text = nullptr;
    QSpinBox* m_seqlen = nullptr;
    QComboBox* m_convention = nullptr;
    QSpinBox* m_limit = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_stop = nullptr;
    QPushButton* m_copy = nullptr;
    QLabel* m_problem = nullptr;
    QLabel* m_progress = nullptr;
    QProgressBar* m_bar = nullptr;
    PerplexityPlot* m_plot = nullptr;
    RunsTableModel* m_runs = nullptr;
    QTableView* m_table = nullptr;
    QPointer<Job> m_job;
};

} // namespace ui
