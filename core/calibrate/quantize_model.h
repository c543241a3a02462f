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

/** Folds in float64, clamps, rounds (method.md 2.8; codes are made from the float64 values, not from a cast of them). */
QuantizedBlock quantizeBlock(const ModelInfo& info, const BlockWeights& weights, const BlockParameters& parameters,
                             const QuantScheme& scheme);

/** Every tensor on another device. */
QuantizedBlock toDevice(QuantizedBlock block, at::Device device);

/** The block as the forward pass runs it: the dequantized weights and a hook for the activations. */
Model::Block runnableBlock(const QuantizedBlock& block, const QuantScheme& scheme);

} // namespace core
