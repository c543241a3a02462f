// SPDX-License-Identifier: Apache-2.0
#include "core/eval/token_scores.h"

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

void forEachSlice(std::int64_t rows, std::int64_t vocab,
                  const std::function<void(std::int64_t begin, std::int64_t count)>& use)
{
    constexpr std::int64_t kElements = 1 << 22;
    const auto slice = std::max<std::int64_t>(1, kElements / std::max<std::int64_t>(1, vocab));
    for (std::int64_t begin = 0; begin < rows; begin += slice)
        use(begin, std::min(slice, rows - begin));
}

at::Tensor logProbabilities(const Model& model, const at::Tensor& hidden)
{
    return model.logits(hidden).to(at::kFloat).to(at::kDouble).log_softmax(-1);
}

TokenScores scoreTokens(const Model& model, const at::Tensor& hidden, const at::Tensor& targets, Progress& progress)
{
    const auto ids = targets.to(at::kCPU, at::kLong).contiguous();
    std::vector<std::int64_t> from(static_cast<std::size_t>(ids.size(0)));
    std::iota(from.begin(), from.end(), std::int64_t{0});
    return scoreTargets(model, hidden, from, {ids.const_data_ptr<std::int64_t>(), from.size()}, progress);
}

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
        const auto logits = model.logits(hidden.narrow(0, begin, count)).to(at::kFloat);
        const auto row = at::tensor(rows, at::kLong).to(hidden.device());
        const auto id = at::tensor(ids, at::kLong).to(hidden.device());
        // Only the sum of exponentials and the targets' logits are needed: no [slice, vocab] of logarithms. The exponentials
        // are float32, relative to the greatest, and right to a unit in the last place; their sum is float64.
        const auto [greatest, best] = logits.max(-1, true);
        const auto sums = (logits - greatest).exp_().sum(-1, false, at::kDouble);
        const auto logSums = greatest.squeeze(-1).to(at::kDouble) + sums.log();
        const auto chosen = logits.view({-1}).index_select(0, row * vocab + id).to(at::kDouble);
        const auto values = (chosen - logSums.index_select(0, row)).to(at::kCPU).contiguous();
        const auto flags = best.squeeze(-1).index_select(0, row).eq(id).cpu().contiguous();
        for (auto at = first; at != next; ++at) {
            scores.logProbabilities[*at] = values.const_data_ptr<double>()[at - first];
            scores.greedy[*at] = flags.const_data_ptr<bool>()[at - first];
        }
    });
    return scores;
}

} // namespace core
