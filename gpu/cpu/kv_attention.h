// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/cpu/packed_steps.h"
#include "gpu/kv_attention.h"

namespace gpu::cpu {

/** As gpu::packRows, sizes checked, `x` contiguous on the CPU. */
PackedRows packRows(const at::Tensor& x, int bits, RowRange range, int group);

/** As gpu::attendPacked with the given loops, sizes checked, on the CPU; `q` contiguous, of keys and values each row. */
at::Tensor attendPacked(const at::Tensor& q, const PackedRows& keys, const PackedRows& values, double scale,
                        std::int64_t window, const PackedSteps& steps);

} // namespace gpu::cpu
