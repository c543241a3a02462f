// SPDX-License-Identifier: Apache-2.0
#include "core/eval/error_budget.h"

#include "core/base/error.h"
#include "core/eval/token_scores.h"
#include "core/stats/running_mean.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

namespace core {

namespace {

struct Cost
{
    RunningMean kl, loss;

    QuantizationCost result() const { return {kl.mean(), kl.standardError(), loss.mean(), loss.standardError()}; }
};

/** What is gathered over all batches. */
struct Gathered
{
    std::vector<Cost> costs; // of the modules, then of the whole
    std::vector<RunningMean> outputMse;
    RunningMean referenceLoss;
};

void requireOneShape(const ModelInfo& a, const ModelInfo& b)
{
    if (a.blocks != b.blocks || a.hidden != b.hidden || a.intermediate != b.intermediate || a.vocab != b.vocab)
        throw Error(ErrorKind::InvalidArgument,
                    "the bundle has " + std::to_string(a.blocks) + " blocks of width " + std::to_string(a.hidden)
                        + ", the reference " + std::to_string(b.blocks) + " of width " + std::to_string(b.hidden)
                        + ": it was not made from this model");
}

BlockContext contextOf(const Model& model, int block, const BlockHook* hook)
{
    return {.info = model.info(), .rope = model.rope(), .block = block, .hook = hook};
}

/** The reference's hidden states at the start of each block, then after the last one. */
std::vector<at::Tensor> blockInputs(const Model& reference, const at::Tensor& ids, Progress& progress)
{
    std::vector<at::Tensor> inputs{reference.embed(ids)};
    for (int block = 0; block < reference.info().blocks; ++block) {
        progress.checkpoint();
        inputs.push_back(reference.forward(block, inputs.back()));
    }
    return inputs;
}

/** The block's output with one half as the quantized model computes it. */
at::Tensor forwardHalfQuantized(const Model& quantized, const Model& reference, const ModuleId& module,
                                const at::Tensor& input)
{
    const auto& rounded = quantized.block(module.block);
    const auto& full = reference.block(module.block);
    const auto exact = contextOf(reference, module.block, nullptr);
    const auto hooked = contextOf(quantized, module.block, rounded.hook.get());
    if (module.kind == ModuleKind::Attention)
        return forwardMlp(exact, full.weights, forwardAttention(hooked, rounded.weights, input));
    return forwardMlp(hooked, rounded.weights, forwardAttention(exact, full.weights, input));
}

/** Which rows of a batch are scored, and what should follow them. */
struct ScoredRows
{
    std::int64_t first, perWindow;
    at::Tensor targets; // [rows]

    at::Tensor of(const at::Tensor& hidden) const
    {
        return hidden.narrow(1, first, perWindow).reshape({-1, hidden.size(-1)});
    }
};

void add(RunningMean& mean, const at::Tensor& values)
{
    const auto onHost = values.to(at::kCPU, at::kDouble).contiguous();
    for (std::int64_t i = 0; i < onHost.numel(); ++i)
        mean.add(onHost.const_data_ptr<double>()[i]);
}

/** Compares the final hidden states of all variants with the reference's, a slice of positions at a time: the reference's
    probabilities are computed once for all. */
void gatherCosts(const Model& reference, const at::Tensor& referenceHidden, const std::vector<at::Tensor>& variants,
                 const ScoredRows& scored, Gathered& gathered, Progress& progress)
{
    forEachSlice(referenceHidden.size(0), 2 * reference.info().vocab, [&](std::int64_t begin, std::int64_t count) {
        const auto index = scored.targets.narrow(0, begin, count).unsqueeze(1);
        const auto logP = logProbabilities(reference, referenceHidden.narrow(0, begin, count));
        const auto p = logP.exp();
        const auto loss = -logP.gather(1, index).squeeze(1);
        add(gathered.referenceLoss, loss);
        for (std::size_t i = 0; i < variants.size(); ++i) {
            progress.checkpoint();
            const auto logQ = logProbabilities(reference, variants[i].narrow(0, begin, count));
            add(gathered.costs[i].kl, divergences(p, logP, logQ));
            add(gathered.costs[i].loss, -logQ.gather(1, index).squeeze(1) - loss);
        }
    });
}

void gatherBatch(const Model& quantized, const Model& reference, const at::Tensor& ids, const ScoredRows& scored,
                 Gathered& gathered, Progress& progress)
{
    const int blocks = reference.info().blocks;
    const auto inputs = blockInputs(reference, ids, progress);
    std::vector<at::Tensor> variants;
    for (int block = 0; block < blocks; ++block)
        for (const auto kind : {ModuleKind::Attention, ModuleKind::Mlp}) {
            progress.checkpoint();
            const ModuleId module{block, kind};
            const auto output = forwardHalfQuantized(quantized, reference, module, inputs[std::size_t(block)]);
            add(gathered.outputMse[variants.size()],
                (output - inputs[std::size_t(block) + 1]).square().mean({1, 2}, false, at::kDouble));
            variants.push_back(scored.of(runRest(reference, block + 1, output, progress)));
            progress.report(0.9 * double(variants.size()) / (2.0 * blocks), "module " + toString(module) + " alone");
        }
    variants.push_back(scored.of(runRest(quantized, 0, quantized.embed(ids), progress)));
    const auto last = rmsNorm(inputs.back(), reference.parts().finalNorm, reference.info().normEps);
    gatherCosts(reference, scored.of(last), variants, scored, gathered, progress);
}

} // namespace

BudgetReport measureBudget(const Model& quantized, const Model& reference, std::span<const int> ids,
                           const PerplexityOptions& options, Progress& progress)
{
    requireOneShape(quantized.info(), reference.info());
    const at::NoGradGuard withoutGradients;
    const TextWindows windows(ids, options, reference.info());
    const auto modules = 2 * std::size_t(reference.info().blocks);
    Gathered gathered{std::vector<Cost>(modules + 1), std::vector<RunningMean>(modules), {}};
    for (std::int64_t begin = 0; begin < windows.count(); begin += windows.batch()) {
        const auto count = std::min(windows.batch(), windows.count() - begin);
        ProgressPart part(progress, double(begin) / double(windows.count()),
                          double(begin + count) / double(windows.count()));
        const auto batch = windows.ids(begin, count).to(reference.device());
        const auto scored = windows.scoredPerWindow();
        const ScoredRows rows{windows.firstScored() - 1, scored,
                              batch.narrow(1, windows.firstScored(), scored).reshape({-1})};
        gatherBatch(quantized, reference, batch.narrow(1, 0, windows.length() - 1), rows, gathered, part);
    }
    BudgetReport report;
    for (std::size_t i = 0; i < modules; ++i)
        report.modules.push_back({.module = {int(i / 2), i % 2 ? ModuleKind::Mlp : ModuleKind::Attention},
                                  .cost = gathered.costs[i].result(),
                                  .outputMse = gathered.outputMse[i].mean()});
    report.whole = gathered.costs.back().result();
    report.referenceLoss = gathered.referenceLoss.mean();
    report.tokens = gathered.referenceLoss.count();
    return report;
}

} // namespace core
