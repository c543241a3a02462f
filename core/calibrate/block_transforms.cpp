// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/block_transforms.h"

#include "core/base/error.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

namespace core {

namespace {

/** splitmix64: neighbouring seeds, blocks and starts become unrelated. */
std::uint64_t mixed(std::uint64_t seed, std::uint64_t index)
{
    std::uint64_t z = seed + 0x9E3779B97F4A7C15ull * (index + 1);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

/** What a module's transforms are drawn from: the same for every kind, whatever the block's other module is. At start 0 a
    block is one sequence, in which the MLP follows an affine (or two-factor) attention. */
at::Generator moduleGenerator(std::uint64_t seed, const ModuleId& module, int start,
                              const PerSite<TransformShape>& shapes)
{
    const auto blockSeed = mixed(seed, std::uint64_t(module.block));
    if (start > 0)
        return at::detail::createCPUGenerator(
            mixed(blockSeed, 2 * std::uint64_t(start) + (module.kind == ModuleKind::Mlp ? 1 : 0)));
    auto generator = at::detail::createCPUGenerator(blockSeed);
    if (module.kind == ModuleKind::Mlp)
        for (const auto site : kSites)
            if (moduleOf(site) == ModuleKind::Attention)
                makeTransform(TransformKind::Affine, shapes.at(site), RotationForm::TwoFactor, generator);
    return generator;
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

BlockClips makeClips(const ModelInfo& info, const QuantScheme& scheme, ClipSharing sharing, ModuleKind module)
{
    BlockClips clips;
    for (std::size_t i = 0; i < kBlockRoles.size(); ++i) {
        if (moduleOf(kBlockRoles[i]) != module)
            continue;
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
    if (module == ModuleKind::Attention && scheme.keyBits < kFullPrecisionBits)
        clips.key = clipStart({});
    if (module == ModuleKind::Attention && scheme.valueBits < kFullPrecisionBits)
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

BlockParameters makeModuleParameters(const ModelInfo& info, const QuantScheme& scheme, KroneckerRule rule,
                                     const ModuleId& module, const Candidate& candidate,
                                     const CalibrationOptions& options)
{
    const auto shapes = transformShapes(info, scheme, rule);
    auto generator = moduleGenerator(options.seed, module, candidate.start, shapes);
    BlockParameters parameters;
    for (const auto site : kSites)
        if (moduleOf(site) == module.kind)
            parameters.transforms.at(site) = makeTransform(candidate.kind, shapes.at(site), candidate.form, generator);
    if (options.clipping == Clipping::Learned)
        parameters.clips = makeClips(info, scheme, options.clipSharing, module.kind);
    return parameters;
}

BlockParameters joined(const BlockParameters& attention, const BlockParameters& mlp)
{
    auto parameters = attention;
    for (const auto site : kSites)
        if (moduleOf(site) == ModuleKind::Mlp)
            parameters.transforms.at(site) = mlp.transforms.at(site);
    for (std::size_t i = 0; i < kBlockRoles.size(); ++i)
        if (moduleOf(kBlockRoles[i]) == ModuleKind::Mlp) {
            parameters.clips.weight[i] = mlp.clips.weight[i];
            parameters.clips.activation[i] = mlp.clips.activation[i];
        }
    return parameters;
}

BlockParameters makeBlockParameters(const ModelInfo& info, const Plan& plan, int block,
                                    const CalibrationOptions& options)
{
    const auto half = [&](ModuleKind kind) {
        const auto* choice = plan.find({block, kind});
        if (!choice)
            throw Error(ErrorKind::InvalidArgument,
                        "the plan has no choice for module " + toString(ModuleId{block, kind}));
        return makeModuleParameters(info, plan.scheme, plan.kronecker, {block, kind}, candidateOf(*choice, options),
                                    options);
    };
    return joined(half(ModuleKind::Attention), half(ModuleKind::Mlp));
}

Candidate candidateOf(const Choice& choice, const CalibrationOptions& options)
{
    return {choice.kind,
            choice.kind == TransformKind::Rotation ? choice.rotationForm.value_or(options.rotationForm)
                                                   : RotationForm::TwoFactor,
            choice.start};
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
