// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/jobs/job.h"

#include <QPointer>
#include <QWidget>

class QAbstractItemModel;
class QCheckBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QTabWidget;
class QTableView;

namespace ui {

class EvaluationForm;
class ItemTableModel;
class LayerErrorsPanel;
class PerplexityPlot;
class RunsTableModel;
class Studio;
class TaskPlot;
class TaskTableModel;

/** Workspace "Evaluate": what quantization cost, with its uncertainty: perplexity and divergence, tasks, single answers. */
class EvaluateView : public QWidget
{
    Q_OBJECT

public:
    explicit EvaluateView(Studio& studio, QWidget* parent = nullptr);

    EvaluationForm& form() { return *m_form; }
    PerplexityPlot& plot() { return *m_plot; }
    LayerErrorsPanel& layers() { return *m_layers; }
    TaskPlot& taskPlot() { return *m_taskPlot; }
    QPushButton& startButton();
    QTableView& table() { return *m_table; }
    QTableView& taskTable() { return *m_taskTable; }
    QTableView& itemTable() { return *m_itemTable; }
    QCheckBox& changedOnly() { return *m_changedOnly; }
    QTabWidget& tabs() { return *m_tabs; }
    QSpinBox& limit();

Q_SIGNALS:
    void hovered(const QString& text);
    void commandCopied(const QString& command);
    void reportRequested();

private:
    QWidget* buildResults();
    QWidget* buildPerplexity();
    QWidget* buildTasks();
    QWidget* buildItems();
    QTableView* buildTable(const QString& name, QAbstractItemModel* model, const QString& whenEmpty,
                           std::initializer_list<int> widths);
    void connectStudio();
    bool needsReferenceTasks() const;
    QString runName() const;
    void start();
    void copyCommand();
    void showState();
    void showJob();
    void showRuns();
    void showPerplexities();
    void showTasks();

    Studio& m_studio;
    EvaluationForm* m_form = nullptr;
    QLabel* m_progress = nullptr;
    QProgressBar* m_bar = nullptr;
    QLabel* m_parts = nullptr; // what is done, what runs, what is to come
    QTabWidget* m_tabs = nullptr;
    PerplexityPlot* m_plot = nullptr;
    RunsTableModel* m_runs = nullptr;
    QTableView* m_table = nullptr;
    LayerErrorsPanel* m_layers = nullptr;
    TaskPlot* m_taskPlot = nullptr;
    TaskTableModel* m_tasks = nullptr;
    QTableView* m_taskTable = nullptr;
    ItemTableModel* m_items = nullptr;
    QTableView* m_itemTable = nullptr;
    QCheckBox* m_changedOnly = nullptr;
    struct Running
    {
        QPointer<Job> job;
        QStringList parts; // perplexity and tasks, in their order
    };
    const Running* running() const; // the first that is not over, else the last; null: none

    std::vector<Running> m_running; // started together: full precision, then the quantized model
};

} // namespace ui
