// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/packed_matrix.h"

namespace gpu {

/** Rows of activations as whole numbers: value[t][i] = codes[t][i] * scales[t]. */
struct RowCodes
{
    at::Tensor codes;  // int8 [tokens, in]
    at::Tensor scales; // float32 [tokens]
};

/** What becomes of an activation row before it is rounded: its range [min, max], which includes 0, is shrunk by factors. */
struct RowRange
{
    float shrinkMax = 1.0f;
    float shrinkMin = 1.0f;
};

/** Codes of the quantizer of activations: those of Grid::Symmetric (gpu/row_grid.h), bits 2 to 8, and, with `asymmetric`,
    bits 2 to 7, code minus zero of Grid::Asymmetric, which fits a signed byte. A row with NaN or an infinity
    gets the scale NaN: whatever is made of it is NaN. `x` [tokens, n] float32. Throws std::invalid_argument for other widths
    and types. */
RowCodes quantizeToCodes(const at::Tensor& x, int bits, RowRange range, bool asymmetric = false);

/** y[t][o] = x.scales[t] * sum_g scale[o][g] * sum_{i in g} x.codes[t][i] * (code[o][i] - zero[o][g]) + bias[o]: float32
    [tokens, out]. The inner sums are exact: 32-bit integers, which hold them for rows of up to 65536 elements at 8 bits (longer
    rows throw std::invalid_argument); each group adds one rounding to float32. `bias` [out] float32 or undefined. Works where
    the tensors are; on the CPU with VNNI, AVX2 or plain instructions, whichever the machine has. */
at::Tensor packedLinear(const RowCodes& x, const PackedMatrix& weight, const at::Tensor& bias);

/** The same with float32 activations `x` [tokens, in]: for up to kFewTokens tokens the packed weights are read once and never
    written out (decoding: bound by that read); for more a slice of rows is dequantized at a time and multiplied by LibTorch's
    product. Relative error of a sum of n products, about n * 2^-24 at worst. */
at::Tensor packedLinear(const at::Tensor& x, const PackedMatrix& weight, const at::Tensor& bias);

inline constexpr std::int64_t kFewTokens = 8;

} // namespace gpu
