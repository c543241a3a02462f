// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/attention.h"
#include "gpu/cpu/attention_tile.h"

namespace gpu::cpu {

/** As gpu::attend with the given loops, sizes checked. */
at::Tensor attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, double scale, std::int64_t window,
                  const at::Tensor& visible, const AttentionSteps& steps);

} // namespace gpu::cpu
