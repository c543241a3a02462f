// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include <optional>

namespace ui {

struct FuzzyMatch
{
    int score = 0;        // higher is better; comparable among texts for one query
    QList<int> positions; // which characters of the text were met, ascending
};

/** The characters of `query` in `text`, in order and with gaps, in either case; spaces of the query are skipped. Runs of
    neighbours and beginnings of words count most, and of equals the shorter text wins. An empty query meets everything;
    none where a character is missing. O(text * query). */
std::optional<FuzzyMatch> fuzzyMatch(const QString& query, const QString& text);

} // namespace ui
