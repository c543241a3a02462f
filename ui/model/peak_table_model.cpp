// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model/peak_table_model.h"

#include "ui/convert.h"
#include "ui/format.h"

namespace ui {

void PeakTableModel::setMap(std::shared_ptr<const core::MagnitudeMap> map)
{
    beginResetModel();
    m_map = std::move(map);
    endResetModel();
}

int PeakTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_map ? 0 : static_cast<int>(m_map->peaks.size());
}

int PeakTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PeakTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((index.column() == Token ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const auto& peak = peakAt(index.row());
    switch (index.column()) {
    case Rank: return index.row() + 1;
    case Row: return static_cast<qlonglong>(peak.row);
    case Token: {
        const auto place = static_cast<std::size_t>(peak.row);
        auto text = place < m_map->tokens.size() ? toQString(m_map->tokens[place]) : QString();
        return text.replace(QChar(0x2581), QChar(0x00b7)); // a space of the vocabulary, made visible
    }
    case Channel: return static_cast<qlonglong>(peak.column);
    case Value: return formatNumber(static_cast<double>(peak.value));
    default: return {};
    }
}

QVariant PeakTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const bool isTip = role == Qt::ToolTipRole;
    const bool hasTokens = m_map && !m_map->tokens.empty();
    switch (section) {
    case Rank: return isTip ? tr("Place among the largest magnitudes") : tr("Rank");
    case Row:
        return hasTokens ? (isTip ? tr("Place of the token in the text, from 0") : tr("#"))
                         : (isTip ? tr("Output channel, a row of the matrix") : tr("Output"));
    case Token: return isTip ? tr("The token as the vocabulary spells it") : tr("Token");
    case Channel: return isTip ? tr("Input channel, from 0") : tr("Channel");
    case Value: return isTip ? tr("The value with its sign") : tr("Value");
    default: return {};
    }
}

} // namespace ui
