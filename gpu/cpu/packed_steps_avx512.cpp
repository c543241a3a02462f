// SPDX-License-Identifier: Apache-2.0
// The loops of gpu/cpu/packed_steps.h for AVX-512 with VNNI. Compiled for it whatever the rest of the program is compiled for: called
// only where the machine has it.
#include "gpu/cpu/packed_steps.h"

#if defined(__x86_64__)

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 takes the intrinsics' deliberately undefined operands for a mistake (its bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <immintrin.h>

#pragma GCC push_options
#pragma GCC target("avx512f,avx512vl,avx512bw,avx512dq,avx512vnni,fma,prefer-vector-width=512")

namespace gpu::cpu {

namespace {

/** The first `left` of 64 bytes. */
inline __mmask64 firstBytes(std::int64_t left)
{
    return left >= 64 ? ~__mmask64(0) : (__mmask64(1) << left) - 1;
}

template <int kPlanes>
void unpackGroup(const std::uint8_t* source, const RowShape& shape, __m512i flip, std::uint8_t* codes)
{
    const auto mask = _mm512_set1_epi8(static_cast<char>((1 << (8 / kPlanes)) - 1));
    for (std::int64_t i = 0; i < shape.groupBytes; i += 64) {
        const auto read = _mm512_maskz_loadu_epi8(firstBytes(shape.groupBytes - i), source + i);
        const auto bytes = _mm512_xor_si512(read, flip);
        for (int plane = 0; plane < kPlanes; ++plane)
            _mm512_storeu_si512(codes + plane * shape.paddedBytes + i,
                                _mm512_and_si512(_mm512_srli_epi16(bytes, 8 / kPlanes * plane), mask));
    }
}

void unpack(const std::uint8_t* row, const RowShape& shape, std::uint8_t flip, std::uint8_t* codes)
{
    const auto flips = _mm512_set1_epi8(static_cast<char>(flip));
    for (std::int64_t group = 0; group < shape.groups; ++group) {
        const auto* source = row + group * shape.groupBytes;
        auto* target = codes + group * shape.groupLength();
        if (shape.planes == 4)
            unpackGroup<4>(source, shape, flips, target);
        else if (shape.planes == 2)
            unpackGroup<2>(source, shape, flips, target);
        else
            unpackGroup<1>(source, shape, flips, target);
    }
}

template <int kTokens>
void dotTile(const std::uint8_t* w, std::int64_t strideW, const std::int8_t* x, std::int64_t strideX, std::int64_t n,
             std::int32_t (*sums)[kTileRows])
{
    __m512i total[kTokens][kTileRows];
    for (auto& token : total)
        for (auto& row : token)
            row = _mm512_setzero_si512();
    for (std::int64_t i = 0; i < n; i += kVectorBytes) {
        __m512i codes[kTileRows];
        for (int row = 0; row < kTileRows; ++row)
            codes[row] = _mm512_loadu_si512(w + row * strideW + i);
        for (int token = 0; token < kTokens; ++token) {
            const auto values = _mm512_loadu_si512(x + token * strideX + i);
            for (int row = 0; row < kTileRows; ++row)
                total[token][row] = _mm512_dpbusd_epi32(total[token][row], codes[row], values);
        }
    }
    for (int token = 0; token < kTokens; ++token)
        for (int row = 0; row < kTileRows; ++row)
            sums[token][row] = _mm512_reduce_add_epi32(total[token][row]);
}

void dot(const std::uint8_t* w, std::int64_t strideW, const std::int8_t* x, std::int64_t strideX, std::int64_t n,
         int tokens, bool, std::int32_t (*sums)[kTileRows])
{
    switch (tokens) {
    case 1: return dotTile<1>(w, strideW, x, strideX, n, sums);
    case 2: return dotTile<2>(w, strideW, x, strideX, n, sums);
    case 3: return dotTile<3>(w, strideW, x, strideX, n, sums);
    default: return dotTile<4>(w, strideW, x, strideX, n, sums);
    }
}

/** Values of 16 codes. Codes of 2 and 4 bits are looked up: a permutation reads the low 4 bits of its indices, and the table does the rest. */
template <int kPlanes>
inline __m512 valuesOf(__m512i bytes, int plane, __m512 table, __m512i flip, __m512i offset)
{
    if constexpr (kPlanes == 1)
        return _mm512_cvtepi32_ps(_mm512_sub_epi32(_mm512_xor_si512(bytes, flip), offset));
    return _mm512_permutexvar_ps(_mm512_srli_epi32(bytes, 8 / kPlanes * plane), table);
}

template <int kPlanes, int kTokens>
void dotFloatTile(const std::uint8_t* row, const RowShape& shape, std::uint8_t flip, int offset, const float* x,
                  std::int64_t stride, float* sums)
{
    constexpr int kLanes = 16;
    constexpr int kMask = kPlanes == 4 ? 3 : 15;
    float table[kLanes];
    for (int code = 0; code < kLanes; ++code)
        table[code] = static_cast<float>(((code ^ flip) & kMask) - offset);
    const auto lookup = _mm512_loadu_ps(table);
    const auto flips = _mm512_set1_epi32(flip);
    const auto offsets = _mm512_set1_epi32(offset);
    __m512 total[kTokens][2];
    for (auto& token : total)
        token[0] = token[1] = _mm512_setzero_ps();
    const auto step = [&](std::int64_t i, __m128i packed, int chain) {
        const auto bytes = _mm512_cvtepu8_epi32(packed);
        for (int plane = 0; plane < kPlanes; ++plane) {
            const auto values = valuesOf<kPlanes>(bytes, plane, lookup, flips, offsets);
            for (int token = 0; token < kTokens; ++token)
                total[token][chain] = _mm512_fmadd_ps(
                    values, _mm512_loadu_ps(x + token * stride + plane * shape.paddedBytes + i), total[token][chain]);
        }
    };
    std::int64_t i = 0;
    for (; i + 2 * kLanes <= shape.groupBytes; i += 2 * kLanes) {
        step(i, _mm_loadu_si128(reinterpret_cast<const __m128i*>(row + i)), 0);
        step(i + kLanes, _mm_loadu_si128(reinterpret_cast<const __m128i*>(row + i + kLanes)), 1);
    }
    for (; i < shape.groupBytes; i += kLanes)
        step(i, _mm_maskz_loadu_epi8(static_cast<__mmask16>(firstBytes(shape.groupBytes - i)), row + i), 0);
    for (int token = 0; token < kTokens; ++token)
        sums[token] = _mm512_reduce_add_ps(_mm512_add_ps(total[token][0], total[token][1]));
}

template <int kPlanes>
void dotFloatPlanes(const std::uint8_t* row, const RowShape& shape, std::uint8_t flip, int offset, const float* x,
                    std::int64_t stride, int tokens, float* sums)
{
    switch (tokens) {
    case 1: return dotFloatTile<kPlanes, 1>(row, shape, flip, offset, x, stride, sums);
    case 2: return dotFloatTile<kPlanes, 2>(row, shape, flip, offset, x, stride, sums);
    case 3: return dotFloatTile<kPlanes, 3>(row, shape, flip, offset, x, stride, sums);
    default: return dotFloatTile<kPlanes, 4>(row, shape, flip, offset, x, stride, sums);
    }
}

void dotFloat(const std::uint8_t* row, const RowShape& shape, std::uint8_t flip, int offset, const float* x,
              std::int64_t stride, int tokens, float* sums)
{
    if (shape.planes == 4)
        dotFloatPlanes<4>(row, shape, flip, offset, x, stride, tokens, sums);
    else if (shape.planes == 2)
        dotFloatPlanes<2>(row, shape, flip, offset, x, stride, tokens, sums);
    else
        dotFloatPlanes<1>(row, shape, flip, offset, x, stride, tokens, sums);
}

} // namespace

const PackedSteps kAvx512Steps{unpack, dot, dotFloat, "avx512vnni"};

} // namespace gpu::cpu

#pragma GCC pop_options

#endif
