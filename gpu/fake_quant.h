// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/row_grid.h"

#include <ATen/core/Tensor.h>

namespace gpu {

/** What the sigmoid of a clip's logits multiplies. */
enum class Clip {
    Range,  // the ends of the row's range: codes saturate. Logits []
    Values, // the extremes that the row's values are clamped to before anything else. Logits [rows]
};

/** How each row of a matrix goes to its own grid and back. The logits are float32, where the rows live; undefined: no clip. */
struct RowQuantizer
{
    Grid grid = Grid::Symmetric;
    int bits = 4;
    Clip clip = Clip::Range;
    at::Tensor maxLogit = {};
    at::Tensor minLogit = {};
};

/** Whether the fused kernels take these rows: float32 on the CPU, float32 and bfloat16 on a GPU that kernels are built for. */
bool quantizesRows(const at::Tensor& x);

struct QuantizedRows
{
    at::Tensor values;   // [rows, n], of x's type
    at::Tensor extremes; // [rows, 2] float32: smallest and largest number of the row, for the way back
};

/** Rounds each row of x [rows, n] to its own grid and back, half to even, with min <= 0 <= max of the row:
        symmetric   scale = max(-shrinkMin * min, shrinkMax * max) / qmax, codes -qmax - 1 .. qmax, qmax = 2^(bits-1) - 1;
        asymmetric  scale = (shrinkMax * max - shrinkMin * min) / levels, zero = round(-shrinkMin * min / scale), codes 0 ..
                    levels = 2^bits - 1.
    Computed in float32, bfloat16 is rounded once at the end. NaN stays NaN and the rest of its row is rounded without it; an
    infinity makes its row NaN. A scale that underflows to 0 counts as that of a row of zeros. On a GPU nothing is waited for.
    x is contiguous. Throws c10::ValueError for logits of another number, type or device. Source: FlatQuant quant_utils.py. */
QuantizedRows quantizeRows(const at::Tensor& x, const RowQuantizer& quantizer);

struct RowGradients
{
    at::Tensor x;        // [rows, n], of x's type
    at::Tensor maxLogit; // as the logit; undefined where that is
    at::Tensor minLogit;
};

/** Straight-through gradient of quantizeRows for the gradient [rows, n] of its values: d out / d c is 1 where the rounded code
    lies inside or on the limits, else 0; d out / d scale = code - c / scale inside, the limit outside. The scale passes its gradient
    on to the row's extreme elements (equal ones share it) and to the clip; values beyond a clamp give theirs to its bound and
    so to the extreme element and the logit. Sums over rows are taken in an order that depends on nothing but the sizes and, on a GPU, its
    number of multiprocessors. */
RowGradients quantizeRowsBackward(const at::Tensor& x, const at::Tensor& extremes, const at::Tensor& gradient,
                                  const RowQuantizer& quantizer);

namespace cpu {

QuantizedRows quantizeRows(const at::Tensor& x, const RowQuantizer& quantizer);
RowGradients quantizeRowsBackward(const at::Tensor& x, const at::Tensor& extremes, const at::Tensor& gradient,
                                  const RowQuantizer& quantizer);

} // namespace cpu

} // namespace gpu
