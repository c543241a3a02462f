// SPDX-License-Identifier: Apache-2.0
// The two kernels of statistics.cu: a sample decides on centre, scale and width, then one read of the matrix takes everything. Only
// for nvcc.
#pragma once

#if defined(__CUDACC__)

#include "gpu/cuda/launch.h"
#include "gpu/kernels.h"

#include <algorithm>

namespace gpu::cuda::statistics {

constexpr int kThreads = 512;
constexpr int kResident = 2; // blocks a multiprocessor
constexpr int kHeld = 4;     // packs that a thread has under way
constexpr int kTables = 8;   // of bins in a block, for lanes in turn: equal values rarely wait for each other
constexpr int kMostBlocks = 1024;
constexpr int kListed = 1 << 16; // values beyond the histogram's range that one read takes
constexpr int kSampleThreads = 1024;
constexpr int kSamplePacks = 8; // a thread

constexpr int kBins = DyadicHistogram::kBins;
constexpr std::size_t kTableBytes = sizeof(unsigned) * kBins * kTables;

/** What the sample decides. */
struct Choice
{
    int exponent; // of the histogram
    float width;  // 2^-exponent
    float limit;  // 2^(exponent + 10): |x| below it has a bin
    float scale;  // a power of two; powers are of x * scale - centre, about 1 in size
    float centre;
    unsigned listed; // values in the list; may exceed its length
};

/** Sums of a block, of d = x * scale - centre over the finite x. */
struct Part
{
    double sums[4] = {}; // d, d^2, d^3, d^4
    unsigned long long nonFinite = 0;
    float min = Moments::kInfinity;
    float max = -Moments::kInfinity;
};

/** Where a call's results lie in the workspace; all but the list goes back in one copy. */
struct Layout
{
    std::size_t counts = 64;
    std::size_t absmax;
    std::size_t parts;
    std::size_t list;
    std::size_t end;

    explicit Layout(std::int64_t channels)
        : absmax(counts + kBins * sizeof(unsigned long long))
        , parts(absmax + (static_cast<std::size_t>(channels) * sizeof(unsigned) + 15) / 16 * 16)
        , list(parts + kMostBlocks * sizeof(Part))
        , end(list + kListed * sizeof(float))
    {
        static_assert(sizeof(Choice) <= 64);
    }
};

/** As DyadicHistogram::exponentFor, for finite absmax. */
__device__ inline int exponentFor(float absmax)
{
    if (absmax == 0.0f)
        return DyadicHistogram::kMinExponent;
    return max(ilogbf(absmax) + 1 - 10, DyadicHistogram::kMinExponent);
}

/** Reads up to kSampleThreads * kSamplePacks packs spread over the matrix, decides, and clears the results. One block. */
template <typename T, int kPack>
__global__ void __launch_bounds__(kSampleThreads)
    chooseFromSample(const T* data, std::int64_t packs, std::int64_t channels, int leastExponent, Choice* choice,
                     unsigned long long* counts, unsigned* absmax)
{
    for (int bin = threadIdx.x; bin < kBins; bin += kSampleThreads)
        counts[bin] = 0;
    for (std::int64_t channel = threadIdx.x; channel < channels; channel += kSampleThreads)
        absmax[channel] = 0;
    constexpr std::int64_t kMost = kSampleThreads * kSamplePacks;
    const std::int64_t taken = min(packs, kMost);
    double sum = 0.0;
    double count = 0.0;
    float largest = 0.0f;
    Pack<T, kPack> held[kSamplePacks];
#pragma unroll
    for (int k = 0; k < kSamplePacks; ++k)
        if (const std::int64_t i = k * kSampleThreads + threadIdx.x; i < taken)
            held[k] = loadPack<T, kPack>(data + (packs <= kMost ? i : i * packs / kMost) * kPack);
#pragma unroll
    for (int k = 0; k < kSamplePacks; ++k) {
        if (k * kSampleThreads + threadIdx.x >= taken)
            break;
#pragma unroll
        for (int i = 0; i < kPack; ++i)
            if (const float x = toFloat(held[k].values[i]); isfinite(x)) {
                sum += x;
                count += 1.0;
                largest = fmaxf(largest, fabsf(x));
            }
    }
    __shared__ double sums[kSampleThreads / 32];
    __shared__ double numbers[kSampleThreads / 32];
    __shared__ float extremes[kSampleThreads / 32];
    sum = sumOverLanes(sum);
    count = sumOverLanes(count);
    largest = overLanes<32>(largest, [](float a, float b) { return fmaxf(a, b); });
    if (threadIdx.x % 32 == 0) {
        sums[threadIdx.x / 32] = sum;
        numbers[threadIdx.x / 32] = count;
        extremes[threadIdx.x / 32] = largest;
    }
    __syncthreads();
    if (threadIdx.x != 0)
        return;
    for (int warp = 1; warp < kSampleThreads / 32; ++warp) {
        sum += sums[warp];
        count += numbers[warp];
        largest = fmaxf(largest, extremes[warp]);
    }
    const int exponent = max(exponentFor(largest), leastExponent);
    choice->exponent = exponent;
    choice->width = ldexpf(1.0f, -exponent);
    choice->limit = ldexpf(1.0f, exponent + 10);
    choice->scale = ldexpf(1.0f, max(-(exponent + 8), -126)); // the largest of the sample becomes 2 to 4
    choice->centre = count > 0.0 ? static_cast<float>(sum / count * choice->scale) : 0.0f;
    choice->listed = 0;
}

/** How threads stand over the matrix: `across` neighbouring ones on neighbouring packs of a row, the others on further rows. A unit
    is a strip of `across` packs by kHeld rows of each thread; blocks take equal runs of units. */
struct Grid2d
{
    int across = 32;
    int rowsAtOnce = 0;
    std::int64_t packsPerRow = 0;
    std::int64_t tiles = 0; // of rows in a strip
    std::int64_t units = 0;
    int blocks = 0;

