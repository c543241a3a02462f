// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace gpu {

/** What a symmetric row quantizer does when the row says nothing. */
enum class EmptyRow {
    ScaleOne,   // activations: a row of zeros gets scale 1
    ScaleFloor, // weights: the largest absolute value counts as at least 1e-5
};

/** Rounds each row to its own grid and back: scale = max(-shrinkMin * min, shrinkMax * max) / qmax with min <= 0 <= max,
    out = scale * clamp(round(x / scale), -qmax - 1, qmax), qmax = 2^(bits-1) - 1, round half to even. All tensors float32,
    contiguous, on the CPU. `x`, `out` [rows, n]; `scales` [rows] is written. NaN stays NaN and the rest of its row is rounded
    without it; an infinity makes its row NaN. A scale that underflows to 0 becomes 1.
    Source: FlatQuant quant_utils.py (method.md 2.6). */
void quantizeSymmetric(const at::Tensor& x, int bits, float shrinkMax, float shrinkMin, EmptyRow emptyRow,
                       at::Tensor& out, at::Tensor& scales);

struct ShrinkGradient
{
    double max = 0.0; // d loss / d shrinkMax
    double min = 0.0;
};

/** Straight-through gradient of quantizeSymmetric: d out / d x is 1 where the rounded code lies inside or on the limits, else 0;
    d out / d scale = code - x / scale inside, the limit outside, and the scale passes it on to the row's extreme elements (equal
    ones share it) and to its shrink factor. `gradient`, `gradientX` [rows, n]. */
ShrinkGradient quantizeSymmetricBackward(const at::Tensor& x, const at::Tensor& scales, const at::Tensor& gradient,
                                         int bits, float shrinkMax, float shrinkMin, EmptyRow emptyRow,
                                         at::Tensor& gradientX);

/** The asymmetric row quantizer of the caches: levels 0..2^bits-1, range [shrinkMin * min, shrinkMax * max] with min <= 0 <= max
    ([-1, 1] where its scale is 0), zero = round(-low / scale), out = scale * (clamp(round(x / scale) + zero, 0, levels) - zero). `scales`,
    `zeros` [rows] are written. */
void quantizeAsymmetric(const at::Tensor& x, int bits, float shrinkMax, float shrinkMin, at::Tensor& out,
                        at::Tensor& scales, at::Tensor& zeros);

/** Its straight-through gradient; the zero point carries none. */
ShrinkGradient quantizeAsymmetricBackward(const at::Tensor& x, const at::Tensor& scales, const at::Tensor& zeros,
                                          const at::Tensor& gradient, int bits, float shrinkMax, float shrinkMin,
                                          at::Tensor& gradientX);

} // namespace gpu
