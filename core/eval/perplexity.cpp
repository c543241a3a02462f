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

/** Windows [begin, begin + count): losses of each. */
std::vector<ScoreResult> scoreWindows(const Model& model, const TextWindows& windows, const at::Tensor& batch,
                                      Progress& progress)
{
    const auto count = batch.size(0);
    const auto scored = windows.scoredPerWindow();
    const auto inputs = batch.narrow(1, 0, windows.length() - 1).to(model.device());
    const auto hidden = interruptibleHiddenStates(model, inputs, progress)
                            .narrow(1, windows.firstScored() - 1, scored)
                            .reshape({count * scored, -1});
    const auto targets = batch.narrow(1, windows.firstScored(), scored).reshape({-1});
    const auto scores = scoreTokens(model, hidden, targets, progress).logProbabilities;
    std::vector<ScoreResult> results(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < scores.size(); ++i)
        results[i / static_cast<std::size_t>(scored)].logprobs.push_back(scores[i]);
    return results;
}

std::string passKey(const EvaluationJournal& journal, const TextWindows& windows, const at::Tensor& batch)
{
    const auto* ids = batch.const_data_ptr<std::int64_t>();
    return journal.key("perplexity",
                       std::vector<std::vector<int>>{std::vector<int>(ids, ids + batch.numel()),
                                                     {int(windows.length()), int(windows.firstScored())}});
}

std::vector<ScoreResult> finishWindows(const Model& model, const TextWindows& windows, const at::Tensor& batch,
                                       EvaluationJournal* journal, Progress& progress)
{
    if (!journal)
        return scoreWindows(model, windows, batch, progress);
    const auto key = passKey(*journal, windows, batch);
    if (const auto* finished = journal->find(key))
        return *finished;
    auto results = scoreWindows(model, windows, batch, progress);
    journal->add(key, results);
    return results;
}

} // namespace

PerplexityResult measurePerplexity(const Model& model, std::span<const int> ids, const PerplexityOptions& options,
                                   Progress& progress)
{
    const at::NoGradGuard withoutGradients;
    const TextWindows windows(ids, options, model.info());
    PerplexityAccumulator accumulator;
    std::vector<double> losses;
    for (std::int64_t begin = 0; begin < windows.count(); begin += windows.batch()) {
        progress.checkpoint();
        const auto count = std::min(windows.batch(), windows.count() - begin);
        for (const auto& window : finishWindows(model, windows, windows.ids(begin, count), options.journal, progress)) {
            losses.clear();
            for (const double value : window.logprobs)
                losses.push_back(-value);
            accumulator.addWindow(losses);
        }
        char text[96];
        std::snprintf(text, sizeof text, "window %lld of %lld, perplexity so far %.4f",
                      static_cast<long long>(begin + count), static_cast<long long>(windows.count()),
                      accumulator.value());
        progress.report(static_cast<double>(begin + count) / static_cast<double>(windows.count()), text);
    }
    return accumulator.result(options.convention);
}

} // namespace core
