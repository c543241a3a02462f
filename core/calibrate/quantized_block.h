// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/block_transforms.h"

namespace core {

/** What a block's activations go through at run time: transform, then quantizer, at each site. In training its tensors carry
    gradients. */
class QuantizedBlockHook : public BlockHook
{
public:
    /** `clips` may be undefined (no clipping). The transforms' channel scales are not applied here: they are merged into
        the weights. */
    QuantizedBlockHook(EvaluatedBlock transforms, BlockClips clips, BlockScheme scheme);

    at::Tensor atSite(Site site, const at::Tensor& x) const override;
    LayerInput intoLayer(Role role, const at::Tensor& x) const override;
    bool sharesInput(Role first, Role second) const override; // where both have the same clip
    at::Tensor atQuery(const at::Tensor& q) const override;

    const EvaluatedBlock& transforms() const { return m_transforms; }
    const BlockClips& clips() const { return m_clips; }
    const BlockScheme& scheme() const { return m_scheme; }

private:
    EvaluatedBlock m_transforms;
    BlockClips m_clips;
    BlockScheme m_scheme;
};

/** The block's weights as its transforms make them, before any rounding: input sides folded, value rows by P_v, channel scales of
    the inputs merged into the norms. The scale of the MLP's inner channels is merged into the rows of up only by
    mergeInnerScale, after rounding. With `clips` each matrix is clamped where FlatQuant clamps it: after its own fold and before
    P_v. Differentiable; computes in the type of its inputs. */
BlockWeights foldWeights(const ModelInfo& info, const BlockWeights& weights, const EvaluatedBlock& transforms,
                         const BlockClips& clips);

/** Multiplies rows of up (and its bias) by the scale of the inner channels: invisible to a row's quantization. */
void mergeInnerScale(BlockWeights& folded, const EvaluatedBlock& transforms);

/** Folded, clamped and rounded weights as training sees them. */
BlockWeights foldAndQuantize(const ModelInfo& info, const BlockWeights& weights, const EvaluatedBlock& transforms,
                             const BlockClips& clips, const BlockScheme& scheme);

/** The same for one half of the block; the other half stays as it is in `weights`. */
BlockWeights foldAndQuantizeModule(ModuleKind module, const ModelInfo& info, const BlockWeights& weights,
                                   const EvaluatedBlock& transforms, const BlockClips& clips,
                                   const QuantScheme& scheme);

} // namespace core
