// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evaluate/task_table_model.h"

#include "ui/convert.h"
#include "ui/format.h"

namespace ui {

namespace {

QString accuracyText(const core::TaskResult* result)
{
    if (!result)
        return {};
    return QStringLiteral("%1 \u00b1 %2")
        .arg(formatFixed(accuracyOf(*result) * 100.0, 1), formatFixed(accuracyStderrOf(*result) * 100.0, 1));
}

QString perplexityText(const core::TaskResult* result)
{
    return result && result->perplexity
        ? QStringLiteral("%1 \u00b1 %2")
              .arg(formatFixed(*result->perplexity, 2), formatFixed(result->perplexityStderr.value_or(0.0), 2))
        : QString();
}

} // namespace

void TaskTableModel::setTasks(std::vector<PairedTask> tasks, std::optional<core::RunComparison> comparison)
{
    beginResetModel();
    m_tasks = std::move(tasks);
    m_comparison = std::move(comparison);
    endResetModel();
}

int TaskTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_tasks.size());
}

int TaskTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

const core::TaskComparison* TaskTableModel::comparisonOf(const PairedTask& task) const
{
    if (!m_comparison)
        return nullptr;
    for (const auto& comparison : m_comparison->tasks)
        if (toQString(comparison.task) == task.name && comparison.metric == (task.usesNorm() ? "acc_norm" : "acc"))
            return &comparison;
    return nullptr;
}

QString TaskTableModel::text(int row, int column) const
{
    const auto& task = m_tasks[static_cast<std::size_t>(row)];
    const auto* any = task.quantized ? task.quantized : task.reference;
    const auto* paired = comparisonOf(task);
    switch (column) {
    case Task: return task.name + (task.usesNorm() ? QStringLiteral(" (acc_norm)") : QStringLiteral(" (acc)"));
    case Items: return formatCount(any->items);
    case Reference: return accuracyText(task.reference);
    case Quantized: return accuracyText(task.quantized);
    case Perplexity: {
        const auto reference = perplexityText(task.reference), quantized = perplexityText(task.quantized);
        return reference.isEmpty() || quantized.isEmpty() ? reference + quantized
                                                          : tr("%1 \u2192 %2").arg(reference, quantized);
    }
    case Lost: return paired ? formatCount(paired->rightToWrong) : QString();
    case Gained: return paired ? formatCount(paired->wrongToRight) : QString();
    case PValue: return paired ? formatNumber(paired->pValue, 2) : QString();
    case Verdict:
        if (!paired)
            return {};
        return !paired->significant         ? tr("no significant difference")
            : paired->difference.mean < 0.0 ? tr("quantized is worse")
                                            : tr("quantized is better");
    default: return {};
    }
}

QVariant TaskTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    if (role == Qt::DisplayRole)
        return text(index.row(), index.column());
    const bool isText = index.column() == Task || index.column() == Verdict;
    if (role == Qt::TextAlignmentRole)
        return QVariant((isText ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && index.column() == Task) {
        const auto& task = m_tasks[static_cast<std::size_t>(index.row())];
        const auto note = toQString((task.quantized ? task.quantized : task.reference)->note);
        if (!note.isEmpty())
            return note;
    }
    if (role == Qt::ToolTipRole)
        return headerData(index.column(), Qt::Horizontal, role); // what the number means
    return {};
}

QVariant TaskTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return QVariant((section == Task || section == Verdict ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const bool tip = role == Qt::ToolTipRole;
    switch (section) {
    case Task:
        return tip ? tr("acc: share of items whose most probable choice is right; acc_norm: by probability a "
                        "character of the choice")
                   : tr("Task");
    case Items: return tip ? tr("Items scored") : tr("Items");
    case Reference:
        return tip ? tr("Of full precision, in % \u00b1 one standard error: sample deviation / sqrt(items)")
                   : tr("Full precision");
    case Quantized:
        return tip ? tr("Of the quantized model, in % \u00b1 one standard error: sample deviation / sqrt(items)")
                   : tr("Quantized");
    case Perplexity:
        return tip
            ? tr("Of tasks without choices: exp of the mean negative log-likelihood of the answer, full precision "
                 "\u2192 quantized, \u00b1 one bootstrapped standard error")
            : tr("Perplexity");
    case Lost: return tip ? tr("Items that full precision has right and the quantized model wrong") : tr("Lost");
    case Gained: return tip ? tr("Items that full precision has wrong and the quantized model right") : tr("Gained");
    case PValue:
        return tip ? tr("McNemar's exact test: how likely a split of the changed items at least as uneven is, if "
                        "both models were equally good")
                   : tr("p");
    case Verdict: return tip ? tr("A difference counts as significant where p is below 0.05") : tr("Verdict");
    default: return {};
    }
}

} // namespace ui
