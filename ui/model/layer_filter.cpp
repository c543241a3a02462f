// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model/layer_filter.h"

#include "ui/convert.h"
#include "ui/model/layer_columns.h"
#include "ui/model/layer_filter_model.h"
#include "ui/model/layer_table_model.h"

#include <QHash>
#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace ui {

namespace {

using Table = LayerTableModel;

const QHash<QString, int>& keys()
{
    static const QHash<QString, int> columns{
        {QStringLiteral("role"), Table::Layer},    {QStringLiteral("module"), Table::Module},
        {QStringLiteral("choice"), Table::Choice}, {QStringLiteral("auto"), Table::Automatic},
        {QStringLiteral("type"), Table::DType},    {QStringLiteral("note"), Table::Note}};
    return columns;
}

const QHash<QString, Table::Flag>& flags()
{
    static const QHash<QString, Table::Flag> words{
        {QStringLiteral("auto"), Table::Flag::Automatic}, {QStringLiteral("yours"), Table::Flag::Yours},
        {QStringLiteral("stale"), Table::Flag::Stale},    {QStringLiteral("unread"), Table::Flag::Unread},
        {QStringLiteral("nan"), Table::Flag::NonFinite},  {QStringLiteral("noted"), Table::Flag::Noted}};
    return words;
}

QStringList numberKeys()
{
    QStringList names;
    for (int column = 0; column < Table::ColumnCount; ++column)
        if (!columnKey(column).isEmpty())
            names += columnKey(column);
    return names;
}

QString roleName(const core::LayerId& layer)
{
    return toQString(core::toString(layer.role));
}

QStringList valuesOf(const QString& key)
{
    if (key == QLatin1String("role")) {
        QStringList roles;
        for (const auto role : core::kBlockRoles)
            roles += toQString(core::toString(role));
        return roles << QStringLiteral("embedding") << QStringLiteral("head");
    }
    if (key == QLatin1String("module"))
        return {QStringLiteral("attention"), QStringLiteral("mlp")};
    if (key == QLatin1String("choice") || key == QLatin1String("auto")) {
        QStringList kinds;
        for (const auto kind : core::kTransformKinds)
            kinds += toQString(core::toString(kind));
        return kinds;
    }
    return {};
}

} // namespace

std::optional<LayerFilter::Term> LayerFilter::parseTerm(const QString& word, QString* error)
{
    static const QRegularExpression comparison(QStringLiteral("^([A-Za-z]+)(<=|>=|<|>|=)(.*)$"));
    static const QRegularExpression pair(QStringLiteral("^([A-Za-z]+):(.*)$"));
    Term term;
    term.negated = word.startsWith(QLatin1Char('!'));
    const auto text = term.negated ? word.mid(1) : word;
    if (text.isEmpty()) {
        *error = LayerFilterModel::tr("'!' turns a term round: write it before one");
        return {};
    }
    if (const auto match = comparison.match(text); match.hasMatch()) {
        static const QHash<QString, Relation> relations{{QStringLiteral("<"), Relation::Less},
                                                        {QStringLiteral("<="), Relation::LessOrEqual},
                                                        {QStringLiteral("="), Relation::Equal},
                                                        {QStringLiteral(">="), Relation::GreaterOrEqual},
                                                        {QStringLiteral(">"), Relation::Greater}};
        bool isNumber = false;
        term.kind = Term::Kind::Number;
        term.column = columnOfKey(match.captured(1));
        term.relation = relations.value(match.captured(2));
        term.value = match.captured(3).toDouble(&isNumber);
        if (term.column < 0)
            *error = LayerFilterModel::tr("'%1' is none of %2")
                         .arg(match.captured(1), numberKeys().join(QStringLiteral(", ")));
        else if (!isNumber)
            *error = LayerFilterModel::tr("'%1' needs a number after %2").arg(text, match.captured(2));
        return error->isEmpty() ? std::optional(term) : std::nullopt;
    }
    if (const auto match = pair.match(text); match.hasMatch()) {
        const auto key = match.captured(1).toLower();
        term.kind = Term::Kind::Key;
        term.column = keys().value(key, -1);
        term.word = match.captured(2).toLower();
        const auto values = valuesOf(key);
        if (term.column < 0) {
            auto known = QStringList(keys().keys());
            known.sort();
            *error = LayerFilterModel::tr("'%1:' is none of %2")
                         .arg(match.captured(1), known.join(QStringLiteral(":, ")) + QLatin1Char(':'));
        } else if (!values.isEmpty() && !values.contains(term.word)) {
            *error =
                LayerFilterModel::tr("'%1' is none of %2").arg(match.captured(2), values.join(QStringLiteral(", ")));
        }
        return error->isEmpty() ? std::optional(term) : std::nullopt;
    }
    if (const auto flag = flags().find(text.toLower()); flag != flags().end()) {
        term.kind = Term::Kind::Flag;
        term.flag = static_cast<int>(*flag);
    }
    term.word = text;
    return term;
}

