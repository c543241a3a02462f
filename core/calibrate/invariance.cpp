// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/invariance.h"

#include "core/calibrate/channel_maxima.h"
#include "core/calibrate/quantized_block.h"

#include <ATen/ATen.h>

#include <limits>

namespace core {

namespace {

constexpr QuantScheme kOff{kFullPrecisionBits, kFullPrecisionBits, kFullPrecisionBits, kFullPrecisionBits, 0};

double deviation(const at::Tensor& transformed, const at::Tensor& original)
{
    const auto exact = original.to(at::kDouble);
    const double largest = exact.abs().max().item<double>();
    const double difference = (transformed.to(at::kDouble) - exact).abs().max().item<double>();
    return difference == 0.0 ? 0.0 : difference / largest;
}

/** The model in one type: what flows through it as it is, and transformed. */
struct Stream
{
    at::ScalarType type;
    at::Tensor original, transformed;

    /** Both one block on; the deviation of the block from the original's input. */
    double pass(const ModelInfo& info, const Rope& rope, int block, const BlockWeights& weights,
                const EvaluatedBlock& exact)
    {
        auto folded = foldWeights(info, weights.to(at::kDouble), exact, {});
        mergeInnerScale(folded, exact);
        folded = folded.to(type);
        EvaluatedBlock transforms;
        for (const auto site : kSites)
            transforms.at(site) = exact.at(site).to(type);
        const QuantizedBlockHook hook(transforms, {}, kOff);
        const BlockContext plain{.info = info, .rope = rope, .block = block};
        const BlockContext hooked{.info = info, .rope = rope, .block = block, .hook = &hook};
        const auto output = forwardBlock(plain, weights.to(type), original);
        const double difference = deviation(forwardBlock(hooked, folded, original), output);
        transformed = forwardBlock(hooked, folded, transformed);
        original = output;
        return difference;
    }

    double logits(const ModelInfo& info, const at::Tensor& norm, const at::Tensor& head) const
    {
        const auto of = [&](const at::Tensor& hidden) {
            return at::linear(rmsNorm(hidden, norm.to(type), info.normEps), head.to(type));
        };
        return deviation(of(transformed), of(original));
    }
};

ChannelMaxima maximaOf(const ModelInfo& info, const Rope& rope, int block, const BlockWeights& weights,
                       const at::Tensor& input)
{
    ChannelMaxima maxima;
    const auto tap = maximaTap(maxima);
    forwardBlock({.info = info, .rope = rope, .block = block, .tap = &tap}, weights, input);
    return maxima;
}

} // namespace

InvarianceReport checkInvariance(const std::shared_ptr<const ModelFiles>& files, const TransformsOfBlock& transformsOf,
                                 const at::Tensor& ids, Progress& progress)
{
    const at::NoGradGuard noGrad;
    const auto& info = files->info();
    const Rope rope(info, at::kCPU);
    const auto embedding = readTensor(files, files->matrix({-1, Role::Embedding}), at::kFloat, at::kCPU);
    const auto hidden = at::embedding(embedding, ids);
    Stream wide{at::kDouble, hidden.to(at::kDouble), hidden.to(at::kDouble)};
    Stream narrow{at::kFloat, hidden, hidden};
    InvarianceReport report;
    report.tokens = ids.numel();
    for (int block = 0; block < info.blocks; ++block) {
        progress.checkpoint();
        progress.report(double(block) / (info.blocks + 1),
                        "block " + std::to_string(block + 1) + " of " + std::to_string(info.blocks)
                            + " with and without transforms");
        const auto weights = readBlock(files, block, at::kFloat, at::kCPU);
        const auto transforms = transformsOf(block, weights, maximaOf(info, rope, block, weights, narrow.original));
        const auto exact = finalize(transforms);
        BlockDeviation row{
            .block = block, .attention = kindOf(transforms.attentionIn), .mlp = kindOf(transforms.mlpIn), .output = {}};
        row.output.float64 = wide.pass(info, rope, block, weights, exact);
        progress.checkpoint();
        row.output.float32 = narrow.pass(info, rope, block, weights, exact);
        report.blocks.push_back(row);
    }
    progress.checkpoint();
    const auto norm = readTensor(files, files->finalNorm(), at::kFloat, at::kCPU);
    const auto head =
        info.tiedHead ? embedding : readTensor(files, files->matrix({-1, Role::Head}), at::kFloat, at::kCPU);
    report.logits = {wide.logits(info, norm, head), narrow.logits(info, norm, head)};
    return report;
}

} // namespace core
