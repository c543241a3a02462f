// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace ui {

class LayerTableModel;

/** What a person asks of the layer table: terms that must all hold, each turned round by a leading `!`.
      z>3.5  kurtosis<1  block=3     numbers of a column: <, <=, =, >=, >
      role:down  module:mlp  choice:rotation  auto:affine  type:bf16  note:text
      auto  yours  stale  unread  nan  noted     states of a row
      down                           any other word: text in the layer's name, type, choice, reason or note
    `&` between terms may be written and means nothing. */
class LayerFilter
{
public:
    /** Where a text could not be understood, and why. */
    struct Problem
    {
        int start = 0;
        int length = 0;
        QString text;
    };

    static std::optional<LayerFilter> parse(const QString& text, Problem* problem);

    bool accepts(const LayerTableModel& table, int row) const;
    bool isEmpty() const { return m_terms.empty(); }

    /** What may stand for the word being typed: keys, states, and after "role:" the roles. */
    static QStringList completions(const QString& word);

private:
    enum class Relation { Less, LessOrEqual, Equal, GreaterOrEqual, Greater };
    struct Term
    {
        enum class Kind { Word, Number, Key, Flag };

        Kind kind = Kind::Word;
        bool negated = false;
        QString word;    // of words, the value of a key
        int column = -1; // of numbers and keys
        int flag = 0;    // LayerTableModel::Flag
        Relation relation = Relation::Equal;
        double value = 0.0;
    };

    static std::optional<Term> parseTerm(const QString& word, QString* error);
    static bool holds(const Term& term, const LayerTableModel& table, int row);

    std::vector<Term> m_terms;
};

} // namespace ui