std::optional<LayerFilter> LayerFilter::parse(const QString& text, Problem* problem)
{
    static const QRegularExpression words(QStringLiteral("[^\\s&]+"));
    LayerFilter filter;
    for (auto match = words.globalMatch(text); match.hasNext();) {
        const auto word = match.next();
        QString error;
        const auto term = parseTerm(word.captured(), &error);
        if (!term) {
            *problem = {static_cast<int>(word.capturedStart()), static_cast<int>(word.capturedLength()), error};
            return {};
        }
        filter.m_terms.push_back(*term);
    }
    return filter;
}

bool LayerFilter::holds(const Term& term, const LayerTableModel& table, int row)
{
    const auto& layer = table.layerAt(row);
    const auto kind = [&](int column) -> QString {
        const auto value = table.index(row, column).data(Table::kKindRole);
        return value.isValid() ? toQString(core::toString(static_cast<core::TransformKind>(value.toInt()))) : QString();
    };
    switch (term.kind) {
    case Term::Kind::Number: {
        const auto value = table.number(layer, term.column);
        if (!value)
            return false;
        switch (term.relation) {
        case Relation::Less: return *value < term.value;
        case Relation::LessOrEqual: return *value <= term.value;
        case Relation::Equal: return *value == term.value;
        case Relation::GreaterOrEqual: return *value >= term.value;
        case Relation::Greater: return *value > term.value;
        }
        return false;
    }
    case Term::Kind::Key:
        switch (term.column) {
        case Table::Layer: return roleName(layer) == term.word;
        case Table::Module: return table.index(row, Table::Module).data().toString() == term.word;
        case Table::Choice:
        case Table::Automatic: return kind(term.column) == term.word;
        default: return table.index(row, term.column).data().toString().contains(term.word, Qt::CaseInsensitive);
        }
    case Term::Kind::Flag: return table.is(static_cast<Table::Flag>(term.flag), row);
    case Term::Kind::Word: {
        constexpr std::array kSearched{Table::Layer,  Table::DType,  Table::Automatic,
                                       Table::Choice, Table::Reason, Table::Note};
        return std::any_of(kSearched.begin(), kSearched.end(), [&](int column) {
            return table.index(row, column).data().toString().contains(term.word, Qt::CaseInsensitive);
        });
    }
    }
    return false;
}

bool LayerFilter::accepts(const LayerTableModel& table, int row) const
{
    return std::all_of(m_terms.begin(), m_terms.end(),
                       [&](const Term& term) { return holds(term, table, row) != term.negated; });
}

QStringList LayerFilter::completions(const QString& word)
{
    const auto negation = word.startsWith(QLatin1Char('!')) ? QStringLiteral("!") : QString();
    const auto text = word.mid(negation.size());
    QStringList all;
    if (const auto colon = text.indexOf(QLatin1Char(':')); colon >= 0) {
        for (const auto& value : valuesOf(text.left(colon).toLower()))
            all += text.left(colon + 1) + value;
    } else {
        for (const auto& name : numberKeys())
            all += name + QLatin1Char('>');
        for (const auto& name : keys().keys())
            all += name + QLatin1Char(':');
        all += QStringList(flags().keys());
    }
    QStringList fitting;
    for (const auto& candidate : all)
        if (candidate.startsWith(text, Qt::CaseInsensitive) && candidate != text)
            fitting += negation + candidate;
    fitting.sort(Qt::CaseInsensitive);
    return fitting;
}

} // namespace ui
