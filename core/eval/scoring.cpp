// SPDX-License-Identifier: Apache-2.0
#include "core/eval/scoring.h"

#include "core/base/error.h"
#include "core/eval/scoring_rows.h"
#include "core/eval/token_scores.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <numeric>

namespace core {

namespace {

/** The longest line that joins rows: attention over a line grows with its square. */
constexpr std::int64_t kLongestLine = 1024;

EncodedRequest encodeIds(const ScoreRequest& request)
{
    if (request.ids.size() < 2)
        throw Error(ErrorKind::InvalidArgument, "a request of ids needs at least 2 of them: the first is only read");
    return {{request.ids.front()}, {request.ids.begin() + 1, request.ids.end()}};
}

std::vector<ScoringRow> encodeAll(const Model& model, const Tokenizer* tokenizer,
                                  std::span<const ScoreRequest> requests, std::int64_t maxLength, Progress& progress)
{
    std::optional<RequestEncoder> encoder;
    if (tokenizer)
        encoder.emplace(*tokenizer);
    std::vector<ScoringRow> rows;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        progress.checkpoint();
        try {
            const auto& request = requests[i];
            if (request.ids.empty() && !tokenizer)
                throw Error(ErrorKind::InvalidArgument, "a request of texts needs a tokenizer, and the model has none");
            const auto encoded = request.ids.empty() ? encoder->encode(request) : encodeIds(request);
            rows.push_back(makeRow(encoded, maxLength, model.info().vocab));
        } catch (const Error& error) {
            throw Error(error.kind(), "request " + std::to_string(i + 1) + ": " + error.what(), error.context());
        }
    }
    return rows;
}

/** One pass; results in the order of the groups' rows. */
std::vector<ScoreResult> scorePass(const Model& model, std::span<const RowGroup> groups,
                                   std::span<const ScoringRow> rows, Progress& progress)
{
    auto lines = packLines(groups, rows);
    const bool shares = lines.layout.visible.defined();
    const auto device = model.device();
    if (shares)
        lines.layout = {lines.layout.positions.to(device), lines.layout.visible.to(device)};
    const auto hidden =
        hiddenStatesAt(model, lines.ids.to(device), lines.hidden, progress, shares ? &lines.layout : nullptr);
    const auto scores = scoreTargets(model, hidden, lines.from, lines.targets, progress);
    std::vector<ScoreResult> results;
    auto next = std::size_t{0};
    for (const auto& group : groups)
        for (const auto index : group.rows) {
            auto& result = results.emplace_back();
            result.greedy = true;
            for (std::int64_t k = 0; k < rows[index].scored; ++k, ++next) {
                result.logprobs.push_back(scores.logProbabilities[next]);
                result.sum += scores.logProbabilities[next];
                result.greedy = result.greedy && scores.greedy[next];
            }
        }
    return results;
}

/** The journal's name of a pass: its rows, and of each how many tokens are scored. */
std::string passKey(const EvaluationJournal& journal, std::span<const RowGroup> groups,
                    std::span<const ScoringRow> rows)
{
    std::vector<std::vector<int>> read;
    for (const auto& group : groups)
        for (const auto index : group.rows) {
            read.push_back(rows[index].ids);
            read.push_back({static_cast<int>(rows[index].scored)});
        }
    return journal.key("score", read);
}

/** Results as numbers: of each row whether it is greedy, then its log-probabilities. */
PassValues valuesOf(const std::vector<ScoreResult>& results)
{
    PassValues values;
    for (const auto& result : results) {
        values.push_back(result.greedy ? 1.0 : 0.0);
        values.insert(values.end(), result.logprobs.begin(), result.logprobs.end());
    }
    return values;
}

/** The way back, for the rows of `groups`. */
std::vector<ScoreResult> resultsOf(const PassValues& values, std::span<const RowGroup> groups,
                                   std::span<const ScoringRow> rows)
{
    std::vector<ScoreResult> results;
    auto next = values.begin();
    for (const auto& group : groups)
        for (const auto index : group.rows) {
            auto& result = results.emplace_back();
            result.greedy = *next++ != 0.0;
            result.logprobs.assign(next, next + rows[index].scored);
            result.sum = std::accumulate(result.logprobs.begin(), result.logprobs.end(), 0.0);
            next += rows[index].scored;
        }
    return results;
}

/** Groups [begin, end) whose lines, padded to the longest, come to about so many tokens; at least one group. */
std::size_t endOfPass(const std::vector<RowGroup>& groups, std::size_t begin, std::int64_t tokens)
{
    const auto longest = std::max<std::int64_t>(1, groups[begin].tokens);
    const auto fit = static_cast<std::size_t>(std::max<std::int64_t>(1, tokens / longest));
    auto end = begin + 1;
    while (end < groups.size() && end - begin < fit
           && (groups[end].rows.size() > 1) == (groups[begin].rows.size() > 1)) // lone rows need no mask
        ++end;
    return end;
}

/** What part of all tokens is read after each pass. */
std::vector<double> fractionsOf(std::span<const std::span<const RowGroup>> passes)
{
    std::vector<double> fractions;
    double done = 0.0;
    for (const auto& pass : passes) {
        for (const auto& group : pass)
            done += static_cast<double>(group.tokens);
        fractions.push_back(done);
    }
    for (auto& fraction : fractions)
        fraction /= done;
    return fractions;
}

} // namespace

