// SPDX-License-Identifier: Apache-2.0
#include "core/eval/scoring.h"

#include "core/base/error.h"
#include "core/eval/token_scores.h"
#include "core/eval/trailing_whitespace.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <numeric>

namespace core {

namespace {

/** What the model reads: `ids` in full, of which the last `scored` are targets; the very last is never an input. */
struct Row
{
    std::vector<int> ids;
    std::int64_t scored = 0;

    std::int64_t inputs() const { return static_cast<std::int64_t>(ids.size()) - 1; }
};

std::vector<int> encodeOnce(const Tokenizer& tokenizer, const std::string& text)
{
    const auto bos = tokenizer.bosId();
    const auto spelled = bos ? tokenizer.piece(*bos) : std::string();
    const bool hasBos = !spelled.empty() && text.starts_with(spelled);
    return tokenizer.encode(text, hasBos ? SpecialTokens::Omit : SpecialTokens::Add);
}

int prefixToken(const Tokenizer& tokenizer)
{
    if (const auto bos = tokenizer.bosId())
        return *bos;
    if (const auto eos = tokenizer.eosId())
        return *eos;
    throw Error(ErrorKind::InvalidArgument,
                "a request without context needs a tokenizer with a BOS or EOS token, and this one has neither");
}

EncodedRequest encodeWithoutContext(const Tokenizer& tokenizer, const std::string& continuation)
{
    const int prefix = prefixToken(tokenizer);
    EncodedRequest encoded{{prefix}, tokenizer.encode(continuation, SpecialTokens::Omit)};
    if (!encoded.continuation.empty() && encoded.continuation.front() == prefix)
        encoded.continuation.erase(encoded.continuation.begin());
    return encoded;
}

EncodedRequest encodeIds(const ScoreRequest& request)
{
    if (request.ids.size() < 2)
        throw Error(ErrorKind::InvalidArgument, "a request of ids needs at least 2 of them: the first is only read");
    return {{request.ids.front()}, {request.ids.begin() + 1, request.ids.end()}};
}

Row makeRow(const EncodedRequest& encoded, std::int64_t maxLength, std::int64_t vocab)
{
    const auto scored = static_cast<std::int64_t>(encoded.continuation.size());
    if (scored > maxLength)
        throw Error(ErrorKind::InvalidArgument,
                    "its continuation of " + std::to_string(scored) + " tokens is longer than the model's "
                        + std::to_string(maxLength));
    Row row{encoded.context, scored};
    row.ids.insert(row.ids.end(), encoded.continuation.begin(), encoded.continuation.end());
    if (row.inputs() > maxLength)
        row.ids.erase(row.ids.begin(), row.ids.end() - (maxLength + 1));
    for (const int id : row.ids)
        if (id < 0 || id >= vocab)
            throw Error(ErrorKind::InvalidArgument,
                        "id " + std::to_string(id) + " is outside the model's vocabulary of " + std::to_string(vocab));
    return row;
}

/** Rows of similar length, padded behind: causal attention never looks there. */
void scoreBatch(const Model& model, const std::vector<const Row*>& rows, const std::vector<ScoreResult*>& results,
                Progress& progress)
{
    std::int64_t longest = 0;
    for (const auto* row : rows)
        longest = std::max(longest, row->inputs());
    const auto batch = static_cast<std::int64_t>(rows.size());
    auto ids = at::zeros({batch, longest}, at::kLong);
    std::vector<std::int64_t> positions; // in the flattened [batch * longest]
    std::vector<std::int64_t> targets;
    for (std::int64_t i = 0; i < batch; ++i) {
        const auto& row = *rows[static_cast<std::size_t>(i)];
        auto* line = ids.mutable_data_ptr<std::int64_t>() + i * longest;
        std::copy(row.ids.begin(), row.ids.end() - 1, line);
        for (std::int64_t at = row.inputs() - row.scored; at < row.inputs(); ++at) {
            positions.push_back(i * longest + at);
            targets.push_back(row.ids[static_cast<std::size_t>(at + 1)]);
        }
    }
    const auto hidden = interruptibleHiddenStates(model, ids.to(model.device()), progress).flatten(0, 1);
    const auto scored = hidden.index_select(0, at::tensor(positions, at::kLong).to(hidden.device()));
    const auto scores = scoreTokens(model, scored, at::tensor(targets, at::kLong), progress);
    auto next = std::size_t{0};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto& result = *results[i];
        result.greedy = true;
        for (std::int64_t k = 0; k < rows[i]->scored; ++k, ++next) {
            result.logprobs.push_back(scores.logProbabilities[next]);
            result.sum += scores.logProbabilities[next];
            result.greedy = result.greedy && scores.greedy[next];
        }
    }
}

std::vector<Row> encodeAll(const Model& model, const Tokenizer* tokenizer, std::span<const ScoreRequest> requests,
                           std::int64_t maxLength)
{
    std::vector<Row> rows;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        try {
            const auto& request = requests[i];
            if (request.ids.empty() && !tokenizer)
                throw Error(ErrorKind::InvalidArgument, "a request of texts needs a tokenizer, and the model has none");
            const auto encoded = request.ids.empty() ? encodeRequest(*tokenizer, request) : encodeIds(request);
            rows.push_back(makeRow(encoded, maxLength, model.info().vocab));
        } catch (const Error& error) {
            throw Error(error.kind(), "request " + std::to_string(i + 1) + ": " + error.what(), error.context());
        }
    }
    return rows;
}

} // namespace

