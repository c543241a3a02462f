// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calibrate/block_table_model.h"

#include "ui/convert.h"
#include "ui/engine_texts.h"
#include "ui/format.h"

namespace ui {

void BlockTableModel::begin(int blocks)
{
    beginResetModel();
    m_blocks = blocks;
    m_current = -1;
    m_running = true;
    m_reports.clear();
    endResetModel();
}

void BlockTableModel::follow(const std::vector<core::LossPoint>& points)
{
    if (points.empty())
        return;
    const auto& last = points.back();
    if (m_current < 0)
        m_firstSeen = points.front().block;
    m_current = last.block;
    m_share = last.steps > 0 ? static_cast<double>(last.step + 1) / last.steps : 0.0;
    if (m_blocks > 0)
        Q_EMIT dataChanged(index(0, State), index(m_blocks - 1, State));
}

void BlockTableModel::finish(const core::CalibrationReport& report)
{
    beginResetModel();
    m_running = false;
    m_current = -1;
    m_reports.clear();
    for (const auto& block : report.blocks) {
        m_reports[block.block] = block;
        m_blocks = std::max(m_blocks, block.block + 1);
    }
    endResetModel();
}

void BlockTableModel::compareWith(const core::CalibrationReport& other)
{
    beginResetModel();
    m_others.clear();
    for (const auto& block : other.blocks)
        m_others[block.block] = block;
    endResetModel();
}

void BlockTableModel::stop()
{
    beginResetModel();
    m_running = false;
    endResetModel();
}

int BlockTableModel::finishedBlocks() const
{
    return m_reports.empty() ? std::max(0, m_current - m_firstSeen) : static_cast<int>(m_reports.size());
}

int BlockTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_blocks;
}

int BlockTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString BlockTableModel::text(int row, int column) const
{
    if (column == Block)
        return QString::number(row);
    const auto found = m_reports.find(row);
    if (column == State) {
        if (found != m_reports.end())
            return tr("done");
        if (m_current < 0 || row > m_current)
            return m_running ? tr("waiting") : tr("not done");
        if (row < m_current)
            return row < m_firstSeen ? tr("kept") : tr("done");
        return m_running ? formatPercent(m_share) : tr("stopped");
    }
    if (column == OtherEnd) {
        const auto other = m_others.find(row);
        return other != m_others.end() ? formatNumber(other->second.errorEnd, 3) : QString();
    }
    if (found == m_reports.end())
        return {};
    const auto& report = found->second;
    switch (column) {
    case ErrorStart: return formatNumber(report.errorStart, 3);
    case ErrorEnd: return formatNumber(report.errorEnd, 3);
    case Gain:
        return report.errorEnd > 0.0 ? tr("%1 \u00d7").arg(formatNumber(report.errorStart / report.errorEnd, 3))
                                     : QString();
    case Seconds: return formatDuration(static_cast<std::int64_t>(report.seconds * 1000.0));
    case Warnings: {
        QStringList lines;
        for (const auto& warning : report.warnings)
            lines += fromEngine(warning);
        return lines.join(QStringLiteral("; "));
    }
    default: return {};
    }
}

QVariant BlockTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= m_blocks)
        return {};
    if (role == Qt::DisplayRole || (role == Qt::ToolTipRole && index.column() == Warnings))
        return text(index.row(), index.column());
    const bool isNumber = index.column() == Block || (index.column() >= ErrorStart && index.column() <= Seconds);
    if (role == Qt::TextAlignmentRole)
        return QVariant((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    return {};
}

QVariant BlockTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    const bool isNumber = section == Block || (section >= ErrorStart && section <= Seconds);
    if (role == Qt::TextAlignmentRole)
        return QVariant((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && (section == ErrorStart || section == ErrorEnd || section == OtherEnd))
        return tr("Mean squared error of the block output over the calibration windows");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Block: return tr("Block");
    case State: return tr("State");
    case ErrorStart: return tr("Error before");
    case ErrorEnd: return tr("Error after");
    case Gain: return tr("Smaller by");
    case OtherEnd: return tr("Other run");
    case Seconds: return tr("Time");
    case Warnings: return tr("Warnings");
    default: return {};
    }
}

} // namespace ui
