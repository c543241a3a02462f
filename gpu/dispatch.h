// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/kernels.h"

#include <ATen/core/Tensor.h>

namespace gpu {

/** Adds `values` [..., channels] to `into`, where they live: on the CPU, or on a CUDA device by our kernels. In a build
    without CUDA kernels the values of a CUDA device are copied to the CPU first. float32, float64, bfloat16 and float16;
    other types throw c10::Error. A tensor that is not contiguous is copied. */
void accumulateStatistics(Statistics& into, const at::Tensor& values);

} // namespace gpu
