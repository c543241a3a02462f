// SPDX-License-Identifier: Apache-2.0
#include "core/eval/token_scores.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace core {

at::Tensor interruptibleHiddenStates(const Model& model, const at::Tensor& ids, Progress& progress)
{
    const Tap checkpoint = [&progress](const SiteId&, const at::Tensor&) { progress.checkpoint(); };
    return model.hiddenStates(ids, nullptr, &checkpoint);
}

void forEachSlice(std::int64_t rows, std::int64_t vocab,
                  const std::function<void(std::int64_t begin, std::int64_t count)>& use)
{
    constexpr std::int64_t kElements = 1 << 24;
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
    TokenScores scores;
    const auto rows = targets.size(0);
    scores.logProbabilities.reserve(static_cast<std::size_t>(rows));
    scores.greedy.reserve(static_cast<std::size_t>(rows));
    forEachSlice(rows, model.info().vocab, [&](std::int64_t begin, std::int64_t count) {
        progress.checkpoint();
        const auto target = targets.narrow(0, begin, count).to(hidden.device());
        const auto logits = model.logits(hidden.narrow(0, begin, count)).to(at::kFloat);
        const auto best = logits.argmax(-1).eq(target).cpu();
        // Only the sum of exponentials and the target's logit are needed: no [slice, vocab] of logarithms.
        const auto wide = logits.to(at::kDouble);
        const auto targetLogits = wide.gather(1, target.unsqueeze(1)).squeeze(1);
        const auto chosen = (targetLogits - wide.logsumexp(-1)).cpu().contiguous();
        const auto* values = chosen.const_data_ptr<double>();
        const auto* flags = best.const_data_ptr<bool>();
        scores.logProbabilities.insert(scores.logProbabilities.end(), values, values + count);
        scores.greedy.insert(scores.greedy.end(), flags, flags + count);
    });
    return scores;
}

} // namespace core
