// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace gpu {

/** The symmetric per-token quantizer of activations: scale = max(-shrinkMin * min, shrinkMax * max) / qmax over the token's values
    z with min <= 0 <= max, code = clamp(round(z / scale), -qmax - 1, qmax), qmax = 2^(bits-1) - 1, round half to even. A token of
    zeros, or of values so small that the scale is below the smallest normal float32 (1.2e-38), gets scale 1 and codes 0. A
    token with a value that is not finite in float32 gets scale NaN and codes 0, so that what is computed from it is NaN.
    The kernels multiply by the float32 reciprocal of the scale: z / scale is off by up to 2^-23 of itself, so codes may differ
    by one where it lies that near to a half. Source: FlatQuant quant_utils.py. */
struct TokenQuantizer
{
    int bits = 4; // 2 to 8
    // Learned clips in (0, 1]: the sigmoids of the two logits.
    float shrinkMax = 1.0f;
    float shrinkMin = 1.0f;
};

struct QuantizedTokens
{
    /** Up to 4 bits: uint8 [tokens, n / 2], code 2i in the low and 2i + 1 in the high nibble, two's complement. Above: int8
        [tokens, n]. */
    at::Tensor codes;
    at::Tensor scales; // float32 [tokens]
};

/** RMSNorm before the transform: x * gamma / sqrt(mean(x^2) + eps), statistics in float32. A token whose sum of squares is
    not finite in float32 counts as one that is not finite. */
struct TokenNorm
{
    at::Tensor gamma; // [n]
    double eps = 1e-5;
};

/** Quantizes the tokens as they are: x [tokens, n], float32, bfloat16 or float16, on the CPU or a CUDA device, where the result
    is. Up to 4 bits n must be even. Throws std::invalid_argument for other types and shapes, here and below. */
QuantizedTokens quantizeTokens(const at::Tensor& x, const TokenQuantizer& quantizer);

/** z = x (left ⊗ right), that is left^T X right for a token as an [n1, n2] matrix, then the quantizer, without z in memory.
    `x` [tokens, n1 * n2], float32, bfloat16 or float16; `left` [n1, n1], `right` [n2, n2], either may be undefined and then
    stands for the identity. 2 n (n1 + n2) operations a token.

    The CPU multiplies in float32. A GPU multiplies bfloat16 and float16 tokens of n1, n2 <= 128 in one kernel on the tensor cores
    with float32 sums: `right` is rounded to x's type, `left` and X right to bfloat16, so with u = 2^-8 each value z is off by
    no more than 3.1 u (|left|^T |X| |right|) (2.1 u and 2^-11 for float16), and by about u |z| in the mean over random signs. Other
    tokens take products in float32 and the quantizer alone. */
QuantizedTokens kroneckerQuantize(const at::Tensor& x, const at::Tensor& left, const at::Tensor& right,
                                  const TokenQuantizer& quantizer);

/** The same behind a norm, in the same kernel; its result is rounded to x's type before the products, which adds one u
    (2^-11 for float16) to the bound. */
QuantizedTokens kroneckerQuantize(const at::Tensor& x, const TokenNorm& norm, const at::Tensor& left,
                                  const at::Tensor& right, const TokenQuantizer& quantizer);

namespace cpu {

/** kroneckerQuantize by the definition in float64, one sum at a time; `norm.gamma` may be undefined. For tests. */
QuantizedTokens referenceKroneckerQuantize(const at::Tensor& x, const TokenNorm& norm, const at::Tensor& left,
                                           const at::Tensor& right, const TokenQuantizer& quantizer);

} // namespace cpu

} // namespace gpu
