// SPDX-License-Identifier: Apache-2.0
// What both directions of the row quantizer share: rows spread over threads, grids, exact division. A row belongs to a group of
// kGroup neighbouring threads (part of a warp, or a block), which holds it in registers as kHeld packs of kPack elements a
// thread; kHeld == 0 stands for longer rows, which are read twice. Only for nvcc.
#pragma once

#if defined(__CUDACC__)

#include "gpu/cuda/fake_quant.h"
#include "gpu/cuda/launch.h"

#include <algorithm>

namespace gpu::cuda {

constexpr int kMostBlocks = kRowsScratch / 2;

template <int kGroup>
constexpr int kBlock = kGroup <= 32 ? 256 : kGroup;

/** min and max that hand NaN on, in one instruction. */
__device__ inline float minNaN(float a, float b)
{
    float result;
    asm("min.NaN.f32 %0, %1, %2;" : "=f"(result) : "f"(a), "f"(b));
    return result;
}

__device__ inline float maxNaN(float a, float b)
{
    float result;
    asm("max.NaN.f32 %0, %1, %2;" : "=f"(result) : "f"(a), "f"(b));
    return result;
}

/** Rounds half to even for |v| < 2^22: the additions push the fraction out of the mantissa. What is larger stays beyond any code. */
__device__ inline float roundHalfEven(float v)
{
    constexpr float kMagic = 12582912.0f; // 1.5 * 2^23
    return __fsub_rn(__fadd_rn(v, kMagic), kMagic);
}

/** x / scale, rounded correctly but for quotients within 2^-23 units of two numbers' middle: the reciprocal's quotient and one
    correction by its exact remainder. A power of two moves the scale to where nothing overflows or becomes subnormal. An infinite
    scale gives 0, and NaN for infinities. */
struct Divider
{
    float factor = 1.0f;
    float scale;
    float inverse;

    __device__ explicit Divider(float divisor)
        : scale(divisor)
    {
        if (divisor < 0x1p-60f)
            factor = 0x1p100f;
        else if (divisor > 0x1p60f)
            factor = 0x1p-100f;
        scale = divisor * factor;
        asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(inverse) : "f"(scale));
        inverse = fmaf(fmaf(-scale, inverse, 1.0f), inverse, inverse);
        if (isinf(divisor)) {
            factor = scale = 1.0f;
            inverse = 0.0f;
        }
    }

    __device__ float operator()(float x) const
    {
        constexpr float kFar = 1e9f;
        const float moved = x * factor;
        const float guess = fminf(fmaxf(moved * inverse, -kFar), kFar); // a NaN comes back with the remainder
        return fmaf(fmaf(-guess, scale, moved), inverse, guess);
    }
};

/** As the operator computes it. */
__device__ inline float sigmoid(float logit)
{
    return 1.0f / (1.0f + expf(-logit));
}

/** The factors of a row, or of all rows: then they are worked out once. */
struct RowFactors
{
    float max = 1.0f;
    float min = 1.0f;

    __device__ RowFactors(const RowsTask& task, std::int64_t index)
    {
        if (task.maxLogit)
            max = sigmoid(task.maxLogit[index]);
        if (task.minLogit)
            min = sigmoid(task.minLogit[index]);
    }
};

template <bool kClamps>
__device__ RowGrid gridOf(const RowsTask& task, Extremes range, const RowFactors& factors)
{
    RowGrid row;
    if (kClamps)
        clampRow(row, range, task.maxLogit ? &factors.max : nullptr, task.minLogit ? &factors.min : nullptr);
    chooseGrid(row, range, kClamps ? 1.0f : factors.max, kClamps ? 1.0f : factors.min, task.steps);
    return row;
}

template <bool kClamps>
__device__ float clamped(float x, const RowGrid& row)
{
    return kClamps ? minNaN(maxNaN(x, row.clampLow), row.clampHigh) : x;
}

