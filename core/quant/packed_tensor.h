// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/packed_matrix.h"

namespace core {

/** A rounded weight, as the kernels multiply it. */
using PackedTensor = gpu::PackedMatrix;
using gpu::packedRowBytes;

/** Scales and zeros of a weight before it is rounded, in the shapes of PackedTensor. */
struct WeightGrid
{
    at::Tensor scales; // float32 [out, groups]
    at::Tensor zeros;  // float32 [out, groups], whole numbers; undefined: symmetric
};

/** The grid of `weight` [out, in]: symmetric scale = max(|w|, 1e-5) / (2^(bits-1) - 1) a row, or for each `group` inputs (0: the row);
    asymmetric scale = (max - min) / (2^bits - 1), zero = round(-min / scale), 0 inside the range, [-1, 1] where it is all zero.
    Scales are rounded to float32 first, so codes and scales agree exactly. Throws Error(Numeric) for a weight that is not
    finite, Error(InvalidArgument) where the group does not divide the row. */
WeightGrid weightGrid(const at::Tensor& weight, int bits, int group, bool asymmetric);

/** Codes of `columns` [out, n] (float64) on the grid of one group, `scales` and `zeros` [out] of float64 (zeros may be undefined):
    float64 [out, n], whole numbers. */
at::Tensor codesOn(const at::Tensor& columns, const at::Tensor& scales, const at::Tensor& zeros, int bits);

/** Packs codes [out, in] (whole numbers of any type) with their grid. */
PackedTensor packCodes(const at::Tensor& codes, const WeightGrid& grid, int bits);

/** Rounds `weight` [out, in] (any float type; the arithmetic is float64) to its nearest codes. Throws as weightGrid does. */
PackedTensor packWeight(const at::Tensor& weight, int bits, int group, bool asymmetric = false);

/** Codes [out, in]: int8, or uint8 where there are zeros. Throws Error(Corrupt) where data and sizes disagree or the width is
    none of 2 to 8. */
at::Tensor unpackCodes(const PackedTensor& packed);

/** (code - zero) * scale, float32 [out, in]. Throws Error(Corrupt) as unpackCodes does, and for scales or zeros that do not fit. */
at::Tensor dequantize(const PackedTensor& packed);

} // namespace core
