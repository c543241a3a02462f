// SPDX-License-Identifier: Apache-2.0
#include "core/eval/scoring_rows.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace core {

namespace {

std::int64_t commonStart(const ScoringRow& a, const ScoringRow& b)
{
    const auto length = std::min(a.inputs(), b.inputs());
    const auto end = a.ids.begin() + length;
    return std::mismatch(a.ids.begin(), end, b.ids.begin()).first - a.ids.begin();
}

/** Writes a group's line into `ids` and `branch` [tokens] (0: shared, k: of row k, from 1) and its targets into `lines`. */
class LineWriter
{
public:
    LineWriter(PackedLines& lines, std::int64_t begin, std::int64_t* ids, std::int64_t* branch, std::int64_t* positions)
        : m_lines(lines)
        , m_begin(begin)
        , m_ids(ids)
        , m_branch(branch)
        , m_positions(positions)
    {
    }

    void write(const RowGroup& group, std::span<const ScoringRow> rows)
    {
        m_predictor.assign(static_cast<std::size_t>(group.tokens), -1);
        std::int64_t next = group.prefix;
        for (std::size_t k = 0; k < group.rows.size(); ++k) {
            const auto& row = rows[group.rows[k]];
            for (std::int64_t at = k == 0 ? 0 : group.prefix; at < row.inputs(); ++at) {
                const auto place = at < group.prefix ? at : next + at - group.prefix;
                m_ids[place] = row.ids[static_cast<std::size_t>(at)];
                m_branch[place] = at < group.prefix ? 0 : static_cast<std::int64_t>(k) + 1;
                m_positions[place] = at;
            }
            for (auto at = row.inputs() - row.scored; at < row.inputs(); ++at)
                addTarget(at < group.prefix ? at : next + at - group.prefix, row.ids[static_cast<std::size_t>(at) + 1]);
            next += row.inputs() - group.prefix;
        }
    }

private:
    void addTarget(std::int64_t place, std::int64_t target)
    {
        auto& predictor = m_predictor[static_cast<std::size_t>(place)];
        if (predictor < 0) {
            predictor = static_cast<std::int64_t>(m_lines.hidden.size());
            m_lines.hidden.push_back(m_begin + place);
        }
        m_lines.from.push_back(predictor);
        m_lines.targets.push_back(target);
    }

    PackedLines& m_lines;
    std::int64_t m_begin;
    std::int64_t* m_ids;
    std::int64_t* m_branch;
    std::int64_t* m_positions;
    std::vector<std::int64_t> m_predictor; // for each place of the line: its index in `hidden`
};

} // namespace

std::vector<RowGroup> groupRows(std::span<const ScoringRow> rows, std::int64_t longest)
{
    std::vector<RowGroup> groups;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto inputs = rows[i].inputs();
        if (!groups.empty()) {
            auto& group = groups.back();
            const auto count = static_cast<std::int64_t>(group.rows.size());
            const auto prefix = std::min(group.prefix, commonStart(rows[group.rows.front()], rows[i]));
            const auto tokens = group.tokens + (count - 1) * (group.prefix - prefix) + inputs - prefix;
            if (4 * prefix >= inputs && tokens <= longest && tokens < group.tokens + inputs) {
                group.prefix = prefix;
                group.tokens = tokens;
                group.rows.push_back(i);
                continue;
            }
        }
        groups.push_back({{i}, inputs, inputs});
    }
    return groups;
}

PackedLines packLines(std::span<const RowGroup> groups, std::span<const ScoringRow> rows)
{
    std::int64_t tokens = 0;
    bool shares = false;
    for (const auto& group : groups) {
        tokens = std::max(tokens, group.tokens);
        shares = shares || group.rows.size() > 1;
    }
    const auto count = static_cast<std::int64_t>(groups.size());
    PackedLines lines;
    lines.ids = at::zeros({count, tokens}, at::kLong);
    auto branch = at::full({count, tokens}, -1, at::kLong); // padding: nobody else's
    auto positions = at::zeros({count, tokens}, at::kLong);
    for (std::int64_t line = 0; line < count; ++line) {
        const auto begin = line * tokens;
        LineWriter writer(lines, begin, lines.ids.mutable_data_ptr<std::int64_t>() + begin,
                          branch.mutable_data_ptr<std::int64_t>() + begin,
                          positions.mutable_data_ptr<std::int64_t>() + begin);
        writer.write(groups[static_cast<std::size_t>(line)], rows);
    }
    if (shares) {
        const auto key = branch.unsqueeze(1);
        const auto causal = at::ones({tokens, tokens}, at::kBool).tril();
        lines.layout.positions = positions;
        lines.layout.visible = (key.eq(0) | key.eq(branch.unsqueeze(2))).logical_and_(causal).unsqueeze(1);
    }
    return lines;
}

} // namespace core