/** A thread's packs of one row. */
template <typename T, int kPack, int kHeld, int kGroup>
struct RowTile
{
    Pack<T, kPack> packs[kHeld > 0 ? kHeld : 1];

    __device__ void load(const T* row, int n, int lane)
    {
#pragma unroll
        for (int k = 0; k < kHeld; ++k)
            if (const int index = (k * kGroup + lane) * kPack; index < n)
                packs[k] = loadPack<T, kPack>(row + index);
    }

    __device__ Pack<T, kPack> get(int k, const T* row, int index) const
    {
        return kHeld > 0 ? packs[k] : loadPack<T, kPack>(row + index);
    }
};

/** visit(k, index) for the thread's packs: the k-th begins at element `index` of the row. */
template <int kPack, int kHeld, int kGroup, typename Visit>
__device__ void forPacks(int n, int lane, Visit visit)
{
    if constexpr (kHeld > 0) {
#pragma unroll
        for (int k = 0; k < kHeld; ++k)
            if (const int index = (k * kGroup + lane) * kPack; index < n)
                visit(k, index);
    } else {
        for (int index = lane * kPack; index < n; index += kGroup * kPack)
            visit(0, index);
    }
}

/** Combines the values of a group's threads, in the same order every time. All threads of the block call it together. `turn` counts the
    calls: two buffers take turns, so that one barrier a call is enough. */
template <int kGroup, typename Value>
class GroupTotal
{
public:
    static constexpr int kWarps = kGroup / 32 > 1 ? kGroup / 32 : 1;
    struct Shared
    {
        Value values[2][kWarps];
    };

    __device__ Value operator()(Shared& shared, int& turn, Value value) const
    {
        value.overLanes(std::integral_constant<int, (kGroup < 32 ? kGroup : 32)>());
        if constexpr (kGroup > 32) {
            auto& buffer = shared.values[turn];
            turn ^= 1;
            if (threadIdx.x % 32 == 0)
                buffer[threadIdx.x / 32] = value;
            __syncthreads();
            value = buffer[0];
#pragma unroll
            for (int warp = 1; warp < kWarps; ++warp)
                value.add(buffer[warp]);
        }
        return value;
    }
};

/** Calls run<kPack, kHeld, kGroup>(): the smallest group that holds a row of n elements. */
template <typename T, typename Run>
void forRowLength(std::int64_t n, bool aligned, Run run)
{
    const auto choose = [&]<int kPack>(std::integral_constant<int, kPack>) {
        const auto packs = (n + kPack - 1) / kPack;
        if (packs <= 16)
            run.template operator()<kPack, 1, 16>();
        else if (packs <= 32)
            run.template operator()<kPack, 1, 32>();
        else if (packs <= 128)
            run.template operator()<kPack, 4, 32>();
        else if (packs <= 512)
            run.template operator()<kPack, 4, 128>();
        else if (packs <= 1024)
            run.template operator()<kPack, 4, 256>();
        else if (packs <= 2048)
            run.template operator()<kPack, 4, 512>();
        else if constexpr (kPack * 8 <= 32) { // the marks of a thread's elements are 32 bits
            if (packs <= 4096)
                run.template operator()<kPack, 8, 512>();
            else
                run.template operator()<kPack, 0, 512>();
        } else {
            run.template operator()<kPack, 0, 512>();
        }
    };
    constexpr int kWide = 16 / sizeof(T);
    if (aligned && n % kWide == 0)
        choose(std::integral_constant<int, kWide>());
    else
        choose(std::integral_constant<int, 1>());
}

/** Blocks for rows that kGroup threads share: twice what can run at once, each with its own fixed rows. */
template <int kGroup>
int blocksFor(std::int64_t rows)
{
    constexpr std::int64_t kRows = kBlock<kGroup> / kGroup;
    const std::int64_t most = std::int64_t{multiprocessors()} * (2048 / kBlock<kGroup>)*2;
    return static_cast<int>(std::min({(rows + kRows - 1) / kRows, most, std::int64_t{kMostBlocks}}));
}

} // namespace gpu::cuda

#endif
