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

QuantizedBlock quantizeBlock(const ModelInfo& info, const BlockWeights& weights, const BlockParameters& parameters,
                             const QuantScheme& scheme)
{
    const at::NoGradGuard noGrad;
    auto exact = finalize(parameters.transforms);
    auto clips = parameters.clips;
    for (auto& clip : clips.weight)
        clip = convert(clip, at::kDouble);
    auto folded = foldWeights(info, weights.to(at::kDouble), exact, clips);

    QuantizedBlock block;
    for (std::size_t i = 0; i < kBlockRoles.size() && scheme.weightBits < kFullPrecisionBits; ++i)
        block.packed[i] = packWeight(folded.matrix(kBlockRoles[i]), scheme.weightBits, scheme.weightGroup);
    if (auto& up = block.packed[static_cast<int>(Role::Up)]; up && exact.mlpOut.scale.defined()) {
        const auto scale = exact.mlpOut.scale.unsqueeze(1);
        up->scales = (up->scales.to(at::kDouble) * scale).to(at::kFloat);
    }
    mergeInnerScale(folded, exact);
    block.weights = folded.to(at::kFloat);
    for (std::size_t i = 0; i < kBlockRoles.size(); ++i)
        if (block.packed[i])
            block.weights.matrix(kBlockRoles[i]) = dequantize(*block.packed[i]);
    for (const auto site : kSites) {
        auto& transform = block.transforms.at(site);
        transform = exact.at(site).to(at::kFloat);
        transform.scale = at::Tensor();
    }
    for (std::size_t i = 0; i < kBlockRoles.size(); ++i)
        block.clips.activation[i] = convert(parameters.clips.activation[i], at::kFloat);
    block.clips.key = convert(parameters.clips.key, at::kFloat);
    block.clips.value = convert(parameters.clips.value, at::kFloat);
    return block;
}

QuantizedBlock toDevice(QuantizedBlock block, at::Device device)
{
    const auto move = [&](at::Tensor& tensor) {
        if (tensor.defined())
            tensor = tensor.to(device);
    };
    for (const auto role : kBlockRoles)
        move(block.weights.matrix(role));
    for (const auto& [name, tensor] : block.weights.extras())
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

Model::Block runnableBlock(const QuantizedBlock& block, const QuantScheme& scheme)
{
    return {block.weights, std::make_shared<const QuantizedBlockHook>(block.transforms, block.clips, scheme)};
}

} // namespace core
