// SPDX-License-Identifier: Apache-2.0
#include "core/eval/divergence.h"

#include "core/base/error.h"
#include "core/eval/token_scores.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>

namespace core {

namespace {

constexpr double kPercents[] = {0.0, 0.1, 1.0, 5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.9, 100.0};

constexpr std::int64_t kFirstChoices = 5;

/** What is gathered over all scored tokens. */
struct Gathered
{
    PerplexityAccumulator model;
    PerplexityAccumulator reference;
    RunningMean divergence;
    RunningMean top1;
    RunningMean top5;
    RunningMean difference;  // of the losses, token by token
    RunningMean probability; // p(model) - p(reference) of the text's token
    RunningMean probabilitySquare;
    std::vector<float> divergences;
    std::vector<float> probabilities;
};

/** What the reference says about a slice of positions. */
struct ReferenceSlice
{
    at::Tensor logP; // [rows, vocab] float64
    at::Tensor loss; // [rows] float64, CPU
};

/** Says what the reference thinks of positions [begin, begin + count) of a batch, whose tokens are `targets`. */
using BatchReference = std::function<ReferenceSlice(std::int64_t begin, std::int64_t count, const at::Tensor& targets)>;

/** A reference model that runs now, or its stored run; batches may be asked for by several threads. */
using Reference = std::function<BatchReference(const at::Tensor& batch, std::int64_t firstWindow, Progress& progress)>;

Reference runningReference(const Model& model, const TextWindows& windows)
{
    return [&](const at::Tensor& batch, std::int64_t, Progress& progress) -> BatchReference {
        return [&model, hidden = scoredHidden(model, batch, windows, progress)](auto begin, auto count, auto& targets) {
            const auto logP = logProbabilities(model, hidden.narrow(0, begin, count));
            return ReferenceSlice{logP, -logP.gather(1, targets.to(logP.device())).squeeze(1).cpu()};
        };
    };
}

Reference storedReference(const ReferenceScores& scores)
{
    return [&](const at::Tensor&, std::int64_t firstWindow, Progress&) -> BatchReference {
        return [&scores, first = firstWindow * scores.run().scored](auto begin, auto count, auto&) {
            return ReferenceSlice{scores.logProbabilities(first + begin, count), scores.losses(first + begin, count)};
        };
    };
}

/** One slice of positions, on the CPU: [rows] float64. */
struct SliceScores
{
    at::Tensor loss, referenceLoss, divergence, top5;
    at::Tensor top, referenceTop; // ids
};

SliceScores compareSlice(const at::Tensor& logQ, const ReferenceSlice& reference, const at::Tensor& targets)
{
    const auto logP = reference.logP.to(logQ.device());
    const auto among = std::min<std::int64_t>(kFirstChoices, logP.size(1));
    const auto firstP = std::get<1>(logP.topk(among, -1));
    const auto firstQ = std::get<1>(logQ.topk(among, -1));
    const auto shared = firstP.unsqueeze(2).eq(firstQ.unsqueeze(1)).sum(at::IntArrayRef{1, 2});
    return {.loss = -logQ.gather(1, targets.to(logQ.device())).squeeze(1).cpu(),
            .referenceLoss = reference.loss.contiguous(),
            .divergence = divergences(logP.exp(), logP, logQ).cpu(),
            .top5 = (shared.to(at::kDouble) / static_cast<double>(among)).cpu(),
            .top = logQ.argmax(-1).to(at::kCPU, at::kDouble),
            .referenceTop = logP.argmax(-1).to(at::kCPU, at::kDouble)};
}

void gather(const TokenRecord& record, double top5, Gathered& gathered)
{
    const double probability = std::exp(-record.loss) - std::exp(-record.referenceLoss);
    gathered.divergence.add(record.divergence);
    gathered.divergences.push_back(static_cast<float>(record.divergence));
    gathered.top1.add(record.top == record.referenceTop ? 1.0 : 0.0);
    gathered.top5.add(top5);
    gathered.difference.add(record.loss - record.referenceLoss);
    gathered.probability.add(probability);
    gathered.probabilitySquare.add(probability * probability);
    gathered.probabilities.push_back(static_cast<float>(probability));
}

/** Where the text's windows are compared. */
struct Comparison
{
    const Model& model;
    const Reference& reference;
    const TextWindows& windows;
    const TokenRecordObserver& onToken;
};

/** Numbers of a pass, by token: loss, loss of the reference, divergence, share of the first five, both first choices. */
constexpr std::size_t kNumbers = 6;

PassValues compareBatch(const Comparison& comparison, std::size_t pass, Progress& progress)
{
    const auto& windows = comparison.windows;
    const auto [firstWindow, count] = windows.pass(pass);
    const auto rows = count * windows.scoredPerWindow();
    const auto batch = windows.ids(firstWindow, count);
    const auto hidden = scoredHidden(comparison.model, batch, windows, progress);
    const auto reference = comparison.reference(batch, firstWindow, progress);
    const auto targets = batch.narrow(1, windows.firstScored(), windows.scoredPerWindow()).reshape({-1, 1});
    PassValues values;
    values.reserve(static_cast<std::size_t>(rows) * kNumbers);
    forEachSlice(rows, 2 * comparison.model.info().vocab, [&](std::int64_t begin, std::int64_t size) {
        progress.checkpoint();
        const auto slice = targets.narrow(0, begin, size);
        const auto logQ = logProbabilities(comparison.model, hidden.narrow(0, begin, size));
        const auto scores = compareSlice(logQ, reference(begin, size, slice), slice);
        for (std::int64_t row = 0; row < size; ++row)
            for (const auto* column : {&scores.loss, &scores.referenceLoss, &scores.divergence, &scores.top5,
                                       &scores.top, &scores.referenceTop})
                values.push_back(column->const_data_ptr<double>()[row]);
    });
    return values;
}

void gatherBatch(const Comparison& comparison, std::size_t pass, const PassValues& values, Gathered& gathered)
{
    const auto& windows = comparison.windows;
    const auto [firstWindow, count] = windows.pass(pass);
    const auto scored = windows.scoredPerWindow();
    const auto ids = windows.ids(firstWindow, count);
    std::vector<double> losses;
    std::vector<double> referenceLosses;
    for (std::int64_t place = 0; place < count * scored; ++place) {
        const auto* numbers = values.data() + static_cast<std::size_t>(place) * kNumbers;
        const auto window = place / scored;
        const auto position = windows.firstScored() + place % scored;
        const TokenRecord record{
            .window = firstWindow + window,
            .position = position,
            .id = static_cast<int>(ids.const_data_ptr<std::int64_t>()[window * windows.length() + position]),
            .loss = numbers[0],
            .referenceLoss = numbers[1],
            .divergence = numbers[2],
            .top = static_cast<int>(numbers[4]),
            .referenceTop = static_cast<int>(numbers[5])};
        losses.push_back(record.loss);
        referenceLosses.push_back(record.referenceLoss);
        gather(record, numbers[3], gathered);
        if (comparison.onToken)
            comparison.onToken(record);
    }
    const auto step = static_cast<std::size_t>(scored);
    for (std::size_t begin = 0; begin < losses.size(); begin += step) {
        gathered.model.addWindow(std::span(losses).subspan(begin, step));
        gathered.reference.addWindow(std::span(referenceLosses).subspan(begin, step));
    }
}

std::vector<std::pair<double, double>> percentiles(std::vector<float>& values, double mean)
{
    // NaN has no place in an order: with one of them no percentile means anything, and the mean is NaN too.
    const bool ordered = std::none_of(values.begin(), values.end(), [](float value) { return std::isnan(value); });
    if (ordered)
        std::sort(values.begin(), values.end());
    std::vector<std::pair<double, double>> result;
    for (const double percent : kPercents)
        result.emplace_back(percent, ordered ? percentile(values, percent) : mean);
    return result;
}

DivergenceResult summary(Gathered& gathered)
{
    DivergenceResult result;
    result.klMean = gathered.divergence.mean();
    result.klStderr = gathered.divergence.standardError();
    result.top1Agreement = gathered.top1.mean();
    result.top1Stderr = gathered.top1.standardError();
    result.top5Agreement = gathered.top5.mean();
    result.top5Stderr = gathered.top5.standardError();
    result.lnPerplexityDifference = gathered.difference.mean();
    result.lnPerplexityDifferenceStderr = gathered.difference.standardError();
    result.probabilityDifferenceMean = gathered.probability.mean();
    result.probabilityDifferenceStderr = gathered.probability.standardError();
    result.probabilityDifferenceRms = std::sqrt(gathered.probabilitySquare.mean());
    if (result.probabilityDifferenceRms > 0.0) // d sqrt(m) = dm / (2 sqrt(m))
        result.probabilityDifferenceRmsStderr =
            gathered.probabilitySquare.standardError() / (2.0 * result.probabilityDifferenceRms);
    result.tokens = gathered.divergence.count();
    result.klPercentiles = percentiles(gathered.divergences, result.klMean);
    result.probabilityDifferencePercentiles = percentiles(gathered.probabilities, result.probabilityDifferenceMean);
    return result;
}

PairedEvaluation compareWindows(const Comparison& comparison, const PerplexityOptions& options, Progress& progress)
{
    const auto& windows = comparison.windows;
    Gathered gathered;
    const auto compute = [&](std::size_t pass, Progress& computing) {
        return compareBatch(comparison, pass, computing);
    };
    const auto use = [&](std::size_t pass, const PassValues& values) {
        gatherBatch(comparison, pass, values, gathered);
        const auto [first, count] = windows.pass(pass);
        char text[128];
        std::snprintf(text, sizeof text, "window %lld of %lld, perplexity %.4f, reference %.4f, KL %.4f",
                      static_cast<long long>(first + count), static_cast<long long>(windows.count()),
                      gathered.model.value(), gathered.reference.value(), gathered.divergence.mean());
        return std::string(text);
    };
    PassWork work{.phase = "divergence",
                  .fractions = windows.passFractions(),
                  .compute = compute,
                  .use = use,
                  .threads = passesAtOnce(comparison.model)};
    if (options.journal)
        keepInJournal(work, *options.journal, [&](std::size_t pass) {
            return windows.journalKey(*options.journal, "divergence from " + options.reference, pass);
        });
    runPasses(options.ranks, work, progress);
    return {gathered.model.result(options.convention), gathered.reference.result(options.convention),
            summary(gathered)};
}

void requireVocabulary(std::int64_t model, std::int64_t reference)
{
    if (model != reference)
        throw Error(ErrorKind::InvalidArgument,
                    "the model has a vocabulary of " + std::to_string(model) + ", its reference one of "
                        + std::to_string(reference) + ": they cannot be compared token by token");
}

void requireSameWindows(const TextWindows& windows, const ReferenceRun& run)
{
    if (windows.count() != run.windows || windows.length() != run.seqlen)
        throw Error(ErrorKind::InvalidArgument,
                    "the stored run has " + std::to_string(run.windows) + " windows of " + std::to_string(run.seqlen)
                        + " tokens, this text and these options give " + std::to_string(windows.count()) + " of "
                        + std::to_string(windows.length()));
    if (idsHash(windows) != run.idsHash)
        throw Error(ErrorKind::InvalidArgument,
                    "the stored run was made on other tokens: another text, or a tokenizer that splits it otherwise");
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
                                   const PerplexityOptions& options, const TokenRecordObserver& onToken,
                                   Progress& progress)
{
    requireVocabulary(model.info().vocab, reference.info().vocab);
    const at::NoGradGuard withoutGradients;
    auto shared = model.info();
    shared.context = std::min(shared.context, reference.info().context);
    const TextWindows windows(ids, options, shared);
    const auto running = runningReference(reference, windows);
    return compareWindows({model, running, windows, onToken}, options, progress);
}

PairedEvaluation measureDivergence(const Model& model, const ReferenceScores& reference, std::span<const int> ids,
                                   PerplexityOptions options, const TokenRecordObserver& onToken, Progress& progress)
{
    const auto& run = reference.run();
    requireVocabulary(model.info().vocab, run.vocab);
    if (options.convention != run.convention)
        throw Error(ErrorKind::InvalidArgument, "the stored run was made with the other perplexity convention");
    if (options.seqlen == 0)
        options.seqlen = run.seqlen;
    const at::NoGradGuard withoutGradients;
    const TextWindows windows(ids, options, model.info());
    requireSameWindows(windows, run);
    const auto stored = storedReference(reference);
    return compareWindows({model, stored, windows, onToken}, options, progress);
}

} // namespace core
