// SPDX-License-Identifier: Apache-2.0
#include "core/eval/divergence.h"

#include "core/base/error.h"
#include "core/eval/token_scores.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cstdio>

namespace core {

namespace {

constexpr double kPercents[] = {0.0, 0.1, 1.0, 5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.9, 100.0};

/** What is gathered over all scored tokens. */
struct Gathered
{
    PerplexityAccumulator model;
    PerplexityAccumulator reference;
    RunningMean divergence;
    RunningMean agreement;
    RunningMean difference; // of the losses, token by token
    std::vector<float> divergences;
};

/** One slice of positions, on the CPU. */
struct SliceScores
{
    at::Tensor loss, referenceLoss, divergence, agreement; // [rows] float64
};

SliceScores compareSlice(const Model& model, const Model& reference, const at::Tensor& hidden,
                         const at::Tensor& referenceHidden, const at::Tensor& targets)
{
    const auto logP = logProbabilities(reference, referenceHidden);
    const auto logQ = logProbabilities(model, hidden).to(logP.device());
    const auto index = targets.to(logP.device()).unsqueeze(1);
    // Where p is 0 the term is 0, however small q is: 0 * inf must not become NaN.
    const auto p = logP.exp();
    const auto terms = at::where(p.eq(0.0), at::zeros({}, p.options()), p * (logP - logQ));
    SliceScores scores;
    scores.loss = -logQ.gather(1, index).squeeze(1).cpu();
    scores.referenceLoss = -logP.gather(1, index).squeeze(1).cpu();
    scores.divergence = terms.sum(-1).cpu();
    scores.agreement = logP.argmax(-1).eq(logQ.argmax(-1)).to(at::kDouble).cpu();
    return scores;
}

void gatherBatch(const Model& model, const Model& reference, const at::Tensor& batch, const TextWindows& windows,
                 Gathered& gathered, Progress& progress)
{
    const auto scored = windows.scoredPerWindow();
    const auto rows = batch.size(0) * scored;
    const auto inputs = batch.narrow(1, 0, windows.length() - 1);
    const auto scoredHidden = [&](const Model& which) {
        return interruptibleHiddenStates(which, inputs.to(which.device()), progress)
            .narrow(1, windows.firstScored() - 1, scored)
            .reshape({rows, -1});
    };
    const auto hidden = scoredHidden(model);
    const auto referenceHidden = scoredHidden(reference);
    const auto targets = batch.narrow(1, windows.firstScored(), scored).reshape({-1});

    std::vector<double> losses;
    std::vector<double> referenceLosses;
    forEachSlice(rows, 2 * model.info().vocab, [&](std::int64_t begin, std::int64_t count) {
        progress.checkpoint();
        const auto scores = compareSlice(model, reference, hidden.narrow(0, begin, count),
                                         referenceHidden.narrow(0, begin, count), targets.narrow(0, begin, count));
        for (std::int64_t row = 0; row < count; ++row) {
            const double divergence = scores.divergence.const_data_ptr<double>()[row];
            losses.push_back(scores.loss.const_data_ptr<double>()[row]);
            referenceLosses.push_back(scores.referenceLoss.const_data_ptr<double>()[row]);
            gathered.divergence.add(divergence);
            gathered.divergences.push_back(static_cast<float>(divergence));
            gathered.agreement.add(scores.agreement.const_data_ptr<double>()[row]);
            gathered.difference.add(losses.back() - referenceLosses.back());
        }
    });
    for (std::int64_t begin = 0; begin < rows; begin += scored) {
        const auto window = [&](const std::vector<double>& values) {
            return std::span(values).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(scored));
        };
        gathered.model.addWindow(window(losses));
        gathered.reference.addWindow(window(referenceLosses));
    }
}

DivergenceResult summary(Gathered& gathered)
{
    DivergenceResult result;
    result.klMean = gathered.divergence.mean();
    result.klStderr = gathered.divergence.standardError();
    result.top1Agreement = gathered.agreement.mean();
    result.top1Stderr = gathered.agreement.standardError();
    result.lnPerplexityDifference = gathered.difference.mean();
    result.lnPerplexityDifferenceStderr = gathered.difference.standardError();
    result.tokens = gathered.divergence.count();
    auto& values = gathered.divergences;
    // NaN has no place in an order: with one of them no percentile means anything, and the mean is NaN too.
    const bool ordered = std::none_of(values.begin(), values.end(), [](float value) { return std::isnan(value); });
    if (ordered)
        std::sort(values.begin(), values.end());
    for (const double percent : kPercents)
        result.klPercentiles.emplace_back(percent, ordered ? percentile(values, percent) : result.klMean);
    return result;
}

} // namespace

double percentile(std::span<const float> sorted, double percent)
{
    const double position = percent / 100.0 * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const auto above = std::min(below + 1, sorted.size() - 1);
    const double weight = position - static_cast<double>(below);
    return (1.0 - weight) * sorted[below] + weight * sorted[above];
}

PairedEvaluation measureDivergence(const Model& model, const Model& reference, std::span<const int> ids,
                                   const PerplexityOptions& options, Progress& progress)
{
    if (model.info().vocab != reference.info().vocab)
        throw Error(ErrorKind::InvalidArgument,
                    "the model has a vocabulary of " + std::to_string(model.info().vocab) + ", its reference one of "
                        + std::to_string(reference.info().vocab) + ": they cannot be compared token by token");
    const at::NoGradGuard withoutGradients;
    auto shared = model.info();
    shared.context = std::min(shared.context, reference.info().context);
    const TextWindows windows(ids, options, shared);
    Gathered gathered;
    for (std::int64_t begin = 0; begin < windows.count(); begin += windows.batch()) {
        const auto count = std::min(windows.batch(), windows.count() - begin);
        gatherBatch(model, reference, windows.ids(begin, count), windows, gathered, progress);
        char text[128];
        std::snprintf(text, sizeof text, "window %lld of %lld, perplexity %.4f, reference %.4f, KL %.4f",
                      static_cast<long long>(begin + count), static_cast<long long>(windows.count()),
                      gathered.model.value(), gathered.reference.value(), gathered.divergence.mean());
        progress.report(static_cast<double>(begin + count) / static_cast<double>(windows.count()), text);
    }
    return {gathered.model.result(options.convention), gathered.reference.result(options.convention),
            summary(gathered)};
}

} // namespace core
