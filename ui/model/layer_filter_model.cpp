// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model/layer_filter_model.h"

#include "ui/model/layer_table_model.h"

#include <QHash>
#include <QRegularExpression>

namespace ui {

namespace {

int columnOf(const QString& name)
{
    static const QHash<QString, int> columns{{QStringLiteral("z"), LayerTableModel::RobustZ},
                                             {QStringLiteral("kurtosis"), LayerTableModel::WeightKurtosis},
                                             {QStringLiteral("max"), LayerTableModel::WeightPeak},
                                             {QStringLiteral("xkurtosis"), LayerTableModel::InputKurtosis},
                                             {QStringLiteral("xmax"), LayerTableModel::InputPeak},
                                             {QStringLiteral("block"), LayerTableModel::Block}};
    return columns.value(name.toLower(), -1);
}

} // namespace

LayerFilterModel::LayerFilterModel(QObject* parent)
    : QSortFilterProxyModel(parent)
{
    setSortRole(LayerTableModel::kSortRole);
    setDynamicSortFilter(true);
}

bool LayerFilterModel::setFilterText(const QString& text, QString* error)
{
    static const QRegularExpression comparison(QStringLiteral("^([A-Za-z]+)(<=|>=|<|>|=)(.*)$"));
    std::vector<Term> terms;
    for (const auto& word : text.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        const auto match = comparison.match(word);
        if (!match.hasMatch()) {
            terms.push_back({.word = word});
            continue;
        }
        bool isNumber = false;
        Term term{.word = {}, .column = columnOf(match.captured(1)), .value = match.captured(3).toDouble(&isNumber)};
        if (term.column < 0) {
            *error = tr("'%1' is none of z, kurtosis, max, xkurtosis, xmax, block").arg(match.captured(1));
            return false;
        }
        if (!isNumber) {
            *error = tr("'%1' needs a number after %2").arg(word, match.captured(2));
            return false;
        }
        const auto sign = match.captured(2);
        term.relation = sign == QLatin1String("<") ? Relation::Less
            : sign == QLatin1String("<=")          ? Relation::LessOrEqual
            : sign == QLatin1String("=")           ? Relation::Equal
            : sign == QLatin1String(">=")          ? Relation::GreaterOrEqual
                                                   : Relation::Greater;
        terms.push_back(term);
    }
    m_terms = std::move(terms);
    invalidateFilter();
    return true;
}

bool LayerFilterModel::holds(const Term& term, int row) const
{
    const auto* source = sourceModel();
    if (term.column >= 0) {
        const double value = source->index(row, term.column).data(LayerTableModel::kSortRole).toDouble();
        switch (term.relation) {
        case Relation::Less: return value < term.value;
        case Relation::LessOrEqual: return value <= term.value;
        case Relation::Equal: return value == term.value;
        case Relation::GreaterOrEqual: return value >= term.value;
        case Relation::Greater: return value > term.value;
        }
    }
    if (term.word.compare(QLatin1String("yours"), Qt::CaseInsensitive) == 0)
        return source->index(row, LayerTableModel::Choice).data(LayerTableModel::kOverrideRole).toBool();
    for (const int column : {LayerTableModel::Layer, LayerTableModel::DType, LayerTableModel::Automatic,
                             LayerTableModel::Choice, LayerTableModel::Reason})
        if (source->index(row, column).data().toString().contains(term.word, Qt::CaseInsensitive))
            return true;
    return false;
}

bool LayerFilterModel::filterAcceptsRow(int row, const QModelIndex&) const
{
    return std::all_of(m_terms.begin(), m_terms.end(), [&](const auto& term) { return holds(term, row); });
}

} // namespace ui