std::vector<ScoreResult> scoreRows(const Model& model, std::span<const ScoringRow> rows, const ScoringOptions& options,
                                   Progress& progress)
{
    const at::NoGradGuard withoutGradients;
    // A sliding window is a rule about distances in a row, which a shared line does not keep.
    auto groups = groupRows(rows, model.info().slidingWindow > 0 ? 0 : kLongestLine);
    const auto shares = [](const RowGroup& group) { return group.rows.size() > 1; };
    // Longest first: memory that is too small shows at once, and the time left is never underestimated.
    std::stable_sort(groups.begin(), groups.end(), [&](const RowGroup& a, const RowGroup& b) {
        return std::pair(shares(a), a.tokens) > std::pair(shares(b), b.tokens);
    });
    const auto tokens = tokensInPass(model, options.tokensInPass);
    std::vector<std::span<const RowGroup>> passes;
    for (std::size_t begin = 0; begin < groups.size(); begin += passes.back().size())
        passes.push_back(std::span(groups).subspan(begin, endOfPass(groups, begin, tokens) - begin));
    const auto key = [&](std::size_t pass) { return passKey(*options.journal, passes[pass], rows); };

    std::vector<ScoreResult> results(rows.size());
    std::size_t finished = 0;
    PassWork work{.phase = "score", .fractions = fractionsOf(passes), .compute = {}, .use = {}};
    work.compute = [&](std::size_t pass, Progress& computing) {
        return valuesOf(scorePass(model, passes[pass], rows, computing));
    };
    work.use = [&](std::size_t pass, const PassValues& values) {
        auto scored = resultsOf(values, passes[pass], rows);
        auto next = scored.begin();
        for (const auto& group : passes[pass]) {
            for (const auto index : group.rows)
                results[index] = std::move(*next++);
            finished += group.rows.size();
        }
        return std::to_string(finished) + " of " + std::to_string(rows.size()) + " requests";
    };
    work.threads = passesAtOnce(model);
    if (options.journal) {
        work.find = [&](std::size_t pass) {
            const auto* known = options.journal->find(key(pass));
            return known ? std::optional(valuesOf(*known)) : std::nullopt;
        };
        work.keep = [&](std::size_t pass, const PassValues& values) {
            options.journal->add(key(pass), resultsOf(values, passes[pass], rows));
        };
    }
    runPasses(options.ranks, work, progress);
    return results;
}

std::vector<ScoreResult> scoreRequests(const Model& model, const Tokenizer* tokenizer,
                                       std::span<const ScoreRequest> requests, const ScoringOptions& options,
                                       Progress& progress)
{
    const auto maxLength = options.maxLength > 0 ? options.maxLength : model.info().context;
    return scoreRows(model, encodeAll(model, tokenizer, requests, maxLength, progress), options, progress);
}

} // namespace core
