// SPDX-License-Identifier: Apache-2.0
// Products for the few tokens of decoding, bound by the read of the packed weights: 16 bytes of four rows a lane at a time, activations
// in shared memory in the order in which the lanes ask for them, a row's elements split among the warps of a block.
#include "gpu/cuda/launch.h"
#include "gpu/cuda/packed_kernels.h"

#include <algorithm>

namespace gpu::cuda {

namespace {

constexpr int kRows = 4;   // of the weight, a warp
constexpr int kWarpsRow = 4;
constexpr int kWarpsDepth = 4; // warps that share a row's elements
constexpr int kThreads = kWarpsRow * kWarpsDepth * 32;
constexpr int kBlockRows = kRows * kWarpsRow;
constexpr int kMostShared = 200 * 1024;

struct Product
{
    const std::uint8_t* w;
    const float* wScales;
    const std::uint8_t* zeros;
    const float* bias;
    float* y;
    std::int64_t rowBytes;
    int tokens, rows, columns, groups;
};

template <int kSlot>
constexpr int kChunkCodes = 128 / kSlot; // codes in 16 bytes

/** Elements of a row, rounded up to what the 32 lanes of a warp read at once. */
template <int kSlot>
__host__ __device__ inline int paddedColumns(int columns)
{
    constexpr int kSpan = 32 * kChunkCodes<kSlot>;
    return (columns + kSpan - 1) / kSpan * kSpan;
}

__device__ inline uint4 loadCodes(const std::uint8_t* at)
{
    return __ldcs(reinterpret_cast<const uint4*>(at)); // read once: not to be kept
}

/** Adds up what the warps of a row found and writes the result. partial[warp][row][token]. */
template <int kTokens, typename Finish>
__device__ void finishRows(float (&totals)[kRows][kTokens], const Product& p, Finish finish)
{
    __shared__ float partial[kWarpsDepth][kBlockRows][kTokens];
    const int lane = threadIdx.x % 32;
    const int warp = threadIdx.x / 32;
#pragma unroll
    for (int row = 0; row < kRows; ++row)
#pragma unroll
        for (int token = 0; token < kTokens; ++token) {
            const float sum = sumOverLanes(totals[row][token]);
            if (lane == 0)
                partial[warp / kWarpsRow][warp % kWarpsRow * kRows + row][token] = sum;
        }
    __syncthreads();
    for (int i = threadIdx.x; i < kBlockRows * kTokens; i += kThreads) {
        const int row = i / kTokens;
        const int token = i % kTokens;
        const int target = blockIdx.x * kBlockRows + row;
        if (target >= p.rows || token >= p.tokens)
            continue;
        float sum = 0.0f;
#pragma unroll
        for (int part = 0; part < kWarpsDepth; ++part)
            sum += partial[part][row][token];
        sum = finish(sum, target, token);
        p.y[std::int64_t(token) * p.rows + target] = p.bias ? sum + p.bias[target] : sum;
    }
}

/** The same for whole numbers: exact until the one product with the scales. */
template <int kTokens>
__device__ void finishWholeRows(int (&totals)[kRows][kTokens], const Product& p, const float* xScales)
{
    __shared__ int partial[kWarpsDepth][kBlockRows][kTokens];
    const int lane = threadIdx.x % 32;
    const int warp = threadIdx.x / 32;
#pragma unroll
    for (int row = 0; row < kRows; ++row)
#pragma unroll
        for (int token = 0; token < kTokens; ++token) {
            const int sum = sumOverLanes(totals[row][token]);
            if (lane == 0)
                partial[warp / kWarpsRow][warp % kWarpsRow * kRows + row][token] = sum;
        }
    __syncthreads();
    for (int i = threadIdx.x; i < kBlockRows * kTokens; i += kThreads) {
        const int row = i / kTokens;
        const int token = i % kTokens;
        const int target = blockIdx.x * kBlockRows + row;
        if (target >= p.rows || token >= p.tokens)
            continue;
        int sum = 0;
#pragma unroll
        for (int part = 0; part < kWarpsDepth; ++part)
            sum += partial[part][row][token];
        const float value = __fmul_rn(__fmul_rn(p.wScales[target], static_cast<float>(sum)), xScales[token]);
        p.y[std::int64_t(token) * p.rows + target] = p.bias ? __fadd_rn(value, p.bias[target]) : value;
    }
}

/** Eight activations beside the eight codes of a word of 4-bit codes: even ones, odd ones. */
template <int kSlot>
__device__ inline uint2 inCodeOrder(uint2 eight)
{
    if constexpr (kSlot == 8)
        return eight;
    return {__byte_perm(eight.x, eight.y, 0x6420), __byte_perm(eight.x, eight.y, 0x7531)};
}

/** sums += w * x for one chunk of 16 bytes; codes of 4 bits count 16 times. `x`: the lane's activations in code order. */
template <int kSlot>
__device__ inline int dotChunk(const uint4& w, const uint4 (&x)[8 / kSlot], int sum)
{
    if constexpr (kSlot == 8) {
        sum = __dp4a(int(w.x), int(x[0].x), sum);
        sum = __dp4a(int(w.y), int(x[0].y), sum);
        sum = __dp4a(int(w.z), int(x[0].z), sum);
        return __dp4a(int(w.w), int(x[0].w), sum);
    } else {
        const auto word = [&](unsigned codes, unsigned even, unsigned odd) {
            sum = __dp4a(int((codes << 4) & 0xf0f0f0f0u), int(even), sum);
            sum = __dp4a(int(codes & 0xf0f0f0f0u), int(odd), sum);
        };
        word(w.x, x[0].x, x[0].y);
        word(w.y, x[0].z, x[0].w);
        word(w.z, x[1].x, x[1].y);
        word(w.w, x[1].z, x[1].w);
        return sum;
    }
}

template <int kSlot, int kTokens, bool kGrouped>
__global__ void __launch_bounds__(kThreads) multiplyFew(const Product p, const std::int8_t* x, const float* xScales)
{
    constexpr int kCodes = kChunkCodes<kSlot>;
    constexpr int kPieces = 8 / kSlot; // of 16 activations, for one chunk of codes
    constexpr float kWhole = kSlot == 8 ? 1.0f : 0.0625f;
    extern __shared__ __align__(16) uint4 activations[]; // [token][span][piece][lane]
    const int spans = paddedColumns<kSlot>(p.columns) / (32 * kCodes);
    for (int i = threadIdx.x; i < kTokens * spans * 32 * kCodes / 8; i += kThreads) {
        const int eight = i % (spans * 32 * kCodes / 8);
        const int token = i / (spans * 32 * kCodes / 8);
        const int column = eight * 8;
        uint2 values{0, 0};
        if (token < p.tokens && column < p.columns)
            values = *reinterpret_cast<const uint2*>(x + std::int64_t(token) * p.columns + column);
        const int chunk = column / kCodes;
        const int piece = column % kCodes / 16;
        const int place = ((token * spans + chunk / 32) * kPieces + piece) * 32 + chunk % 32;
        reinterpret_cast<uint2*>(activations + place)[column / 8 % 2] = inCodeOrder<kSlot>(values);
    }
    __syncthreads();
    const int lane = threadIdx.x % 32;
    const int warp = threadIdx.x / 32;
    const int firstRow = blockIdx.x * kBlockRows + warp % kWarpsRow * kRows;
    int sums[kRows][kTokens] = {};
    float totals[kGrouped ? kRows : 1][kGrouped ? kTokens : 1] = {};
    for (int span = warp / kWarpsRow; span < spans; span += kWarpsDepth) {
        const int column = (span * 32 + lane) * kCodes;
        uint4 codes[kRows];
#pragma unroll
        for (int row = 0; row < kRows; ++row)
            codes[row] = column < p.columns && firstRow + row < p.rows
                ? loadCodes(p.w + (firstRow + row) * p.rowBytes + column * kSlot / 8)
                : uint4{0, 0, 0, 0};
#pragma unroll
        for (int token = 0; token < kTokens; ++token) {
            uint4 values[kPieces];
#pragma unroll
            for (int piece = 0; piece < kPieces; ++piece)
                values[piece] = activations[((token * spans + span) * kPieces + piece) * 32 + lane];
#pragma unroll
            for (int row = 0; row < kRows; ++row)
                sums[row][token] = dotChunk<kSlot>(codes[row], values, sums[row][token]);
        }
        if constexpr (kGrouped) {
            const int group = min(column, p.columns - 1) / (p.columns / p.groups);
#pragma unroll
            for (int row = 0; row < kRows; ++row) {
                const int inside = min(firstRow + row, p.rows - 1);
                const float scale = p.wScales[std::int64_t(inside) * p.groups + group];
#pragma unroll
                for (int token = 0; token < kTokens; ++token) {
                    totals[row][token] += scale * (static_cast<float>(sums[row][token]) * kWhole);
                    sums[row][token] = 0;
                }
            }
        }
    }
    if constexpr (kGrouped) {
        finishRows<kTokens>(totals, p, [&](float sum, int, int token) { return sum * xScales[token]; });
    } else {
        if constexpr (kSlot == 4)
#pragma unroll
            for (int row = 0; row < kRows; ++row)
#pragma unroll
                for (int token = 0; token < kTokens; ++token)
                    sums[row][token] /= 16; // each lane's is a multiple
        finishWholeRows<kTokens>(sums, p, xScales);
    }
}

/** code - offset of the codes of one word, in order; `magic` = 2^23 + offset. */
template <int kSlot>
__device__ inline void codesOfWord(unsigned word, float magic, float (&codes)[32 / kSlot])
{
    constexpr int kPlanes = 8 / kSlot;
    constexpr unsigned kMask = kSlot == 8 ? 0xffffffffu : kSlot == 4 ? 0x0f0f0f0fu : 0x03030303u;
#pragma unroll
    for (int plane = 0; plane < kPlanes; ++plane) {
        const unsigned bytes = (word >> (kSlot * plane)) & kMask;
#pragma unroll
        for (int byte = 0; byte < 4; ++byte) // a byte behind the exponent of 2^23 is the float 2^23 + byte
            codes[byte * kPlanes + plane] =
                __uint_as_float(__byte_perm(bytes, 0x4b000000u, 0x7440u + byte)) - magic;
    }
}

template <int kSlot, int kTokens, bool kGrouped>
__global__ void __launch_bounds__(kThreads) multiplyFewFloats(const Product p, const float* x)
{
    constexpr int kCodes = kChunkCodes<kSlot>;
    constexpr int kPieces = kCodes / 4; // of four activations, for one chunk of codes
    constexpr int kWordCodes = 32 / kSlot;
    extern __shared__ __align__(16) float4 values[]; // [token][span][piece][lane]
    const int spans = paddedColumns<kSlot>(p.columns) / (32 * kCodes);
    const int fours = spans * 32 * kPieces;
    for (int i = threadIdx.x; i < kTokens * fours; i += kThreads) {
        const int token = i / fours;
        const int column = i % fours * 4;
        float4 four{0.0f, 0.0f, 0.0f, 0.0f};
        if (token < p.tokens && column < p.columns)
            four = *reinterpret_cast<const float4*>(x + std::int64_t(token) * p.columns + column);
        const int chunk = column / kCodes;
        values[((token * spans + chunk / 32) * kPieces + column % kCodes / 4) * 32 + chunk % 32] = four;
    }
    __syncthreads();
    const int lane = threadIdx.x % 32;
    const int warp = threadIdx.x / 32;
    const int firstRow = blockIdx.x * kBlockRows + warp % kWarpsRow * kRows;
    const unsigned flip = p.zeros ? 0u : kSlot == 8 ? 0x80808080u : kSlot == 4 ? 0x88888888u : 0xaaaaaaaau;
    float totals[kRows][kTokens] = {};
    for (int span = warp / kWarpsRow; span < spans; span += kWarpsDepth) {
        const int column = (span * 32 + lane) * kCodes;
        const int group = kGrouped ? min(column, p.columns - 1) / (p.columns / p.groups) : 0;
        uint4 codes[kRows];
#pragma unroll
        for (int row = 0; row < kRows; ++row)
            codes[row] = column < p.columns && firstRow + row < p.rows
                ? loadCodes(p.w + (firstRow + row) * p.rowBytes + column * kSlot / 8)
                : uint4{0, 0, 0, 0};
        float sums[kRows][kTokens] = {};
        float magic[kRows];
#pragma unroll
        for (int row = 0; row < kRows; ++row) {
            const auto place = std::int64_t(min(firstRow + row, p.rows - 1)) * p.groups + group;
            magic[row] = 8388608.0f + (p.zeros ? static_cast<float>(p.zeros[place]) : float(1 << (kSlot - 1)));
        }
#pragma unroll
        for (int word = 0; word < 4; ++word)
#pragma unroll
            for (int row = 0; row < kRows; ++row) {
                const unsigned bits = (word == 0 ? codes[row].x
                                           : word == 1 ? codes[row].y
                                           : word == 2 ? codes[row].z
                                                       : codes[row].w)
                    ^ flip;
                float weights[kWordCodes];
                codesOfWord<kSlot>(bits, magic[row], weights);
#pragma unroll
                for (int token = 0; token < kTokens; ++token)
#pragma unroll
                    for (int piece = 0; piece < kWordCodes / 4; ++piece) {
                        const auto four =
                            values[((token * spans + span) * kPieces + word * (kWordCodes / 4) + piece) * 32 + lane];
                        sums[row][token] += weights[piece * 4] * four.x;
                        sums[row][token] += weights[piece * 4 + 1] * four.y;
                        sums[row][token] += weights[piece * 4 + 2] * four.z;
                        sums[row][token] += weights[piece * 4 + 3] * four.w;
                    }
            }
#pragma unroll
        for (int row = 0; row < kRows; ++row) {
            const float scale =
                kGrouped ? p.wScales[std::int64_t(min(firstRow + row, p.rows - 1)) * p.groups + group] : 1.0f;
#pragma unroll
            for (int token = 0; token < kTokens; ++token)
                totals[row][token] += kGrouped ? scale * sums[row][token] : sums[row][token];
        }
    }
    finishRows<kTokens>(totals, p,
                        [&](float sum, int row, int) { return kGrouped ? sum : sum * p.wScales[row]; });
}

template <int kSlot, int kTokens, bool kGrouped>
void startFew(const Product& p, const std::int8_t* x, const float* xScales, cudaStream_t stream)
{
    auto* kernel = multiplyFew<kSlot, kTokens, kGrouped>;
    const auto bytes = static_cast<std::size_t>(kTokens) * paddedColumns<kSlot>(p.columns);
    allowSharedMemory(kernel, bytes);
    kernel<<<(p.rows + kBlockRows - 1) / kBlockRows, kThreads, bytes, stream>>>(p, x, xScales);
    checkLaunch("start the integer product of few tokens");
}

template <int kSlot, int kTokens, bool kGrouped>
void startFloats(const Product& p, const float* x, cudaStream_t stream)
{
    auto* kernel = multiplyFewFloats<kSlot, kTokens, kGrouped>;
    const auto bytes = static_cast<std::size_t>(kTokens) * paddedColumns<kSlot>(p.columns) * sizeof(float);
    allowSharedMemory(kernel, bytes);
    kernel<<<(p.rows + kBlockRows - 1) / kBlockRows, kThreads, bytes, stream>>>(p, x);
    checkLaunch("start the product of few tokens");
}

template <int kSlot, int kTokens>
void startFor(const Product& p, cudaStream_t stream, const std::int8_t* x, const float* xScales)
{
    p.groups > 1 ? startFew<kSlot, kTokens, true>(p, x, xScales, stream)
                 : startFew<kSlot, kTokens, false>(p, x, xScales, stream);
}

template <int kSlot, int kTokens>
void startFor(const Product& p, cudaStream_t stream, const float* x)
{
    p.groups > 1 ? startFloats<kSlot, kTokens, true>(p, x, stream) : startFloats<kSlot, kTokens, false>(p, x, stream);
}

/** With the smallest kernel that holds the tokens. */
template <int kSlot, typename... Activations>
void startForTokens(const Product& p, cudaStream_t stream, Activations... x)
{
    if (p.tokens <= 1)
        startFor<kSlot, 1>(p, stream, x...);
    else if (p.tokens <= 2)
        startFor<kSlot, 2>(p, stream, x...);
    else if (p.tokens <= 4)
        startFor<kSlot, 4>(p, stream, x...);
    else
        startFor<kSlot, 8>(p, stream, x...);
}

Product productOf(const PackedWeight& weight, std::int64_t tokens, const float* bias, float* y)
{
    return {weight.data, weight.scales, weight.zeros, bias, y, weight.rowBytes(), static_cast<int>(tokens),
            static_cast<int>(weight.rows), static_cast<int>(weight.columns), static_cast<int>(weight.groups)};
}

} // namespace

bool multiplyFewCodes(const std::int8_t* x, const float* xScales, std::int64_t tokens, const PackedWeight& weight,
                      const float* bias, float* y, cudaStream_t stream)
{
    const auto p = productOf(weight, tokens, bias, y);
    const int held = tokens <= 2 ? static_cast<int>(tokens) : tokens <= 4 ? 4 : 8; // by the kernel that is chosen
    if (held * (weight.slot == 8 ? paddedColumns<8>(p.columns) : paddedColumns<4>(p.columns)) > kMostShared)
        return false;
    if (weight.slot == 8)
        startForTokens<8>(p, stream, x, xScales);
    else
        startForTokens<4>(p, stream, x, xScales);
    return true;
}

bool multiplyFloats(const float* x, std::int64_t tokens, const PackedWeight& weight, const float* bias, float* y,
                    void* rawStream)
{
    const auto codes = 128 / weight.slot;
    const bool fits = weight.columns % codes == 0 && weight.columns / weight.groups % codes == 0
        && isAligned16(weight.data) && isAligned16(x);
    // As many tokens at a time as shared memory holds.
    const auto span = 32 * codes;
    const auto padded = (weight.columns + span - 1) / span * span;
    std::int64_t most = 8;
    while (most > 1 && most * padded * std::int64_t(sizeof(float)) > kMostShared)
        most /= 2;
    if (!fits || padded * std::int64_t(sizeof(float)) > kMostShared)
        return false;
    const auto stream = asStream(rawStream);
    for (std::int64_t first = 0; first < tokens; first += most) {
        const auto p = productOf(weight, std::min(most, tokens - first), bias, y + first * weight.rows);
        const auto* part = x + first * weight.columns;
        if (weight.slot == 8)
            startForTokens<8>(p, stream, part);
        else if (weight.slot == 4)
            startForTokens<4>(p, stream, part);
        else
            startForTokens<2>(p, stream, part);
    }
    return true;
}

} // namespace gpu::cuda
