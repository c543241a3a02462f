// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/cpu/packed_steps.h"
#include "gpu/packed_linear.h"

namespace gpu::cpu {

/** gpu::quantizeToCodes for tensors of the CPU: `x` [tokens, n] contiguous. */
RowCodes quantizeToCodes(const at::Tensor& x, int bits, RowRange range, bool asymmetric);

/** gpu::packedLinear with the given loops; `x` on the CPU and contiguous, sizes checked. */
at::Tensor packedLinear(const RowCodes& x, const PackedMatrix& weight, const at::Tensor& bias,
                        const PackedSteps& steps);
at::Tensor packedLinear(const at::Tensor& x, const PackedMatrix& weight, const at::Tensor& bias,
                        const PackedSteps& steps);

/** By the definition, one code at a time; sums of integers in 64 bits, of floats in float64. For tests, and for groups that
    do not end on a byte. */
at::Tensor packedLinearReference(const RowCodes& x, const PackedMatrix& weight, const at::Tensor& bias);
at::Tensor packedLinearReference(const at::Tensor& x, const PackedMatrix& weight, const at::Tensor& bias);

/** Whether every group of a row starts on a byte: what the loops need. */
bool groupsAreWholeBytes(const PackedMatrix& weight);

} // namespace gpu::cpu
