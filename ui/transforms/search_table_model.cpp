// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transforms/search_table_model.h"

#include "ui/convert.h"
#include "ui/format.h"
#include "ui/model/document.h"
#include "ui/model/layer_table_model.h"
#include "ui/plot/gate_plot.h"
#include "ui/plot/kind_text.h"
#include "ui/transforms/searches.h"

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

bool isPercent(int column)
{
    return column >= SearchTableModel::Delta && column <= SearchTableModel::Restarts;
}

QString columnHelp(int column)
{
    switch (column) {
    case SearchTableModel::Gate: return SearchTableModel::tr("The kind with the largest gate, and its probability");
    case SearchTableModel::Delta:
        return SearchTableModel::tr(
            "Held-out error of the best other kind against the best of the first kind, in percent; below zero the "
            "other kind is better");
    case SearchTableModel::Spread:
        return SearchTableModel::tr("Standard error of that difference, over windows in pairs, in percent");
    case SearchTableModel::Margin: return SearchTableModel::tr("How much better another kind had to be, in percent");
    case SearchTableModel::Restarts:
        return SearchTableModel::tr(
            "Standard deviation of one start of the first kind, in percent of its error: what luck alone does. "
            "Needs two starts");
    default: return {};
    }
}

} // namespace

SearchTableModel::SearchTableModel(Document& document, Searches& searches, QObject* parent)
    : PlanRowsModel(document, parent)
    , m_searches(searches)
{
    connect(&searches, &Searches::changed, this, &SearchTableModel::update);
    connect(&searches, &Searches::gatesMoved, this, &SearchTableModel::update);
}

int SearchTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString SearchTableModel::gateText(const core::ModuleId& module) const
{
    const auto gates = m_searches.gates(module);
    if (gates.empty())
        return {};
    const auto& last = gates.back().probabilities;
    const auto most = std::max_element(last.begin(), last.end());
    const auto index = static_cast<std::size_t>(most - last.begin());
    const auto& candidates = m_searches.candidates();
    return index < candidates.size() ? tr("%1 %2").arg(candidateName(candidates[index]), formatFixed(*most, 2))
                                     : QString();
}

QString SearchTableModel::text(int row, int column) const
{
    const auto module = moduleAt(row);
    const auto* decision = m_searches.isRunning() ? nullptr : m_searches.decision(module);
    const auto percent = [&](double core::ModuleDecision::*number) {
        return decision && std::isfinite(decision->*number) ? formatFixed(100.0 * decision->*number, 1) : QString();
    };
    switch (column) {
    case Module: return toQString(core::toString(module));
    case Found:
        return decision ? candidateName(decision->candidates[static_cast<std::size_t>(decision->chosen)].candidate)
                        : QString();
    case Gate: return gateText(module) + (decision && decision->disagree ? QStringLiteral(" \u26a0") : QString());
    case Delta: return percent(&core::ModuleDecision::delta);
    case Spread: return percent(&core::ModuleDecision::deltaStderror);
    case Margin: return percent(&core::ModuleDecision::margin);
    case Restarts: return percent(&core::ModuleDecision::restartSpread);
    case Planned: return kindName(document().plan().plan().modules[static_cast<std::size_t>(row)].kind);
    default: return {};
    }
}

QString SearchTableModel::toolTip(int row) const
{
    const auto* decision = m_searches.decision(moduleAt(row));
    if (!decision)
        return {};
    QStringList lines;
    for (const auto& candidate : decision->candidates)
        lines += tr("%1: held-out error %2 (%3 % \u00b1 %4 against the first)")
                     .arg(candidateName(candidate.candidate), formatNumber(candidate.loss, 4),
                          formatFixed(100.0 * candidate.difference, 1), formatFixed(100.0 * candidate.stderror, 1));
    if (decision->disagree)
        lines += tr("\u26a0 Held-out losses and gates name different kinds");
    return lines.join(QLatin1Char('\n'));
}

QVariant SearchTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const int column = index.column();
    const bool isNumber = isPercent(column);
    const auto& choice = document().plan().plan().modules[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: return text(index.row(), column);
    case Qt::ToolTipRole: return toolTip(index.row());
    case Qt::TextAlignmentRole: return QVariant((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case LayerTableModel::kKindRole: {
        const auto* decision = m_searches.isRunning() ? nullptr : m_searches.decision(choice.module);
        if (column == Planned)
            return static_cast<int>(choice.kind);
        return column == Found && decision ? QVariant(
                   static_cast<int>(decision->candidates[static_cast<std::size_t>(decision->chosen)].candidate.kind))
                                           : QVariant();
    }
    default: return {};
    }
}

QVariant SearchTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    const bool isNumber = isPercent(section);
    if (role == Qt::TextAlignmentRole)
        return QVariant((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole)
        return columnHelp(section);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Module: return tr("Module");
    case Found: return tr("Found");
    case Gate: return tr("Gate");
    case Delta: return tr("\u0394 %");
    case Spread: return tr("\u00b1");
    case Margin: return tr("Margin");
    case Restarts: return tr("Starts");
    case Planned: return tr("Plan");
    default: return {};
    }
}

} // namespace ui
