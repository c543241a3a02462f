// SPDX-License-Identifier: Apache-2.0
#include "core/eval/perplexity.h"

#include "core/eval/token_scores.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cstdio>

namespace core {

void PerplexityAccumulator::addWindow(std::span<const double> negativeLogLikelihoods)
{
    double sum = 0.0;
    for (const double value : negativeLogLikelihoods) {
        m_tokens.add(value);
        sum += value;
    }
    m_windowMeans.push_back(sum / static_cast<double>(negativeLogLikelihoods.size()));
}

PerplexityResult PerplexityAccumulator::result(PerplexityConvention convention) const
{
    PerplexityResult result;
    result.value = value();
    result.stderror = result.value * m_tokens.standardError();
    result.nllSum = m_tokens.sum();
    result.tokens = m_tokens.count();
    result.windows = static_cast<std::int64_t>(m_windowMeans.size());
    result.convention = convention;
    result.windowNllMean = m_windowMeans;
    return result;
}

PerplexityResult measurePerplexity(const Model& model, std::span<const int> ids, const PerplexityOptions& options,
                                   Progress& progress)
{
    const at::NoGradGuard withoutGradients;
    const TextWindows windows(ids, options, model.info());
    PerplexityAccumulator accumulator;
    const auto scored = windows.scoredPerWindow();
    for (std::int64_t begin = 0; begin < windows.count(); begin += windows.batch()) {
        const auto count = std::min(windows.batch(), windows.count() - begin);
        const auto batch = windows.ids(begin, count);
        const auto inputs = batch.narrow(1, 0, windows.length() - 1).to(model.device());
        const auto hidden = interruptibleHiddenStates(model, inputs, progress)
                                .narrow(1, windows.firstScored() - 1, scored)
                                .reshape({count * scored, -1});
        const auto targets = batch.narrow(1, windows.firstScored(), scored).reshape({-1});
        auto losses = scoreTokens(model, hidden, targets, progress).logProbabilities;
        for (auto& loss : losses)
            loss = -loss;
        for (std::int64_t window = 0; window < count; ++window)
            accumulator.addWindow(
                std::span(losses).subspan(static_cast<std::size_t>(window * scored), static_cast<std::size_t>(scored)));
        char text[96];
        std::snprintf(text, sizeof text, "window %lld of %lld, perplexity so far %.4f",
                      static_cast<long long>(begin + count), static_cast<long long>(windows.count()),
                      accumulator.value());
        progress.report(static_cast<double>(begin + count) / static_cast<double>(windows.count()), text);
    }
    return accumulator.result(options.convention);
}

} // namespace core
