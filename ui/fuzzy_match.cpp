// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fuzzy_match.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace ui {

namespace {

constexpr int kImpossible = std::numeric_limits<int>::min() / 2;
constexpr int kNeighbour = 8;
constexpr int kWordStart = 6;
constexpr int kTextStart = 10;
constexpr int kMet = 1;

bool startsWord(const QString& text, int at)
{
    return at == 0 || !text[at - 1].isLetterOrNumber() || (text[at].isUpper() && text[at - 1].isLower());
}

int scoreOf(const QString& text, int at)
{
    return kMet + (at == 0 ? kTextStart : startsWord(text, at) ? kWordStart : 0);
}

} // namespace

std::optional<FuzzyMatch> fuzzyMatch(const QString& query, const QString& text)
{
    QString wanted = query.toCaseFolded();
    wanted.remove(QLatin1Char(' '));
    const int rows = static_cast<int>(wanted.size());
    const int columns = static_cast<int>(text.size());
    if (rows > columns)
        return {};
    // best[i][j]: the best score of the first i + 1 characters with the last of them at j; from[i][j]: where the one before is.
    std::vector<std::vector<int>> best(rows, std::vector<int>(columns, kImpossible));
    std::vector<std::vector<int>> from(rows, std::vector<int>(columns, -1));
    const auto folded = text.toCaseFolded(); // of the same length for the letters in use; else only positions suffer
    for (int i = 0; i < rows; ++i) {
        int before = kImpossible, beforeAt = -1; // the best of row i - 1 left of j
        for (int j = 0; j < columns; ++j) {
            if (j < folded.size() && folded[j] == wanted[i]) {
                if (i == 0) {
                    best[i][j] = scoreOf(text, j);
                } else if (beforeAt >= 0) {
                    const int next = best[i - 1][j - 1] > kImpossible ? best[i - 1][j - 1] + kNeighbour : kImpossible;
                    best[i][j] = std::max(before, next) + scoreOf(text, j);
                    from[i][j] = next >= before ? j - 1 : beforeAt;
                }
            }
            if (i > 0 && best[i - 1][j] > before) {
                before = best[i - 1][j];
                beforeAt = j;
            }
        }
    }
    FuzzyMatch match;
    if (rows == 0)
        return match;
    const auto end = std::max_element(best.back().begin(), best.back().end());
    if (*end <= kImpossible)
        return {};
    match.score = 100 * *end - columns;
    for (int i = rows - 1, j = static_cast<int>(end - best.back().begin()); i >= 0; j = from[i--][j])
        match.positions.prepend(j);
    return match;
}

} // namespace ui
