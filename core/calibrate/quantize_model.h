// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/calibrator.h"
#include "core/model/model.h"
#include "core/quant/packed_tensor.h"

namespace core {

/** A finished block: what an inference engine needs and nothing that training left over. */
struct QuantizedBlock
{
    EvaluatedBlock transforms; // float32, without channel scales: these are merged into norms and rows of up
    BlockClips clips;          // logits of activations and caches; those of weights are spent
    std::array<std::optional<PackedTensor>, 7> packed; // by block role; empty at 16 bits
    BlockWeights weights; // float32: norms and biases as merged, matrices dequantized from `packed`
};

/** A block on its way there: folded and clamped in float64, nothing rounded, the inner scale not yet in the rows of up. */
struct FoldedBlock
{
    BlockWeights weights;      // float64
    EvaluatedBlock transforms; // float64, with scales
};

FoldedBlock foldBlock(const ModelInfo& info, const BlockWeights& weights, const BlockParameters& parameters);

/** The folded block with all its weights as they are, float32; activations and caches are quantized. */
QuantizedBlock unroundedBlock(const FoldedBlock& folded, const BlockClips& clips);

/** Puts the codes of `role`, rounded from the folded weight, into the block. */
void setRounded(QuantizedBlock& block, const FoldedBlock& folded, Role role, PackedTensor packed);

/** Folds, clamps and rounds to nearest (codes are made from the float64 values, not from a cast of them). */
QuantizedBlock quantizeBlock(const ModelInfo& info, const BlockWeights& weights, const BlockParameters& parameters,
                             const BlockScheme& scheme);

/** Fills in the float32 matrices that a block as it was read has only packed. */
void dequantizeMatrices(QuantizedBlock& block);

/** Every tensor on another device. */
QuantizedBlock toDevice(QuantizedBlock block, at::Device device);

/** Clips that were trained as one become one again, so that the input they share is quantized once. */
void shareEqualClips(BlockClips& clips);

/** The block as calibration runs it, in float32: the dequantized weights and a hook that rounds the activations. */
Model::Block runnableBlock(const QuantizedBlock& block, const BlockScheme& scheme);

} // namespace core
