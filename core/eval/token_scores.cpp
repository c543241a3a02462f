// SPDX-License-Identifier: Apache-2.0
#include "core/eval/token_scores.h"

#include "core/model/last_block.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>

namespace core {

at::Tensor interruptibleHiddenStates(const Model& model, const at::Tensor& ids, Progress& progress,
                                     const TokenLayout* layout)
{
    const Tap checkpoint = [&progress](const SiteId&, const at::Tensor&) { progress.checkpoint(); };
    return model.hiddenStates(ids, nullptr, &checkpoint, layout);
}

at::Tensor hiddenStatesAt(const Model& model, const at::Tensor& ids, std::span<const std::int64_t> wanted,
                          Progress& progress, const TokenLayout* layout)
{
    // Row by row, filled up with first tokens to the longest row.
    const auto tokens = ids.size(1);
    std::vector<std::int64_t> counts(static_cast<std::size_t>(ids.size(0)), 0), places;
    for (const auto at : wanted)
        places.push_back(counts[static_cast<std::size_t>(at / tokens)]++);
    const auto most = *std::max_element(counts.begin(), counts.end());
    auto positions = at::zeros({ids.size(0), most}, at::kLong);
    auto* position = positions.mutable_data_ptr<std::int64_t>();
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        places[i] += wanted[i] / tokens * most;
        position[places[i]] = wanted[i] % tokens;
    }
    const Tap checkpoint = [&progress](const SiteId&, const at::Tensor&) { progress.checkpoint(); };
    const auto last = model.info().blocks - 1;
    auto hidden = model.embed(ids);
    for (int block = 0; block < last; ++block)
        hidden = model.forward(block, hidden, 0, nullptr, &checkpoint, layout);
    positions = positions.to(model.device());
    if (last < 0)
        hidden = hidden.take_along_dim(positions.unsqueeze(-1), 1);
    else
        hidden = forwardBlockAt({.info = model.info(),
                                 .rope = model.rope(),
                                 .block = last,
                                 .hook = model.block(last).hook.get(),
                                 .tap = &checkpoint,
                                 .layout = layout},
                                model.block(last).weights, hidden, positions);
    hidden = hidden.flatten(0, 1).index_select(0, at::tensor(places, at::kLong).to(model.device()));
    return rmsNorm(hidden, model.parts().finalNorm, model.info().normEps);
}

TokenScores scoreTokens(const Model& model, const at::Tensor& hidden, const at::Tensor& targets, Progress& progress)
{
    const auto ids = targets.to(at::kCPU, at::kLong).contiguous();
    std::vector<std::int64_t> from(static_cast<std::size_t>(ids.size(0)));
    std::iota(from.begin(), from.end(), std::int64_t{0});
    return scoreTargets(model, hidden, from, {ids.const_data_ptr<std::int64_t>(), from.size()}, progress);
}

namespace {

/** Which targets are the first of their row's greatest logits, [targets] bool on the CPU. */
at::Tensor areGreedy(const at::Tensor& logits, const at::Tensor& greatest, const at::Tensor& row, const at::Tensor& id,
                     const at::Tensor& chosen)
{
    auto flags = chosen.eq(greatest.squeeze(-1).index_select(0, row));
    const auto among = flags.nonzero().squeeze(-1); // an earlier id may have the same logit
    const auto first = logits.index_select(0, row.index_select(0, among)).argmax(-1);
    flags.index_put_({among}, first.eq(id.index_select(0, among)));
    return flags.cpu();
}

} // namespace

TokenScores scoreTargets(const Model& model, const at::Tensor& hidden, std::span<const std::int64_t> from,
                         std::span<const std::int64_t> targets, Progress& progress)
{
    std::vector<std::size_t> order(targets.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return from[a] < from[b]; });
    TokenScores scores;
    scores.logProbabilities.resize(targets.size());
    scores.greedy.resize(targets.size());
    const auto vocab = model.info().vocab;
    auto next = order.begin();
    forEachSlice(hidden.size(0), vocab, [&](std::int64_t begin, std::int64_t count) {
        progress.checkpoint();
        const auto first = next;
        std::vector<std::int64_t> rows, ids;
        for (; next != order.end() && from[*next] < begin + count; ++next) {
            rows.push_back(from[*next] - begin);
            ids.push_back(targets[*next]);
        }
        auto logits = model.logits(hidden.narrow(0, begin, count)).to(at::kFloat);
        const auto row = at::tensor(rows, at::kLong).to(hidden.device());
        const auto id = at::tensor(ids, at::kLong).to(hidden.device());
        const auto greatest = logits.amax(-1, true);
        const auto chosen = logits.view({-1}).index_select(0, row * vocab + id);
        const auto flags = areGreedy(logits, greatest, row, id, chosen);
        // Only the sum of exponentials and the targets' logits are needed: no [slice, vocab] of logarithms. The exponentials
        // are float32, relative to the greatest, and right to a unit in the last place; their sum is float64.
        const auto sums = logits.sub_(greatest).exp_().sum(-1, false, at::kDouble);
        const auto logSums = greatest.squeeze(-1).to(at::kDouble) + sums.log();
        const auto values = (chosen.to(at::kDouble) - logSums.index_select(0, row)).to(at::kCPU).contiguous();
        for (auto at = first; at != next; ++at) {
            scores.logProbabilities[*at] = values.const_data_ptr<double>()[at - first];
            scores.greedy[*at] = flags.const_data_ptr<bool>()[at - first];
        }
    });
    return scores;
}

} // namespace core
