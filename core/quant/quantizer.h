// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/quant/quant_scheme.h"

#include <ATen/core/Tensor.h>

namespace core {

/** Logits of a learned clip: the range's ends are multiplied by their sigmoid. Activations and caches: one scalar each ([]); weights:
    one for each output row ([out]), or for each group of its inputs ([out, groups]). Undefined tensors: no clipping. */
struct ClipLogits
{
    at::Tensor max;
    at::Tensor min;

    static constexpr double kStart = 4.0; // sigmoid 0.982 (FlatQuant)
};

/** Activations to their symmetric grid and back: one scale a token over the last axis; a token of zeros gets scale 1. The tensor
    is not clamped, its codes saturate, so code -2^(bits-1) occurs. `x` [..., n] -> [..., n]. 16 bits change nothing.
    Straight-through gradients to x and clip. What gpu::quantizesRows takes runs a fused kernel where the clip is
    float32 beside it, anything else the composed operators. `asymmetric`: the grid of quantizeCache over the whole last axis. */
at::Tensor quantizeActivation(const at::Tensor& x, int bits, const ClipLogits& clip, bool asymmetric = false);

/** Keys or values to their asymmetric grid and back: one scale and zero for each token and head, over the last axis, or for each
    `group` channels of it (0: the head). `x` [..., head_dim] -> the same; a degenerate range counts as [-1, 1]. */
at::Tensor quantizeCache(const at::Tensor& x, int bits, const ClipLogits& clip, int group = 0);

/** W [out, in] clamped to [sigmoid(min) * row minimum, sigmoid(max) * row maximum], or each group of a row to its own; gradients
    reach the logits through the bounds. */
at::Tensor clampWeight(const at::Tensor& weight, const ClipLogits& clip);

/** Weights to their symmetric grid and back: one scale for each row, or for each `group` inputs of it (0: the row; `in` must be
    a multiple, else Error(InvalidArgument)). The largest absolute value counts as at least 1e-5. `asymmetric`: scale and zero, a
    range that contains 0, as quantizeCache. */
at::Tensor quantizeWeight(const at::Tensor& weight, int bits, int group, bool asymmetric = false);

/** quantizeWeight of clampWeight, in one kernel where each clip has a grid of its own (a row's, or a group's). NaN stays where
    it is there, while clampWeight spreads it over its row. */
at::Tensor clampAndQuantizeWeight(const at::Tensor& weight, const ClipLogits& clip, int bits, int group,
                                  bool asymmetric = false);

/** The same in readable operators of any type and device, which the fused kernels are tested against. */
at::Tensor quantizeActivationComposed(const at::Tensor& x, int bits, const ClipLogits& clip);
at::Tensor quantizeCacheComposed(const at::Tensor& x, int bits, const ClipLogits& clip);
at::Tensor quantizeWeightComposed(const at::Tensor& weight, int bits, int group);

/** Throws Error(InvalidArgument) unless every width is 2 to 8 or 16 and no group is negative. */
void checkScheme(const QuantScheme& scheme);

} // namespace core
