// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/quantize_model.h"

#include "core/base/error.h"

#include <ATen/ATen.h>

namespace core {

namespace {

ClipLogits convert(const ClipLogits& clip, at::ScalarType type)
{
    return {clip.max.defined() ? clip.max.detach().to(type) : clip.max,
            clip.min.defined() ? clip.min.detach().to(type) : clip.min};
}

} // namespace

void shareEqualClips(BlockClips& clips)
{
    const auto share = [&](Role first, Role second) {
        const auto& a = clips.activation[static_cast<std::size_t>(first)];
        auto& b = clips.activation[static_cast<std::size_t>(second)];
        if (a.max.defined() && b.max.defined() && at::equal(a.max, b.max) && at::equal(a.min, b.min))
            b = a;
    };
    share(Role::Q, Role::K);
    share(Role::Q, Role::V);
    share(Role::Gate, Role::Up);
}

FoldedBlock foldBlock(const ModelInfo& info, const BlockWeights& weights, const BlockParameters& parameters)
{
    const at::NoGradGuard noGrad;
    auto exact = finalize(parameters.transforms);
    auto clips = parameters.clips;
    for (auto& clip : clips.weight)
        clip = convert(clip, at::kDouble);
    auto folded = foldWeights(info, weights.to(at::kDouble), exact, clips);
    return {std::move(folded), std::move(exact)};
}

QuantizedBlock unroundedBlock(const FoldedBlock& folded, const BlockClips& clips)
{
    const at::NoGradGuard noGrad;
    QuantizedBlock block;
    auto weights = folded.weights;
    mergeInnerScale(weights, folded.transforms);
    block.weights = weights.to(at::kFloat);
    for (const auto site : kSites) {
        auto& transform = block.transforms.at(site);
        transform = folded.transforms.at(site).to(at::kFloat);
        transform.scale = at::Tensor();
    }
    for (std::size_t i = 0; i < kBlockRoles.size(); ++i)
        block.clips.activation[i] = convert(clips.activation[i], at::kFloat);
    block.clips.key = convert(clips.key, at::kFloat);
    block.clips.value = convert(clips.value, at::kFloat);
    return block;
}

void setRounded(QuantizedBlock& block, const FoldedBlock& folded, Role role, PackedTensor packed)
{
    if (const auto& inner = folded.transforms.mlpOut.scale; role == Role::Up && inner.defined())
        packed.scales = (packed.scales.to(at::kDouble) * inner.unsqueeze(1)).to(at::kFloat);
    auto& weight = block.weights.matrix(role);
    weight = dequantize(packed).to(weight.device());
    block.packed[static_cast<std::size_t>(role)] = std::move(packed);
}

QuantizedBlock quantizeBlock(const ModelInfo& info, const BlockWeights& weights, const BlockParameters& parameters,
                             const BlockScheme& scheme)
{
    const auto folded = foldBlock(info, weights, parameters);
    auto block = unroundedBlock(folded, parameters.clips);
    for (const auto role : kBlockRoles)
        if (const auto& own = scheme.of(role); own.weightBits < kFullPrecisionBits)
            setRounded(block, folded, role,
                       packWeight(folded.weights.matrix(role), own.weightBits, own.weightGroup, own.weightAsymmetric));
    return block;
}

void dequantizeMatrices(QuantizedBlock& block)
{
    for (const auto role : kBlockRoles)
        if (const auto& packed = block.packed[static_cast<std::size_t>(role)])
            block.weights.matrix(role) = dequantize(*packed);
}

QuantizedBlock toDevice(QuantizedBlock block, at::Device device)
{
    const auto move = [&](at::Tensor& tensor) {
        if (tensor.defined())
            tensor = tensor.to(device);
    };
    for (const auto role : kBlockRoles) {
        move(block.weights.matrix(role));
        if (auto& packed = block.packed[static_cast<std::size_t>(role)])
            for (auto* tensor : {&packed->data, &packed->scales, &packed->zeros})
                move(*tensor);
    }
    for (const auto& [name, tensor] : block.weights.extras())
        move(*tensor);
    for (auto& packed : block.weights.packed)
        if (packed)
            for (auto* tensor : {&packed->data, &packed->scales, &packed->zeros})
                move(*tensor);
    for (const auto site : kSites) {
        auto& transform = block.transforms.at(site);
        for (auto* tensor : {&transform.left, &transform.right, &transform.leftInverse, &transform.rightInverse})
            move(*tensor);
    }
    for (auto& clip : block.clips.activation) {
        move(clip.max);
        move(clip.min);
    }
    for (auto* clip : {&block.clips.key, &block.clips.value}) {
        move(clip->max);
        move(clip->min);
    }
    return block;
}

Model::Block runnableBlock(const QuantizedBlock& block, const BlockScheme& scheme)
{
    auto clips = block.clips;
    shareEqualClips(clips);
    return {block.weights, std::make_shared<const QuantizedBlockHook>(block.transforms, std::move(clips), scheme)};
}

} // namespace core
