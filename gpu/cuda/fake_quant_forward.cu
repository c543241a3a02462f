// SPDX-License-Identifier: Apache-2.0
// Rows to their grids and back: one read, one write.
#include "gpu/cuda/fake_quant_rows.h"

namespace gpu::cuda {

namespace {

struct Range
{
    float min = Extremes().min;
    float max = Extremes().max;

    __device__ void add(const Range& other)
    {
        min = fminf(min, other.min);
        max = fmaxf(max, other.max);
    }
    template <int kLanes>
    __device__ void overLanes(std::integral_constant<int, kLanes>)
    {
        min = cuda::overLanes<kLanes>(min, [](float a, float b) { return fminf(a, b); });
        max = cuda::overLanes<kLanes>(max, [](float a, float b) { return fmaxf(a, b); });
    }
};

template <typename T, int kPack, int kHeld, int kGroup, bool kClamps>
__global__ void __launch_bounds__(kBlock<kGroup>, 1024 / kBlock<kGroup>)
    roundRows(RowsTask task, T* __restrict__ values, float2* __restrict__ extremes)
{
    using Total = GroupTotal<kGroup, Range>;
    __shared__ alignas(16) unsigned char storage[sizeof(typename Total::Shared)];
    auto& shared = *reinterpret_cast<typename Total::Shared*>(storage);
    int turn = 0;
    const RowFactors sharedFactors(task, 0);
    constexpr int kRows = kBlock<kGroup> / kGroup;
    const int lane = threadIdx.x % kGroup;
    const int n = static_cast<int>(task.n);
    for (std::int64_t first = std::int64_t{blockIdx.x} * kRows; first < task.rows;
         first += std::int64_t{gridDim.x} * kRows) {
        const std::int64_t index = first + threadIdx.x / kGroup;
        const int mine = index < task.rows ? n : 0; // a group past the end has an empty row
        const T* const row = static_cast<const T*>(task.x) + index * task.n;
        RowTile<T, kPack, kHeld, kGroup> tile;
        tile.load(row, mine, lane);
        Range range;
        forPacks<kPack, kHeld, kGroup>(mine, lane, [&](int k, int at) {
            const auto pack = tile.get(k, row, at);
#pragma unroll
            for (int i = 0; i < kPack; ++i) { // NaN is passed over
                range.min = fminf(range.min, toFloat(pack.values[i]));
                range.max = fmaxf(range.max, toFloat(pack.values[i]));
            }
        });
        range = Total()(shared, turn, range);
        if (mine == 0)
            continue; // groups of a warp only, which meet again at the shuffles
        if (lane == 0)
            extremes[index] = make_float2(range.min, range.max);
        const auto factors = kClamps ? RowFactors(task, index) : sharedFactors;
        const auto grid = gridOf<kClamps>(task, {range.min, range.max}, factors);
        const Divider divide(grid.scale);
        T* const out = values + index * task.n;
        forPacks<kPack, kHeld, kGroup>(mine, lane, [&](int k, int at) {
            auto pack = tile.get(k, row, at);
#pragma unroll
            for (int i = 0; i < kPack; ++i) {
                const float ratio = divide(clamped<kClamps>(toFloat(pack.values[i]), grid));
                const float code = minNaN(maxNaN(roundHalfEven(ratio) + grid.zero, grid.low), grid.high);
                pack.values[i] = fromFloat<T>((code - grid.zero) * grid.scale);
            }
            storePack(out + at, pack);
        });
    }
}

template <typename T>
void launch(const RowsTask& task, void* values, float* extremes)
{
    auto* const out = static_cast<T*>(values);
    auto* const ranges = reinterpret_cast<float2*>(extremes);
    forRowLength<T>(task.n, isAligned16(task.x) && isAligned16(values), [&]<int kPack, int kHeld, int kGroup>() {
        const int blocks = blocksFor<kGroup>(task.rows);
        if (task.clampsValues)
            roundRows<T, kPack, kHeld, kGroup, true>
                <<<blocks, kBlock<kGroup>, 0, asStream(task.stream)>>>(task, out, ranges);
        else
            roundRows<T, kPack, kHeld, kGroup, false>
                <<<blocks, kBlock<kGroup>, 0, asStream(task.stream)>>>(task, out, ranges);
    });
    checkLaunch("start the rounding of rows");
}

} // namespace

void quantizeRows(const RowsTask& task, void* values, float* extremes)
{
    task.bfloat16 ? launch<__nv_bfloat16>(task, values, extremes) : launch<float>(task, values, extremes);
}

} // namespace gpu::cuda
