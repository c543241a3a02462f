// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evaluate/item_table_model.h"

#include "ui/convert.h"
#include "ui/format.h"

#include <map>

namespace ui {

namespace {

const core::TaskItemResult& anyOf(const core::TaskItemResult* a, const core::TaskItemResult* b)
{
    return a ? *a : *b;
}

/** The choice a model made, with how much more probable it was than the next, in nats. */
QString answerText(const core::TaskItemResult* item, bool norm)
{
    if (!item)
        return {};
    if (!item->leftOut.empty())
        return toQString(item->leftOut);
    const int chosen = norm ? item->chosenNorm.value_or(item->chosen) : item->chosen;
    const auto mark = isCorrect(*item, norm) ? QStringLiteral("\u2713 ") : QStringLiteral("\u2717 ");
    const auto at = static_cast<std::size_t>(chosen);
    const auto sum = at < item->logProbabilities.size() ? item->logProbabilities[at] : 0.0;
    return mark + (at < item->choices.size() ? toQString(item->choices[at]).trimmed() : QString::number(chosen))
        + QStringLiteral("  (%1)").arg(formatFixed(sum, 2));
}

} // namespace

void ItemTableModel::setTasks(const std::vector<PairedTask>& tasks)
{
    beginResetModel();
    m_tasks = tasks;
    rebuild();
    endResetModel();
}

void ItemTableModel::setShown(Shows shown)
{
    beginResetModel();
    m_shown = shown;
    rebuild();
    endResetModel();
}

void ItemTableModel::rebuild()
{
    m_rows.clear();
    for (const auto& task : m_tasks) {
        std::map<std::int64_t, Row> rows; // by place in the file
        for (const auto* result : {task.reference, task.quantized}) {
            if (!result)
                continue;
            for (const auto& item : result->itemResults) {
                auto& row = rows[item.index];
                row.task = &task;
                (result == task.reference ? row.reference : row.quantized) = &item;
            }
        }
        for (const auto& [index, row] : rows) {
            const bool changed = row.reference && row.quantized
                && isCorrect(*row.reference, task.usesNorm()) != isCorrect(*row.quantized, task.usesNorm());
            if (m_shown == Shows::All || changed)
                m_rows.push_back(row);
        }
    }
}

int ItemTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ItemTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ItemTableModel::text(const Row& row, int column) const
{
    const auto& any = anyOf(row.reference, row.quantized);
    const bool norm = row.task->usesNorm();
    switch (column) {
    case Task: return row.task->name;
    case Item: return any.id.empty() ? QString::number(any.index + 1) : toQString(any.id);
    case Question: return toQString(any.question).simplified();
    case Gold:
        return any.gold && static_cast<std::size_t>(*any.gold) < any.choices.size()
            ? toQString(any.choices[static_cast<std::size_t>(*any.gold)]).trimmed()
            : any.gold ? QString::number(*any.gold + 1)
                       : toQString(any.choices.empty() ? std::string() : any.choices.front()).trimmed();
    case Reference: return answerText(row.reference, norm);
    case Quantized: return answerText(row.quantized, norm);
    case Change:
        if (!row.reference || !row.quantized)
            return {};
        if (isCorrect(*row.reference, norm) == isCorrect(*row.quantized, norm))
            return {};
        return isCorrect(*row.quantized, norm) ? tr("gained") : tr("lost");
    default: return {};
    }
}

QVariant ItemTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::DisplayRole)
        return text(row, index.column());
    if (role == Qt::ToolTipRole && index.column() == Question)
        return toQString(anyOf(row.reference, row.quantized).question);
    if (role == Qt::ToolTipRole)
        return headerData(index.column(), Qt::Horizontal, role); // what the text means
    return {};
}

QVariant ItemTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const bool tip = role == Qt::ToolTipRole;
    const auto answer = tr("The answer given, with the sum of its tokens' log-probabilities in nats");
    switch (section) {
    case Task: return tr("Task");
    case Item: return tip ? tr("The item's name, or its place in the file") : tr("Item");
    case Question: return tip ? tr("What the model reads before the choices") : tr("Question");
    case Gold: return tip ? tr("The right answer") : tr("Right answer");
    case Reference: return tip ? answer : tr("Full precision");
    case Quantized: return tip ? answer : tr("Quantized");
    case Change: return tip ? tr("What quantization did to this item") : tr("Change");
    default: return {};
    }
}

} // namespace ui