    Grid2d(std::int64_t rows, std::int64_t packs)
        : packsPerRow(packs)
    {
        while (across > 1 && across / 2 >= packs)
            across /= 2;
        rowsAtOnce = kThreads / across;
        tiles = (rows + rowsAtOnce * kHeld - 1) / (rowsAtOnce * kHeld);
        units = tiles * ((packs + across - 1) / across);
        blocks = static_cast<int>(std::min<std::int64_t>({units, multiprocessors() * kResident, kMostBlocks}));
    }
};

/** One thread's view of its values. */
template <typename T, int kPack>
struct Reader
{
    const Choice choice;
    float* const list;
    unsigned* const listed;
    unsigned* const bins; // of this lane's table
    float sums[4] = {};
    Part part;
    float absmax[kPack] = {};

    __device__ void addPower(float x)
    {
        const float d = fmaf(x, choice.scale, -choice.centre);
        const float square = d * d;
        sums[0] += d;
        sums[1] += square;
        sums[2] = fmaf(square, d, sums[2]);
        sums[3] = fmaf(square, square, sums[3]);
    }

    __device__ void count(float x)
    {
        // 1.5 * 2^23 leaves whole numbers in the mantissa; adding it rounds down. x * width is exact.
        constexpr unsigned kMagic = 0x4b400000u;
        const unsigned bits = __float_as_uint(__fmaf_rd(x, choice.width, __uint_as_float(kMagic)));
        atomicAdd(bins + (bits - kMagic + DyadicHistogram::kHalf) * kTables, 1u);
    }

    __device__ void add(const Pack<T, kPack>& pack)
    {
        float low = toFloat(pack.values[0]);
        float high = low;
#pragma unroll
        for (int i = 1; i < kPack; ++i) { // NaN stays
            asm("min.NaN.f32 %0, %0, %1;" : "+f"(low) : "f"(toFloat(pack.values[i])));
            asm("max.NaN.f32 %0, %0, %1;" : "+f"(high) : "f"(toFloat(pack.values[i])));
        }
        if (!(low > -choice.limit && high < choice.limit)) {
            addOneByOne(pack);
            return;
        }
        part.min = fminf(part.min, low);
        part.max = fmaxf(part.max, high);
#pragma unroll
        for (int i = 0; i < kPack; ++i) {
            const float x = toFloat(pack.values[i]);
            addPower(x);
            count(x);
            absmax[i] = fmaxf(absmax[i], fabsf(x));
        }
    }

    __device__ void addOneByOne(const Pack<T, kPack>& pack)
    {
#pragma unroll
        for (int i = 0; i < kPack; ++i) {
            const float x = toFloat(pack.values[i]);
            if (!isfinite(x)) {
                ++part.nonFinite;
                continue;
            }
            part.min = fminf(part.min, x);
            part.max = fmaxf(part.max, x);
            absmax[i] = fmaxf(absmax[i], fabsf(x));
            addPower(x);
            if (fabsf(x) < choice.limit)
                count(x);
            else if (const unsigned at = atomicAdd(listed, 1u); at < kListed)
                list[at] = x;
        }
    }

