// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/evaluate/paired_tasks.h"

#include <QAbstractTableModel>

namespace ui {

/** The items of all tasks as both models answered them, or only those whose answer changed. */
class ItemTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Task, Item, Question, Gold, Reference, Quantized, Change, ColumnCount };
    enum class Shows { All, ChangedAnswers };

    using QAbstractTableModel::QAbstractTableModel;

    void setTasks(const std::vector<PairedTask>& tasks);
    void setShown(Shows shown);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row
    {
        const PairedTask* task = nullptr;
        const core::TaskItemResult* reference = nullptr; // either may be missing
        const core::TaskItemResult* quantized = nullptr;
    };

    void rebuild();
    QString text(const Row& row, int column) const;

    std::vector<PairedTask> m_tasks;
    std::vector<Row> m_rows;
    Shows m_shown = Shows::All;
};

} // namespace ui
