// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/quantized_block.h"

#include <ATen/ATen.h>

namespace core {

namespace {

std::size_t indexOf(Role role)
{
    return static_cast<std::size_t>(role); // block roles come first
}

at::Tensor scaled(const at::Tensor& tensor, const at::Tensor& scale)
{
    return scale.defined() ? tensor * scale : tensor;
}

/** Input side folded, then clamped and, with a scheme, rounded. */
at::Tensor foldMatrix(const BlockWeights& weights, Role role, const EvaluatedTransform& transform,
                      const BlockClips& clips, const QuantScheme* scheme)
{
    const auto folded = transform.fold(weights.matrix(role));
    const auto& clip = clips.weight[indexOf(role)];
    return scheme
        ? clampAndQuantizeWeight(folded, clip, scheme->weightBits, scheme->weightGroup, scheme->weightAsymmetric)
        : clampWeight(folded, clip);
}

void foldAttention(BlockWeights& folded, const ModelInfo& info, const BlockWeights& weights,
                   const EvaluatedBlock& transforms, const BlockClips& clips, const QuantScheme* scheme)
{
    folded.inputNorm = scaled(weights.inputNorm, transforms.attentionIn.scale);
    // The heads' mixing on the left, the values' inverse on the right: o reads both.
    const EvaluatedTransform output{.scale = {},
                                    .left = {},
                                    .right = {},
                                    .leftInverse = transforms.attentionOut.leftInverse,
                                    .rightInverse = transforms.value.rightInverse};
    const auto& values = transforms.value.right;
    for (const auto role : {Role::Q, Role::K})
        folded.matrix(role) = foldMatrix(weights, role, transforms.attentionIn, clips, scheme);
    folded.v = foldMatrix(weights, Role::V, transforms.attentionIn, clips, values.defined() ? nullptr : scheme);
    folded.o = foldMatrix(weights, Role::O, output, clips, scheme);
    if (!values.defined())
        return;
    const auto heads = folded.v.view({info.kvHeads, info.headDim, -1});
    folded.v = at::matmul(values.mT(), heads).view(weights.v.sizes());
    if (scheme)
        folded.v = quantizeWeight(folded.v, scheme->weightBits, scheme->weightGroup, scheme->weightAsymmetric);
    if (weights.vBias.defined())
        folded.vBias = at::matmul(weights.vBias.view({info.kvHeads, info.headDim}), values).view(-1);
}

void foldMlp(BlockWeights& folded, const BlockWeights& weights, const EvaluatedBlock& transforms,
             const BlockClips& clips, const QuantScheme* scheme)
{
    folded.postNorm = scaled(weights.postNorm, transforms.mlpIn.scale);
    for (const auto role : {Role::Gate, Role::Up})
        folded.matrix(role) = foldMatrix(weights, role, transforms.mlpIn, clips, scheme);
    folded.down = foldMatrix(weights, Role::Down, transforms.mlpOut, clips, scheme);
}

} // namespace

QuantizedBlockHook::QuantizedBlockHook(EvaluatedBlock transforms, BlockClips clips, BlockScheme scheme)
    : m_transforms(std::move(transforms))
    , m_clips(std::move(clips))
    , m_scheme(scheme)
{
}

at::Tensor QuantizedBlockHook::atSite(Site site, const at::Tensor& x) const
{
    const auto& attention = m_scheme.attention;
    switch (site) {
    case Site::KeyCache:
        return quantizeCache(m_transforms.key.applyMatrices(x), attention.keyBits, m_clips.key, attention.kvGroup);
    case Site::ValueCache: // P_v is in the rows of v
        return quantizeCache(x, attention.valueBits, m_clips.value, attention.kvGroup);
    default: return m_transforms.at(site).applyMatrices(x);
    }
}

LayerInput QuantizedBlockHook::intoLayer(Role role, const at::Tensor& x) const
{
    const auto& scheme = m_scheme.of(role);
    return {
        quantizeActivation(x, scheme.activationBits, m_clips.activation[indexOf(role)], scheme.activationAsymmetric)};
}

bool QuantizedBlockHook::sharesInput(Role first, Role second) const
{
    const auto& a = m_clips.activation[indexOf(first)];
    const auto& b = m_clips.activation[indexOf(second)];
    return a.max.is_same(b.max) && a.min.is_same(b.min);
}

at::Tensor QuantizedBlockHook::atQuery(const at::Tensor& q) const
{
    const auto& inverse = m_transforms.key.rightInverse;
    return inverse.defined() ? at::matmul(q, inverse) : q;
}

BlockWeights foldWeights(const ModelInfo& info, const BlockWeights& weights, const EvaluatedBlock& transforms,
                         const BlockClips& clips)
{
    auto folded = weights;
    foldAttention(folded, info, weights, transforms, clips, nullptr);
    foldMlp(folded, weights, transforms, clips, nullptr);
    return folded;
}

void mergeInnerScale(BlockWeights& folded, const EvaluatedBlock& transforms)
{
    const auto& scale = transforms.mlpOut.scale;
    if (!scale.defined())
        return;
    folded.up = folded.up * scale.unsqueeze(1);
    if (folded.upBias.defined())
        folded.upBias = folded.upBias * scale;
}

BlockWeights foldAndQuantizeModule(ModuleKind module, const ModelInfo& info, const BlockWeights& weights,
                                   const EvaluatedBlock& transforms, const BlockClips& clips, const QuantScheme& scheme)
{
    auto folded = weights;
    if (module == ModuleKind::Attention)
        foldAttention(folded, info, weights, transforms, clips, &scheme);
    else
        foldMlp(folded, weights, transforms, clips, &scheme);
    if (module == ModuleKind::Mlp)
        mergeInnerScale(folded, transforms);
    return folded;
}

BlockWeights foldAndQuantize(const ModelInfo& info, const BlockWeights& weights, const EvaluatedBlock& transforms,
                             const BlockClips& clips, const BlockScheme& blockScheme)
{
    auto folded = weights;
    foldAttention(folded, info, weights, transforms, clips, &blockScheme.attention);
    foldMlp(folded, weights, transforms, clips, &blockScheme.mlp);
    mergeInnerScale(folded, transforms);
    return folded;
}

} // namespace core
