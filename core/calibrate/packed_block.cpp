// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/packed_block.h"

#include <ATen/ATen.h>

namespace core {

namespace {

float sigmoidOf(const at::Tensor& logit)
{
    return logit.defined() ? static_cast<float>(logit.sigmoid().item<double>()) : 1.0f;
}

gpu::RowRange rangeOf(const ClipLogits& clip)
{
    return {sigmoidOf(clip.max), sigmoidOf(clip.min)};
}

} // namespace

bool multipliesIntegers(const QuantScheme& scheme)
{
    return scheme.weightBits < kFullPrecisionBits && scheme.activationBits <= (scheme.activationAsymmetric ? 7 : 8);
}

PackedBlockHook::PackedBlockHook(EvaluatedBlock transforms, BlockClips clips, BlockScheme scheme)
    : QuantizedBlockHook(std::move(transforms), std::move(clips), scheme)
{
    for (std::size_t i = 0; i < kBlockRoles.size(); ++i)
        m_ranges[i] = rangeOf(this->clips().activation[i]);
    m_keyRange = rangeOf(this->clips().key);
    m_valueRange = rangeOf(this->clips().value);
}

LayerInput PackedBlockHook::intoLayer(Role role, const at::Tensor& x) const
{
    const auto& own = scheme().of(role);
    if (!multipliesIntegers(own))
        return QuantizedBlockHook::intoLayer(role, x);
    return {.values = {},
            .codes = gpu::quantizeToCodes(x.reshape({-1, x.size(-1)}), own.activationBits,
                                          m_ranges[static_cast<std::size_t>(role)], own.activationAsymmetric)};
}

CachedRows PackedBlockHook::intoCache(Site site, const at::Tensor& x) const
{
    const auto& own = scheme().attention;
    const auto fits = [&](int bits) {
        return bits < kFullPrecisionBits && gpu::fitsBytes(x.size(-1), bits, own.kvGroup);
    };
    if (!fits(own.keyBits) || !fits(own.valueBits))
        return QuantizedBlockHook::intoCache(site, x);
    return site == Site::KeyCache
        ? CachedRows{{}, gpu::packRows(transforms().key.applyMatrices(x), own.keyBits, m_keyRange, own.kvGroup)}
        : CachedRows{{}, gpu::packRows(x, own.valueBits, m_valueRange, own.kvGroup)};
}

Model::Block packedBlock(QuantizedBlock block, const BlockScheme& scheme, at::Device device)
{
    for (const auto role : kBlockRoles)
        if (auto& packed = block.packed[static_cast<std::size_t>(role)]) {
            block.weights.matrix(role) = at::Tensor();
            block.weights.packed[static_cast<std::size_t>(role)] = std::move(*packed);
            packed.reset();
        }
    block = toDevice(std::move(block), device);
    shareEqualClips(block.clips);
    return {block.weights, std::make_shared<const PackedBlockHook>(block.transforms, block.clips, scheme)};
}

Model::Block deployedBlock(QuantizedBlock block, const BlockScheme& scheme, at::Device device)
{
    if (device.is_cpu())
        return packedBlock(std::move(block), scheme, device);
    dequantizeMatrices(block);
    for (auto& packed : block.packed)
        packed.reset();
    return runnableBlock(toDevice(std::move(block), device), scheme);
}

} // namespace core
