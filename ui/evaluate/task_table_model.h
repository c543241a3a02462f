// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/eval/run_comparison.h"
#include "ui/evaluate/paired_tasks.h"

#include <QAbstractTableModel>

#include <optional>

namespace ui {

/** A row a task: both accuracies, how many answers changed, and whether the difference means anything. */
class TaskTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Task, Items, Reference, Quantized, Perplexity, Lost, Gained, PValue, Verdict, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setTasks(std::vector<PairedTask> tasks, std::optional<core::RunComparison> comparison);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(int row, int column) const;
    const core::TaskComparison* comparisonOf(const PairedTask& task) const;

    std::vector<PairedTask> m_tasks;
    std::optional<core::RunComparison> m_comparison;
};

} // namespace ui
