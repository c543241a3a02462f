// SPDX-License-Identifier: Apache-2.0
// Products of whole numbers on integer tensor cores (mma.sync m16n8k32, 8-bit): codes of 4 bits are widened in registers, since
// Hopper runs 4-bit products no faster than by emulation. A sum does not depend on the order of its terms, so both factors are read in
// whatever order takes no shuffling: a thread's eight elements of a step are neighbours in memory.
#include "gpu/cuda/launch.h"
#include "gpu/cuda/packed_kernels.h"

#include <algorithm>

namespace gpu::cuda {

/** For up to 8 tokens and weights without zeros; false where the activations do not fit shared memory. */
bool multiplyFewCodes(const std::int8_t* x, const float* xScales, std::int64_t tokens, const PackedWeight& weight,
                      const float* bias, float* y, cudaStream_t stream);

namespace {

constexpr int kDepth = 128; // elements of a row in a tile
constexpr int kChunk = 16;  // bytes copied at a time
constexpr int kStep = 32;   // elements multiplied at a time

struct Factors
{
    const std::int8_t* x;
    const float* xScales;
    const std::uint8_t* w;
    const float* wScales;
    const std::uint8_t* zeros;
    const std::int32_t* sums; // of x by group, where there are zeros
    const float* bias;
    float* y;
    int tokens, rows, columns, groups;
};

__device__ inline void copyAsync(void* shared, const void* global, bool inside)
{
    const unsigned to = static_cast<unsigned>(__cvta_generic_to_shared(shared));
    const int bytes = inside ? kChunk : 0; // the rest of the chunk is filled with zeros
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;\n" ::"r"(to), "l"(global), "r"(bytes));
}

__device__ inline void commitCopies()
{
    asm volatile("cp.async.commit_group;\n" ::);
}

template <int kPending>
__device__ void waitForCopies()
{
    asm volatile("cp.async.wait_group %0;\n" ::"n"(kPending));
}

__device__ inline void multiplyStep(int (&sums)[4], const unsigned (&a)[4], const unsigned (&b)[2])
{
    asm volatile("mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};\n"
                 : "+r"(sums[0]), "+r"(sums[1]), "+r"(sums[2]), "+r"(sums[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

/** Where chunk `chunk` of a tile's row lies: rows that are read together fall into different banks. */
template <int kSlot>
__device__ inline int placeOf(int row, int chunk)
{
    if constexpr (kSlot == 8)
        return row * kDepth + ((chunk ^ ((row & 3) << 1)) * kChunk);
    return row * (kDepth / 2) + ((chunk ^ ((row >> 1) & 3)) * kChunk);
}

/** Queues the copy of kRows rows of a factor, elements [begin, begin + kDepth). */
template <int kRows, int kSlot, int kThreads>
__device__ void loadTile(std::uint8_t* tile, const std::uint8_t* source, int firstRow, int rows, int begin, int columns)
{
    constexpr int kChunks = kDepth * kSlot / 8 / kChunk;
    const std::int64_t rowBytes = std::int64_t(columns) * kSlot / 8;
    for (int i = threadIdx.x; i < kRows * kChunks; i += kThreads) {
        const int row = i / kChunks;
        const int chunk = i % kChunks;
        const std::int64_t offset = std::int64_t(begin) * kSlot / 8 + chunk * kChunk;
        const bool inside = firstRow + row < rows && offset < rowBytes;
        const auto* from = inside ? source + (firstRow + row) * rowBytes + offset : source;
        copyAsync(tile + placeOf<kSlot>(row, chunk), from, inside);
    }
}

/** Eight elements of an activation row as two registers, in the order in which the weight's codes come out of their bytes. */
template <int kSlot>
__device__ inline uint2 activations(const std::uint8_t* tile, int row, int step, int quarter)
{
    const int chunk = step * 2 + quarter / 2;
    const auto pair = *reinterpret_cast<const uint2*>(tile + placeOf<8>(row, chunk) + quarter % 2 * 8);
    if constexpr (kSlot == 8)
        return pair;
    return {__byte_perm(pair.x, pair.y, 0x6420), __byte_perm(pair.x, pair.y, 0x7531)};
}

/** Eight codes of a weight row as signed bytes; those of 4 bits come 16 times as large, which keeps their sign without more work. `flip`
    makes unsigned codes signed. */
template <int kSlot>
__device__ inline void weights(unsigned (&b)[2], const std::uint8_t* tile, int row, int step, int quarter, unsigned flip)
{
    if constexpr (kSlot == 8) {
        const int chunk = step * 2 + quarter / 2;
        const auto pair = *reinterpret_cast<const uint2*>(tile + placeOf<8>(row, chunk) + quarter % 2 * 8);
        b[0] = pair.x ^ flip;
        b[1] = pair.y ^ flip;
    } else {
        const auto word = *reinterpret_cast<const unsigned*>(tile + placeOf<4>(row, step) + quarter * 4) ^ flip;
        b[0] = (word << 4) & 0xf0f0f0f0u;
        b[1] = word & 0xf0f0f0f0u;
    }
}

/** One tile kRowsM (tokens) x kRowsN (rows of the weight); kWarpsM x kWarpsN warps share it. kGrouped: sums become floats at
    the end of each group. */
template <int kSlot, bool kGrouped, int kRowsM, int kRowsN, int kWarpsM, int kWarpsN, int kStages>
__global__ void __launch_bounds__(kWarpsM* kWarpsN * 32) multiplyTiles(const Factors f)
{
    constexpr int kThreads = kWarpsM * kWarpsN * 32;
    constexpr int kTilesM = kRowsM / kWarpsM / 16;
    constexpr int kTilesN = kRowsN / kWarpsN / 8;
    constexpr int kBytesX = kRowsM * kDepth;
    constexpr int kBytesW = kRowsN * kDepth * kSlot / 8;
    extern __shared__ __align__(128) std::uint8_t shared[];
    const int firstM = blockIdx.y * kRowsM;
    const int firstN = blockIdx.x * kRowsN;
    const int lane = threadIdx.x % 32;
    const int warp = threadIdx.x / 32;
    const int rowM = warp % kWarpsM * (kRowsM / kWarpsM) + lane / 4;
    const int rowN = warp / kWarpsM * (kRowsN / kWarpsN) + lane / 4;
    const int quarter = lane % 4;
    const unsigned flip = f.zeros ? (kSlot == 8 ? 0x80808080u : 0x88888888u) : 0u;
    const int steps = (f.columns + kDepth - 1) / kDepth;
    const int perGroup = f.columns / f.groups;
    const auto load = [&](int step) {
        if (step < steps) {
            auto* stage = shared + step % kStages * (kBytesX + kBytesW);
            loadTile<kRowsM, 8, kThreads>(stage, reinterpret_cast<const std::uint8_t*>(f.x), firstM, f.tokens,
                                          step * kDepth, f.columns);
            loadTile<kRowsN, kSlot, kThreads>(stage + kBytesX, f.w, firstN, f.rows, step * kDepth, f.columns);
        }
        commitCopies();
    };
    int sums[kTilesM][kTilesN][4] = {};
    float totals[kGrouped ? kTilesM : 1][kGrouped ? kTilesN : 1][4] = {};
    /** (sum - zero * sum of x) * scale of element e of a tile, as the whole numbers are. */
    const auto scaled = [&](int m, int n, int e, int group) {
        const int row = firstN + warp / kWarpsM * (kRowsN / kWarpsN) + n * 8 + quarter * 2 + e % 2;
        const int token = firstM + warp % kWarpsM * (kRowsM / kWarpsM) + m * 16 + lane / 4 + e / 2 * 8;
        if (row >= f.rows || token >= f.tokens)
            return 0.0f;
        int sum = kSlot == 8 ? sums[m][n][e] : sums[m][n][e] / 16;
        const auto place = std::int64_t(row) * f.groups + group;
        if (f.zeros)
            sum -= (int(f.zeros[place]) - (1 << (kSlot - 1))) * f.sums[std::int64_t(token) * f.groups + group];
        return __fmul_rn(f.wScales[place], static_cast<float>(sum));
    };
#pragma unroll
    for (int stage = 0; stage < kStages - 1; ++stage)
        load(stage);
    for (int step = 0; step < steps; ++step) {
        waitForCopies<kStages - 2>();
        __syncthreads();
        load(step + kStages - 1);
        const auto* tileX = shared + step % kStages * (kBytesX + kBytesW);
        const auto* tileW = tileX + kBytesX;
#pragma unroll
        for (int part = 0; part < kDepth / kStep; ++part) {
            unsigned b[kTilesN][2];
#pragma unroll
            for (int n = 0; n < kTilesN; ++n)
                weights<kSlot>(b[n], tileW, rowN + n * 8, part, quarter, flip);
#pragma unroll
            for (int m = 0; m < kTilesM; ++m) {
                const auto upper = activations<kSlot>(tileX, rowM + m * 16, part, quarter);
                const auto lower = activations<kSlot>(tileX, rowM + m * 16 + 8, part, quarter);
                const unsigned a[4] = {upper.x, lower.x, upper.y, lower.y};
#pragma unroll
                for (int n = 0; n < kTilesN; ++n)
                    multiplyStep(sums[m][n], a, b[n]);
            }
        }
        if constexpr (kGrouped) {
            if ((step + 1) * kDepth % perGroup == 0) {
                const int group = step * kDepth / perGroup;
#pragma unroll
                for (int m = 0; m < kTilesM; ++m)
#pragma unroll
                    for (int n = 0; n < kTilesN; ++n)
#pragma unroll
                        for (int e = 0; e < 4; ++e) {
                            totals[m][n][e] = __fadd_rn(totals[m][n][e], scaled(m, n, e, group));
                            sums[m][n][e] = 0;
                        }
            }
        }
    }
#pragma unroll
    for (int m = 0; m < kTilesM; ++m)
#pragma unroll
        for (int n = 0; n < kTilesN; ++n)
#pragma unroll
            for (int e = 0; e < 4; ++e) {
                const int row = firstN + warp / kWarpsM * (kRowsN / kWarpsN) + n * 8 + quarter * 2 + e % 2;
                const int token = firstM + warp % kWarpsM * (kRowsM / kWarpsM) + m * 16 + lane / 4 + e / 2 * 8;
                float value;
                if constexpr (kGrouped)
                    value = totals[m][n][e];
                else
                    value = scaled(m, n, e, 0);
                if (row < f.rows && token < f.tokens) {
                    value = __fmul_rn(value, f.xScales[token]);
                    f.y[std::int64_t(token) * f.rows + row] = f.bias ? __fadd_rn(value, f.bias[row]) : value;
                }
            }
}

/** sums[token][group] of x: what a zero is multiplied by. One warp each. */
__global__ void sumGroups(const std::int8_t* x, std::int64_t sums, std::int64_t length, std::int32_t* out)
{
    const std::int64_t index = std::int64_t(blockIdx.x) * (blockDim.x / 32) + threadIdx.x / 32;
    int sum = 0;
    if (index < sums)
        for (std::int64_t i = threadIdx.x % 32; i < length; i += 32)
            sum += x[index * length + i];
    sum = sumOverLanes(sum);
    if (index < sums && threadIdx.x % 32 == 0)
        out[index] = sum;
}

/** Any sizes: one result a thread. */
__global__ void multiplyPlainly(const Factors f, int slot, std::int64_t rowBytes)
{
    const std::int64_t index = std::int64_t(blockIdx.x) * blockDim.x + threadIdx.x;
    if (index >= std::int64_t(f.tokens) * f.rows)
        return;
    const int row = static_cast<int>(index % f.rows);
    const auto token = index / f.rows;
    const int perByte = 8 / slot;
    const int length = f.columns / f.groups;
    float total = 0.0f;
    for (int group = 0; group < f.groups; ++group) {
        const auto place = std::int64_t(row) * f.groups + group;
        int sum = 0;
        for (int i = group * length; i < (group + 1) * length; ++i) {
            const int byte = f.w[row * rowBytes + i / perByte];
            const int shifted = byte << (24 + 8 - slot - slot * (i % perByte)); // the code at the top of 32 bits
            const int code = f.zeros ? static_cast<int>(static_cast<unsigned>(shifted) >> (32 - slot)) - f.zeros[place]
                                     : shifted >> (32 - slot);
            sum += code * f.x[token * f.columns + i];
        }
        total = __fadd_rn(total, __fmul_rn(f.wScales[place], static_cast<float>(sum)));
    }
    total = __fmul_rn(total, f.xScales[token]);
    f.y[index] = f.bias ? __fadd_rn(total, f.bias[row]) : total;
}

template <int kSlot, bool kGrouped, int kRowsM, int kRowsN, int kWarpsM, int kWarpsN, int kStages>
void startTiles(const Factors& f, cudaStream_t stream)
{
    constexpr int kBytes = kStages * (kRowsM * kDepth + kRowsN * kDepth * kSlot / 8);
    auto* kernel = multiplyTiles<kSlot, kGrouped, kRowsM, kRowsN, kWarpsM, kWarpsN, kStages>;
    allowSharedMemory(kernel, kBytes);
    const dim3 grid((f.rows + kRowsN - 1) / kRowsN, (f.tokens + kRowsM - 1) / kRowsM);
    kernel<<<grid, kWarpsM * kWarpsN * 32, kBytes, stream>>>(f);
    checkLaunch("start the integer product");
}

/** Tiles as large as still give every multiprocessor one. */
template <int kSlot, bool kGrouped>
void startTiles(const Factors& f, cudaStream_t stream)
{
    const auto tiles = [&](int m, int n) {
        return std::int64_t((f.tokens + m - 1) / m) * ((f.rows + n - 1) / n);
    };
    const int processors = multiprocessors();
    if (f.tokens > 64 && tiles(128, 128) >= processors)
        startTiles<kSlot, kGrouped, 128, 128, 2, 4, 4>(f, stream);
    else if (f.tokens > 32)
        startTiles<kSlot, kGrouped, 64, 64, 2, 2, 4>(f, stream);
    else
        startTiles<kSlot, kGrouped, 16, 32, 1, 4, 6>(f, stream);
}

} // namespace

void multiplyCodes(const std::int8_t* x, const float* xScales, std::int64_t tokens, const PackedWeight& weight,
                   const float* bias, std::int32_t* sums, float* y, void* rawStream)
{
    if (tokens == 0 || weight.rows == 0)
        return;
    const auto stream = asStream(rawStream);
    const Factors f{x, xScales, weight.data, weight.scales, weight.zeros, sums, bias, y, static_cast<int>(tokens),
                    static_cast<int>(weight.rows), static_cast<int>(weight.columns), static_cast<int>(weight.groups)};
    const auto length = weight.columns / weight.groups;
    const bool aligned = weight.columns % 32 == 0 && isAligned16(x) && isAligned16(weight.data)
        && (weight.groups == 1 || length % kDepth == 0);
    if (weight.slot == 2 || !aligned) {
        const auto results = tokens * weight.rows;
        multiplyPlainly<<<static_cast<unsigned>((results + 127) / 128), 128, 0, stream>>>(f, weight.slot,
                                                                                         weight.rowBytes());
        return checkLaunch("start the plain product");
    }
    if (weight.zeros) {
        const auto count = tokens * weight.groups;
        sumGroups<<<static_cast<unsigned>((count + 7) / 8), 256, 0, stream>>>(x, count, length, sums);
        checkLaunch("start the sums of activations");
    } else if (tokens <= 8 && multiplyFewCodes(x, xScales, tokens, weight, bias, y, stream)) {
        return;
    }
    const bool grouped = weight.groups > 1;
    if (weight.slot == 8)
        grouped ? startTiles<8, true>(f, stream) : startTiles<8, false>(f, stream);
    else
        grouped ? startTiles<4, true>(f, stream) : startTiles<4, false>(f, stream);
}

} // namespace gpu::cuda