EncodedRequest encodeRequest(const Tokenizer& tokenizer, const ScoreRequest& request)
{
    if (request.continuation.empty())
        throw Error(ErrorKind::InvalidArgument, "the continuation is empty: there is nothing to score");
    EncodedRequest encoded;
    if (request.context.empty()) {
        encoded = encodeWithoutContext(tokenizer, request.continuation);
    } else {
        const auto kept = lengthWithoutTrailingWhitespace(request.context);
        const auto context = request.context.substr(0, kept);
        const auto whole = encodeOnce(tokenizer, request.context + request.continuation);
        encoded.context = encodeOnce(tokenizer, context);
        const auto cut = std::min(encoded.context.size(), whole.size());
        encoded.continuation.assign(whole.begin() + static_cast<std::ptrdiff_t>(cut), whole.end());
        // Whitespace alone, and a tokenizer that puts nothing in front: something must still precede the continuation.
        if (encoded.context.empty())
            encoded.context.push_back(prefixToken(tokenizer));
    }
    if (encoded.continuation.empty())
        throw Error(ErrorKind::InvalidArgument, "the continuation has no tokens of its own after its context");
    return encoded;
}

std::vector<ScoreResult> scoreRequests(const Model& model, const Tokenizer* tokenizer,
                                       std::span<const ScoreRequest> requests, const ScoringOptions& options,
                                       Progress& progress)
{
    const at::NoGradGuard withoutGradients;
    const auto maxLength = options.maxLength > 0 ? options.maxLength : model.info().context;
    const auto rows = encodeAll(model, tokenizer, requests, maxLength);
    std::vector<std::size_t> order(rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    // Longest first: memory that is too small shows at once, and the time left is never underestimated.
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return rows[a].inputs() > rows[b].inputs(); });

    std::vector<ScoreResult> results(rows.size());
    for (std::size_t begin = 0; begin < order.size();) {
        const auto longest = std::max<std::int64_t>(1, rows[order[begin]].inputs());
        const auto fit = static_cast<std::size_t>(std::max<std::int64_t>(1, options.tokensInPass / longest));
        const auto end = std::min(order.size(), begin + fit);
        std::vector<const Row*> batch;
        std::vector<ScoreResult*> places;
        for (auto i = begin; i < end; ++i) {
            batch.push_back(&rows[order[i]]);
            places.push_back(&results[order[i]]);
        }
        scoreBatch(model, batch, places, progress);
        begin = end;
        progress.report(static_cast<double>(begin) / static_cast<double>(order.size()),
                        std::to_string(begin) + " of " + std::to_string(order.size()) + " requests");
    }
    return results;
}

} // namespace core
