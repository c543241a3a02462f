// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/kronecker_quantize.h"

#include <ATen/core/Tensor.h>

namespace gpu {

/** A normalised Hadamard transform of n = 2^k m channels: y = (x * signs) (S ⊗ factor) / sqrt(n), S the [2^k, 2^k] matrix of Sylvester, S =
    [s s; s -s]. With a factor of order m this is core::hadamardMatrix(n), and the Kronecker product of two such matrices where the
    second has a power of two channels and the first no factor. */
struct HadamardTransform
{
    at::Tensor factor = {}; // [m, m], entries 1 and -1; undefined: m = 1
    at::Tensor signs = {};  // [n], entries 1 and -1; undefined: none
};

/** x [..., n], float32, bfloat16 or float16; a new tensor of x's type. Without a factor n k additions in float32 a row, rounded
    once at the end: off by at most (k + 13) 2^-24 sqrt(n) max|x| and that rounding. A factor is a matrix product in x's type before,
    n m operations, which rounds once more. NaN and infinities spread over their row. Throws std::invalid_argument where n is not
    2^k m, and for other types and shapes. */
at::Tensor hadamardTransform(const at::Tensor& x, const HadamardTransform& transform = {});

/** The same onto x, which must be contiguous. */
void hadamardTransformInPlace(at::Tensor& x, const HadamardTransform& transform = {});

/** hadamardTransform of x [tokens, n] and the quantizer, from float32 values that never leave the chip: n log n operations a token where
    kroneckerQuantize with the matrices needs 2 n (n1 + n2). */
QuantizedTokens hadamardQuantize(const at::Tensor& x, const HadamardTransform& transform,
                                 const TokenQuantizer& quantizer);

namespace cpu {

/** hadamardTransform by the definition in float64: [..., n] float64. For tests. */
at::Tensor referenceHadamard(const at::Tensor& x, const HadamardTransform& transform);

} // namespace cpu

} // namespace gpu
