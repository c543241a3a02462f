// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/kernels.h"

#include <cstddef>
#include <cstdint>

namespace gpu::cuda {

/** Bytes of GPU memory that the statistics of a matrix work in; 16 divides their address. */
std::size_t statisticsWorkspace(std::int64_t channels);

/** As gpu::cpu::accumulateStatistics for memory of the current GPU, in one read, in the order of the stream, which it waits for. No
    row kurtosis. Powers are summed in float32 over 32 values at most, about the mean of a sample, then in float64: relative error of a central
    sum below 1e-6 where the spread is not tiny beside the mean's own rounding to float32. Throws std::runtime_error with CUDA's message. */
void accumulateStatistics(Statistics& into, const Matrix& values, void* workspace, void* stream);

} // namespace gpu::cuda