    __device__ void closeRun()
    {
#pragma unroll
        for (int power = 0; power < 4; ++power) {
            part.sums[power] += sums[power];
            sums[power] = 0.0f;
        }
    }

    __device__ void closeStrip(unsigned* channels)
    {
#pragma unroll
        for (int i = 0; i < kPack; ++i) {
            if (absmax[i] > 0.0f) // floats that are not negative order as their bits do
                atomicMax(channels + i, __float_as_uint(absmax[i]));
            absmax[i] = 0.0f;
        }
    }
};

/** The block's part, in a fixed order. */
__device__ inline void writePart(Part part, Part* to)
{
    __shared__ alignas(16) unsigned char storage[kThreads / 32 * sizeof(Part)];
    auto* const warps = reinterpret_cast<Part*>(storage);
    for (auto& sum : part.sums)
        sum = sumOverLanes(sum);
    part.nonFinite = sumOverLanes(part.nonFinite);
    part.min = overLanes<32>(part.min, [](float a, float b) { return fminf(a, b); });
    part.max = overLanes<32>(part.max, [](float a, float b) { return fmaxf(a, b); });
    if (threadIdx.x % 32 == 0)
        warps[threadIdx.x / 32] = part;
    __syncthreads();
    if (threadIdx.x != 0)
        return;
    for (int warp = 1; warp < kThreads / 32; ++warp) {
        for (int power = 0; power < 4; ++power)
            part.sums[power] += warps[warp].sums[power];
        part.nonFinite += warps[warp].nonFinite;
        part.min = fminf(part.min, warps[warp].min);
        part.max = fmaxf(part.max, warps[warp].max);
    }
    *to = part;
}

template <typename T, int kPack>
__global__ void __launch_bounds__(kThreads, kResident)
    readOnce(const T* __restrict__ data, std::int64_t rows, Grid2d grid, Choice* choice, unsigned long long* counts,
             unsigned* absmax, Part* parts, float* list)
{
    extern __shared__ uint4 tableMemory[];
    auto* const tables = reinterpret_cast<unsigned*>(tableMemory);
    for (int i = threadIdx.x; i < kBins * kTables / 4; i += kThreads)
        tableMemory[i] = make_uint4(0, 0, 0, 0);
    Reader<T, kPack> reader{
        .choice = *choice, .list = list, .listed = &choice->listed, .bins = tables + threadIdx.x % kTables};
    __syncthreads();
    const std::int64_t channels = grid.packsPerRow * kPack;
    const std::int64_t first = blockIdx.x * grid.units / gridDim.x;
    const std::int64_t last = (blockIdx.x + std::int64_t{1}) * grid.units / gridDim.x;
    std::int64_t strip = first / grid.tiles;
    std::int64_t tile = first % grid.tiles;
    for (std::int64_t unit = first; unit < last; ++unit) {
        const std::int64_t column = strip * grid.across + threadIdx.x % grid.across;
        const std::int64_t row = tile * grid.rowsAtOnce * kHeld + threadIdx.x / grid.across;
        const bool mine = column < grid.packsPerRow;
        Pack<T, kPack> packs[kHeld];
#pragma unroll
        for (int k = 0; k < kHeld; ++k)
            if (mine && row + k * grid.rowsAtOnce < rows)
                packs[k] = loadPack<T, kPack>(data + (row + k * grid.rowsAtOnce) * channels + column * kPack);
#pragma unroll
        for (int k = 0; k < kHeld; ++k)
            if (mine && row + k * grid.rowsAtOnce < rows)
                reader.add(packs[k]);
        reader.closeRun();
        if (++tile == grid.tiles || unit + 1 == last) {
            if (mine)
                reader.closeStrip(absmax + column * kPack);
            tile = 0;
            ++strip;
        }
    }
    writePart(reader.part, parts + blockIdx.x);
    __syncthreads();
    for (int bin = threadIdx.x; bin < kBins; bin += kThreads) {
        unsigned long long sum = 0;
        for (int table = 0; table < kTables; ++table)
            sum += tables[bin * kTables + table];
        if (sum != 0)
            atomicAdd(counts + bin, sum);
    }
}

} // namespace gpu::cuda::statistics

#endif
