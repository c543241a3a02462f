// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transforms/what_if_table_model.h"

#include "ui/format.h"
#include "ui/model/layer_table_model.h"
#include "ui/plot/kind_text.h"

namespace ui {

void WhatIfTableModel::show(std::shared_ptr<const core::WhatIf> answer)
{
    if (answer == m_answer)
        return;
    beginResetModel();
    m_answer = std::move(answer);
    endResetModel();
}

const core::WhatIfKind* WhatIfTableModel::kindAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_answer->kinds[static_cast<std::size_t>(row)] : nullptr;
}

int WhatIfTableModel::rowOf(core::TransformKind kind) const
{
    for (int row = 0; row < rowCount(); ++row)
        if (kindAt(row)->kind == kind)
            return row;
    return -1;
}

int WhatIfTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_answer ? 0 : static_cast<int>(m_answer->kinds.size());
}

int WhatIfTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant WhatIfTableModel::data(const QModelIndex& index, int role) const
{
    const auto* kind = index.isValid() ? kindAt(index.row()) : nullptr;
    if (!kind)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Kind: return kindName(kind->kind);
        case Start: return formatNumber(kind->errorStart, 3);
        case Error: return formatNumber(kind->error, 3);
        case Spread: return formatNumber(kind->errorStderr, 2);
        case Sqnr: return formatFixed(kind->sqnr, 2);
        case Macs: return tr("%1 %").arg(formatFixed(kind->onlineShare * 100.0, 2));
        case Bytes: return formatBytes(kind->addedBytes);
        case Seconds: return tr("%1 s").arg(formatFixed(kind->seconds, 1));
        default: return {};
        }
    case Qt::TextAlignmentRole:
        return QVariant((index.column() == Kind ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case Qt::ToolTipRole: return kindHelp(kind->kind);
    case LayerTableModel::kKindRole:
        return index.column() == Kind ? QVariant(static_cast<int>(kind->kind)) : QVariant();
    default: return {};
    }
}

QVariant WhatIfTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((section == Kind ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole) {
        switch (section) {
        case Start: return tr("Mean squared error of the module's output on held-out windows, before training");
        case Error: return tr("Mean squared error of the module's output on held-out windows, after training");
        case Spread: return tr("Standard error over the held-out windows");
        case Sqnr: return tr("10 log10 of what the module adds to its input, squared, over the error");
        case Macs: return tr("Multiply-adds a token of the online transforms, against those of the module's matrices");
        case Bytes: return tr("Memory of the transforms at run time");
        case Seconds: return tr("Training and measuring");
        default: return {};
        }
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Kind: return tr("Transform");
    case Start: return tr("Untrained");
    case Error: return tr("Error");
    case Spread: return tr("\u00b1");
    case Sqnr: return tr("SQNR, dB");
    case Macs: return tr("Compute");
    case Bytes: return tr("Memory");
    case Seconds: return tr("Time");
    default: return {};
    }
}

} // namespace ui
