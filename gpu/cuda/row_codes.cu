// SPDX-License-Identifier: Apache-2.0
// Rows of activations, and groups of keys and values, to codes: the extremes in one sweep, the codes in a second, which finds the
// row in the caches.
#include "gpu/cuda/launch.h"
#include "gpu/cuda/packed_kernels.h"
#include "gpu/row_grid.h"

namespace gpu::cuda {

namespace {

constexpr int kThreads = 256;

struct Extent
{
    Extremes range;
    bool finite;
};

__device__ inline void include(Extent& extent, float value)
{
    extent.range.min = smaller(extent.range.min, value);
    extent.range.max = larger(extent.range.max, value);
    extent.finite = extent.finite && isfinite(value);
}

__device__ inline Extent overWarp(Extent extent)
{
    extent.range.min = overLanes<32>(extent.range.min, [](float a, float b) { return smaller(a, b); });
    extent.range.max = overLanes<32>(extent.range.max, [](float a, float b) { return larger(a, b); });
    extent.finite = __all_sync(0xffffffffu, extent.finite);
    return extent;
}

__device__ inline RowGrid gridOf(const Extent& extent, const CodesTask& task)
{
    RowGrid row;
    chooseGrid(row, extent.range, task.shrinkMax, task.shrinkMin,
               {task.asymmetric ? Grid::Asymmetric : Grid::Symmetric, task.bits});
    return row;
}

/** The code before its zero is taken away again; any where x is NaN. */
__device__ inline float codeOf(float x, const RowGrid& row)
{
    return fminf(fmaxf(rintf(x / row.scale) + row.zero, row.low), row.high);
}

/** One block a row. */
__global__ void __launch_bounds__(kThreads) codeRows(const CodesTask task, std::int8_t* codes, float* scales)
{
    __shared__ Extent parts[kThreads / 32];
    const auto* x = task.x + std::int64_t(blockIdx.x) * task.n;
    Extent extent{{}, true};
    for (int i = threadIdx.x; i < task.n; i += kThreads)
        include(extent, x[i]);
    extent = overWarp(extent);
    if (threadIdx.x % 32 == 0)
        parts[threadIdx.x / 32] = extent;
    __syncthreads();
    extent = parts[0];
    for (const auto& part : parts) {
        extent.range.min = smaller(extent.range.min, part.range.min);
        extent.range.max = larger(extent.range.max, part.range.max);
        extent.finite = extent.finite && part.finite;
    }
    const auto row = gridOf(extent, task);
    for (int i = threadIdx.x; i < task.n; i += kThreads)
        codes[std::int64_t(blockIdx.x) * task.n + i] = static_cast<std::int8_t>(codeOf(x[i], row) - row.zero);
    if (threadIdx.x == 0)
        scales[blockIdx.x] = extent.finite ? row.scale : NAN;
}

/** One warp a group of n elements; codes of `slot` bits side by side, the first in the low ones. */
__global__ void __launch_bounds__(kThreads)
    codeGroups(const CodesTask task, int slot, std::uint8_t* bytes, float* scales, std::uint8_t* zeros)
{
    const std::int64_t group = std::int64_t(blockIdx.x) * (kThreads / 32) + threadIdx.x / 32;
    if (group >= task.rows)
        return;
    const int lane = threadIdx.x % 32;
    const auto* x = task.x + group * task.n;
    Extent extent{{}, true};
    for (int i = lane; i < task.n; i += 32)
        include(extent, x[i]);
    extent = overWarp(extent);
    const auto row = gridOf(extent, task);
    const int perByte = 8 / slot;
    const int count = task.n / perByte;
    for (int i = lane; i < count; i += 32) {
        unsigned byte = 0;
        for (int j = 0; j < perByte; ++j)
            byte |= static_cast<unsigned>(codeOf(x[i * perByte + j], row)) << (slot * j);
        bytes[group * count + i] = static_cast<std::uint8_t>(byte);
    }
    if (lane == 0) {
        scales[group] = extent.finite ? row.scale : NAN;
        zeros[group] = extent.finite ? static_cast<std::uint8_t>(row.zero) : std::uint8_t(0);
    }
}

} // namespace

void quantizeToCodes(const CodesTask& task, std::int8_t* codes, float* scales, void* stream)
{
    if (task.rows == 0)
        return;
    codeRows<<<static_cast<unsigned>(task.rows), kThreads, 0, asStream(stream)>>>(task, codes, scales);
    checkLaunch("start the rounding of activations");
}

void packGroups(const CodesTask& task, int slot, std::uint8_t* bytes, float* scales, std::uint8_t* zeros, void* stream)
{
    if (task.rows == 0)
        return;
    constexpr int kWarps = kThreads / 32;
    codeGroups<<<static_cast<unsigned>((task.rows + kWarps - 1) / kWarps), kThreads, 0, asStream(stream)>>>(
        task, slot, bytes, scales, zeros);
    checkLaunch("start the packing of keys or values");
}

} // namespace gpu::cuda
