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

namespace {

/** Log-probabilities of the scored tokens of a batch of windows, one window after another. */
PassValues scoreWindows(const Model& model, const TextWindows& windows, const at::Tensor& batch, Progress& progress)
{
    const auto scored = windows.scoredPerWindow();
    const auto hidden = scoredHidden(model, batch, windows, progress);
    const auto targets = batch.narrow(1, windows.firstScored(), scored).reshape({-1});
    return scoreTokens(model, hidden, targets, progress).logProbabilities;
}

} // namespace

PerplexityResult measurePerplexity(const Model& model, std::span<const int> ids, const PerplexityOptions& options,
                                   Progress& progress)
{
    const at::NoGradGuard withoutGradients;
    const TextWindows windows(ids, options, model.info());
    PerplexityAccumulator accumulator;
    const auto compute = [&](std::size_t pass, Progress& computing) {
        const auto [first, count] = windows.pass(pass);
        return scoreWindows(model, windows, windows.ids(first, count), computing);
    };
    const auto use = [&](std::size_t pass, const PassValues& logProbabilities) {
        PassValues losses;
        for (const double value : logProbabilities)
            losses.push_back(-value);
        const auto scored = std::size_t(windows.scoredPerWindow());
        for (std::size_t begin = 0; begin < losses.size(); begin += scored)
            accumulator.addWindow(std::span(losses).subspan(begin, scored));
        const auto [first, count] = windows.pass(pass);
        char text[96];
        std::snprintf(text, sizeof text, "window %lld of %lld, perplexity so far %.4f",
                      static_cast<long long>(first + count), static_cast<long long>(windows.count()),
                      accumulator.value());
        return std::string(text);
    };
    PassWork work{"perplexity", windows.passFractions(), compute, use};
    work.threads = passesAtOnce(model);
    if (options.journal)
        keepInJournal(work, *options.journal,
                      [&](std::size_t pass) { return windows.journalKey(*options.journal, "perplexity", pass); });
    runPasses(options.ranks, work, progress);
    return accumulator.result(options.convention);
}

} // namespace core
