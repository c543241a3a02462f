// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/quantized_block.h"
#include "tests/support/perturbed.h"

namespace support {

using namespace core;

inline const QuantScheme kFour;
inline const QuantScheme kOff{.weightBits = 16, .activationBits = 16, .keyBits = 16, .valueBits = 16};

enum class Biases { None, All };

/** heads * headDim = 60 is not hidden, groups of three query heads. */
inline ModelInfo smallModel()
{
    ModelInfo info;
    info.blocks = 1;
    info.hidden = 48;
    info.intermediate = 44;
    info.heads = 6;
    info.kvHeads = 2;
    info.headDim = 10;
    info.context = 64;
    return info;
}

inline BlockWeights randomWeights(const ModelInfo& info, Biases biases, at::ScalarType dtype)
{
    std::uint64_t seed = 40;
    const auto matrix = [&](std::int64_t out, std::int64_t in) {
        return (normal({out, in}, ++seed) * (1.5 / std::sqrt(double(in)))).to(dtype);
    };
    const auto vector = [&](std::int64_t n, double mean, double size) {
        return (mean + size * normal({n}, ++seed)).to(dtype);
    };
    const auto queries = info.heads * info.headDim;
    const auto keys = info.kvHeads * info.headDim;
    BlockWeights weights;
    weights.inputNorm = vector(info.hidden, 1.0, 0.3);
    weights.postNorm = vector(info.hidden, 1.0, 0.3);
    weights.q = matrix(queries, info.hidden);
    weights.k = matrix(keys, info.hidden);
    weights.v = matrix(keys, info.hidden);
    weights.o = matrix(info.hidden, queries);
    weights.gate = matrix(info.intermediate, info.hidden);
    weights.up = matrix(info.intermediate, info.hidden);
    weights.down = matrix(info.hidden, info.intermediate);
    if (biases == Biases::All) {
        weights.qBias = vector(queries, 0.0, 0.5);
        weights.kBias = vector(keys, 0.0, 2.0);
        weights.vBias = vector(keys, 0.0, 0.5);
        weights.oBias = vector(info.hidden, 0.0, 0.5);
        weights.gateBias = vector(info.intermediate, 0.0, 0.5);
        weights.upBias = vector(info.intermediate, 0.0, 0.5);
        weights.downBias = vector(info.hidden, 0.0, 0.5);
    }
    if (info.headNorms) {
        weights.qNorm = vector(info.headDim, 1.0, 0.3);
        weights.kNorm = vector(info.headDim, 1.0, 0.3);
    }
    return weights;
}

inline BlockWeights converted(BlockWeights weights, at::ScalarType dtype)
{
    for (auto* tensor :
         {&weights.inputNorm, &weights.postNorm, &weights.q, &weights.k, &weights.v, &weights.o, &weights.gate,
          &weights.up, &weights.down, &weights.qBias, &weights.kBias, &weights.vBias, &weights.oBias, &weights.gateBias,
          &weights.upBias, &weights.downBias, &weights.qNorm, &weights.kNorm})
        if (tensor->defined())
            *tensor = tensor->to(dtype);
    return weights;
}

inline Plan planOf(TransformKind attention, TransformKind mlp, const QuantScheme& scheme = kFour)
{
    Plan plan;
    plan.scheme = scheme;
    plan.modules.resize(2);
    plan.modules[0].module = {0, ModuleKind::Attention};
    plan.modules[0].kind = attention;
    plan.modules[1].module = {0, ModuleKind::Mlp};
    plan.modules[1].kind = mlp;
    return plan;
}

inline BlockTransforms moved(const BlockTransforms& start, at::ScalarType dtype)
{
    BlockTransforms transforms;
    std::uint64_t seed = 900;
    for (const auto site : kSites)
        transforms.at(site) = perturbed(start.at(site), dtype, ++seed);
    return transforms;
}

inline EvaluatedBlock converted(const EvaluatedBlock& block, at::ScalarType dtype)
{
    EvaluatedBlock result;
    for (const auto site : kSites)
        result.at(site) = block.at(site).to(dtype);
    return result;
}

inline at::Tensor forward(const ModelInfo& info, const BlockWeights& weights, const at::Tensor& hidden,
                          const BlockHook* hook = nullptr)
{
    const Rope rope(info, at::kCPU);
    return forwardBlock({.info = info, .rope = rope, .hook = hook}, weights, hidden);
}

inline BlockWeights foldedAndMerged(const ModelInfo& info, const BlockWeights& weights,
                                    const EvaluatedBlock& transforms)
{
    auto folded = foldWeights(info, weights, transforms, {});
    mergeInnerScale(folded, transforms);
    return folded;
}

/** Deviation of the transformed block, relative to what the block adds. */
inline double equivalenceError(const ModelInfo& info, const BlockWeights& weights, const EvaluatedBlock& transforms,
                               const at::Tensor& hidden)
{
    const at::NoGradGuard noGrad;
    const QuantizedBlockHook hook(transforms, {}, kOff);
    const auto expected = forward(info, weights, hidden) - hidden;
    return relativeError(forward(info, foldedAndMerged(info, weights, transforms), hidden, &hook) - hidden, expected);
}

} // namespace support
