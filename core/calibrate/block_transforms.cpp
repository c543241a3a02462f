// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/block_transforms.h"

#include "core/base/error.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <cmath>

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

/** Where clips start. FlatQuant's 4.0 cuts 1.8 % off the range: 0.13 of a step at 4 bits, but 2.3 steps at 8, from which training does
    not come back in time, while there is nothing to gain from a cut. Above 4 bits it falls with the third power of the step. */
ClipLogits clipStart(at::IntArrayRef shape, int bits)
{
    const double step = std::min(1.0, 7.0 / ((1 << (bits - 1)) - 1)); // beside that of 4 bits
    const double cut = std::pow(step, 3) / (1.0 + std::exp(ClipLogits::kStart));
    const double start = std::log((1.0 - cut) / cut);
    return {at::full(shape, start), at::full(shape, start)};
}

BlockClips makeClips(const ModelInfo& info, const QuantScheme& scheme, ClipSharing sharing, ModuleKind module)
{
    BlockClips clips;
    for (std::size_t i = 0; i < kBlockRoles.size(); ++i) {
        if (moduleOf(kBlockRoles[i]) != module)
            continue;
        const auto [rows, columns] = matrixSize(info, kBlockRoles[i]);
        if (scheme.weightBits < kFullPrecisionBits)
            clips.weight[i] = scheme.weightGroup > 0
                ? clipStart({rows, columns / scheme.weightGroup}, scheme.weightBits)
                : clipStart({rows}, scheme.weightBits);
        if (scheme.activationBits < kFullPrecisionBits)
            clips.activation[i] = clipStart({}, scheme.activationBits);
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
        clips.key = clipStart({}, scheme.keyBits);
    if (module == ModuleKind::Attention && scheme.valueBits < kFullPrecisionBits)
        clips.value = clipStart({}, scheme.valueBits);
    return clips;
}

/** Activation clips that are one tensor in `original` become one in `moved`. */
void shareAs(const BlockClips& original, BlockClips& moved)
{
    for (std::size_t i = 0; i < kBlockRoles.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (original.activation[i].max.defined() && original.activation[i].max.is_same(original.activation[j].max))
                moved.activation[i] = moved.activation[j];
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

void checkGroups(const ModelInfo& info, const BlockScheme& scheme)
{
    for (const auto role : kBlockRoles) {
        const auto group = scheme.of(role).weightGroup;
        const auto columns = matrixSize(info, role).second;
        if (group > 0 && scheme.of(role).weightBits < kFullPrecisionBits && columns % group != 0)
            throw Error(ErrorKind::InvalidArgument,
                        "weight groups of " + std::to_string(group) + " do not divide the " + std::to_string(columns)
                            + " inputs of " + std::string(toString(role)));
    }
    if (const auto group = scheme.attention.kvGroup; group > 0 && info.headDim % group != 0)
        throw Error(ErrorKind::InvalidArgument,
                    "key and value groups of " + std::to_string(group) + " do not divide a head of "
                        + std::to_string(info.headDim));
}

PerSite<TransformShape> transformShapes(const ModelInfo& info, const BlockScheme& scheme, KroneckerRule rule)
{
    const auto split = [&](std::int64_t n) {
        const auto sizes = kroneckerSizes(n, rule);
        return TransformShape{sizes.left, sizes.right, true};
    };
    const auto quantizesProducts = [](const QuantScheme& half) {
        return half.weightBits < kFullPrecisionBits || half.activationBits < kFullPrecisionBits;
    };
    PerSite<TransformShape> shapes;
    const TransformShape perHead{1, info.headDim, false};
    if (quantizesProducts(scheme.attention)) {
        shapes.attentionIn = split(info.hidden);
        shapes.attentionOut = {info.heads, 1, false};
        shapes.value = perHead;
    }
    if (quantizesProducts(scheme.mlp)) {
        shapes.mlpIn = split(info.hidden);
        shapes.mlpOut = split(info.intermediate);
    }
    if (scheme.attention.valueBits < kFullPrecisionBits)
        shapes.value = perHead;
    if (scheme.attention.keyBits < kFullPrecisionBits)
        shapes.key = perHead;
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
            parameters.transforms.at(site) =
                makeTransform(candidate.kind, shapes.at(site), candidate.form, generator, options.affineForm);
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
        auto drawn = options;
        drawn.seed = choice->seed.value_or(options.seed);
        return makeModuleParameters(info, plan.schemeOf({block, kind}), plan.kronecker, {block, kind},
                                    candidateOf(*choice, options), drawn);
    };
    return joined(half(ModuleKind::Attention), half(ModuleKind::Mlp));
}

BlockParameters onDevice(const BlockParameters& parameters, at::Device device)
{
    const auto move = [&](at::Tensor& tensor) {
        if (tensor.defined())
            tensor = tensor.to(device);
    };
    auto moved = parameters;
    for (const auto site : kSites)
        moveTensors(moved.transforms.at(site), device);
    for (auto* clips : {&moved.clips.weight, &moved.clips.activation})
        for (auto& clip : *clips) {
            move(clip.max);
            move(clip.min);
        }
    for (auto* clip : {&moved.clips.key, &moved.clips.value}) {
        move(clip->max);
        move(clip->min);
    }
    shareAs(parameters.clips, moved.clips);
    return moved;
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

void startChannelScales(BlockTransforms& transforms, const BlockWeights& weights, const ChannelMaxima& maxima,
                        const CalibrationOptions& options)
{
    if (options.scaleStart == ScaleStart::Smooth)
        startChannelScales(transforms, weights, maxima, options.scaleAlpha);
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
