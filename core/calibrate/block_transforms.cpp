// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/block_transforms.h"

#include "core/base/error.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

namespace core {

namespace {

/** A generator of its own for each block: mixed so that neighbouring seeds and blocks are unrelated (splitmix64). */
at::Generator blockGenerator(std::uint64_t seed, int block)
{
    std::uint64_t z = seed + 0x9E3779B97F4A7C15ull * (std::uint64_t(block) + 1);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return at::detail::createCPUGenerator(z ^ (z >> 31));
}

ClipLogits clipStart(at::IntArrayRef shape)
{
    return {at::full(shape, ClipLogits::kStart), at::full(shape, ClipLogits::kStart)};
}

std::int64_t outputRows(const ModelInfo& info, Role role)
{
    switch (role) {
    case Role::Q: return info.heads * info.headDim;
    case Role::K:
    case Role::V: return info.kvHeads * info.headDim;
    case Role::Gate:
    case Role::Up: return info.intermediate;
    default: return info.hidden;
    }
}

BlockClips makeClips(const ModelInfo& info, const QuantScheme& scheme, ClipSharing sharing)
{
    BlockClips clips;
    for (std::size_t i = 0; i < kBlockRoles.size(); ++i) {
        if (scheme.weightBits < kFullPrecisionBits)
            clips.weight[i] = clipStart({outputRows(info, kBlockRoles[i])});
        if (scheme.activationBits < kFullPrecisionBits)
            clips.activation[i] = clipStart({});
    }
    if (sharing == ClipSharing::PerInput) {
        const auto share = [&](Role from, Role to) {
            clips.activation[static_cast<int>(to)] = clips.activation[static_cast<int>(from)];
        };
        share(Role::Q, Role::K);
        share(Role::Q, Role::V);
        share(Role::Gate, Role::Up);
    }
    if (scheme.keyBits < kFullPrecisionBits)
        clips.key = clipStart({});
    if (scheme.valueBits < kFullPrecisionBits)
        clips.value = clipStart({});
    return clips;
}

at::Tensor columnMaxima(std::initializer_list<at::Tensor> matrices)
{
    at::Tensor maxima;
    for (const auto& matrix : matrices) {
        const auto columns = matrix.abs().amax(0);
        maxima = maxima.defined() ? at::maximum(maxima, columns) : columns;
    }
    return maxima.to(at::kFloat);
}

void startScale(Transform& transform, const at::Tensor& weightMaxima, const at::Tensor& inputMaxima, double alpha)
{
    auto* logScale = channelLogScaleOf(transform);
    if (!logScale)
        return;
    const auto scale = (weightMaxima.pow(1.0 - alpha) / inputMaxima.clamp_min(1e-5).pow(alpha)).clamp_min(1e-5);
    *logScale = scale.log().contiguous();
}

} // namespace

PerSite<TransformShape> transformShapes(const ModelInfo& info, const QuantScheme& scheme, KroneckerRule rule)
{
    const auto split = [&](std::int64_t n) {
        const auto sizes = kroneckerSizes(n, rule);
        return TransformShape{sizes.left, sizes.right, true};
    };
    PerSite<TransformShape> shapes;
    if (scheme.weightBits < kFullPrecisionBits || scheme.activationBits < kFullPrecisionBits) {
        shapes.attentionIn = split(info.hidden);
        shapes.attentionOut = {info.heads, 1, false};
        shapes.value = {1, info.headDim, false};
        shapes.mlpIn = split(info.hidden);
        shapes.mlpOut = split(info.intermediate);
    }
    if (scheme.valueBits < kFullPrecisionBits)
        shapes.value = {1, info.headDim, false};
    if (scheme.keyBits < kFullPrecisionBits)
        shapes.key = {1, info.headDim, false};
    return shapes;
}

BlockParameters makeBlockParameters(const ModelInfo& info, const Plan& plan, int block,
                                    const CalibrationOptions& options)
{
    auto generator = blockGenerator(options.seed, block);
    const auto shapes = transformShapes(info, plan.scheme, plan.kronecker);
    BlockParameters parameters;
    for (const auto site : kSites) {
        const auto* choice = plan.find({block, moduleOf(site)});
        if (!choice)
            throw Error(ErrorKind::InvalidArgument,
                        "the plan has no choice for module " + toString(ModuleId{block, moduleOf(site)}));
        parameters.transforms.at(site) = makeTransform(choice->kind, shapes.at(site), options.rotationForm, generator);
    }
    if (options.clipping == Clipping::Learned)
        parameters.clips = makeClips(info, plan.scheme, options.clipSharing);
    return parameters;
}

void startChannelScales(BlockTransforms& transforms, const BlockWeights& weights, const ChannelMaxima& maxima,
                        double alpha)
{
    startScale(transforms.attentionIn, columnMaxima({weights.q, weights.k, weights.v}), maxima.attentionIn, alpha);
    startScale(transforms.mlpIn, columnMaxima({weights.up, weights.gate}), maxima.mlpIn, alpha);
    startScale(transforms.mlpOut, columnMaxima({weights.down}), maxima.mlpOut, alpha);
}

EvaluatedBlock evaluate(const BlockTransforms& transforms)
{
    EvaluatedBlock evaluated;
    for (const auto site : kSites)
        evaluated.at(site) = evaluate(transforms.at(site));
    return evaluated;
}

EvaluatedBlock finalize(const BlockTransforms& transforms)
{
    EvaluatedBlock evaluated;
    for (const auto site : kSites)
        evaluated.at(site) = finalize(transforms.at(site));
    return evaluated;
}

std::vector<at::Tensor> transformParameters(const BlockParameters& parameters)
{
    std::vector<at::Tensor> all;
    for (const auto site : kSites)
        for (const auto& tensor : parametersOf(parameters.transforms.at(site)))
            all.push_back(tensor);
    return all;
}

std::vector<at::Tensor> clipParameters(const BlockParameters& parameters)
{
    std::vector<at::Tensor> all;
    const auto add = [&](const ClipLogits& clip) {
        for (const auto& tensor : {clip.max, clip.min})
            if (tensor.defined()
                && std::none_of(all.begin(), all.end(), [&](const at::Tensor& other) { return other.is_same(tensor); }))
                all.push_back(tensor);
    };
    for (const auto& clip : parameters.clips.weight)
        add(clip);
    for (const auto& clip : parameters.clips.activation)
        add(clip);
    add(parameters.clips.key);
    add(parameters.clips.value);
    return all;
}

} // namespace core
