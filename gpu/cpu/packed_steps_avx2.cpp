// SPDX-License-Identifier: Apache-2.0
// The loops of gpu/cpu/packed_steps.h for AVX2. Compiled for it whatever the rest of the program is compiled for: called
// only where the machine has it.
#include "gpu/cpu/packed_steps.h"

#if defined(__x86_64__)

#include <immintrin.h>

#pragma GCC push_options
#pragma GCC target("avx2,fma")

namespace gpu::cpu {

namespace {

constexpr int kBytes = 32;

/** The bytes from `at` on, zeros after the first `left`. */
inline __m256i loadBytes(const std::uint8_t* at, std::int64_t left)
{
    if (left >= kBytes)
        return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    alignas(kBytes) std::uint8_t copy[kBytes] = {};
    for (std::int64_t i = 0; i < left; ++i)
        copy[i] = at[i];
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(copy));
}

template <int kPlanes>
void unpackGroup(const std::uint8_t* source, const RowShape& shape, __m256i flip, std::uint8_t* codes)
{
    const auto mask = _mm256_set1_epi8(static_cast<char>((1 << (8 / kPlanes)) - 1));
    for (std::int64_t i = 0; i < shape.groupBytes; i += kBytes) {
        const auto bytes = _mm256_xor_si256(loadBytes(source + i, shape.groupBytes - i), flip);
        for (int plane = 0; plane < kPlanes; ++plane)
            _mm256_storeu_si256(reinterpret_cast<__m256i*>(codes + plane * shape.paddedBytes + i),
                                _mm256_and_si256(_mm256_srli_epi16(bytes, 8 / kPlanes * plane), mask));
    }
}

void unpack(const std::uint8_t* row, const RowShape& shape, std::uint8_t flip, std::uint8_t* codes)
{
    const auto flips = _mm256_set1_epi8(static_cast<char>(flip));
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

inline std::int32_t sumOf(__m256i lanes)
{
    auto half = _mm_add_epi32(_mm256_castsi256_si128(lanes), _mm256_extracti128_si256(lanes, 1));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4e));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xb1));
    return _mm_cvtsi128_si32(half);
}

/** Sums of neighbouring products. maddubs adds two in 16 bits, which saturates for bytes above 127: wide codes go through in halves
    of 4 bits. */
template <bool kNarrow>
inline __m256i products(__m256i w, __m256i x)
{
    const auto one = _mm256_set1_epi16(1);
    if constexpr (kNarrow)
        return _mm256_madd_epi16(_mm256_maddubs_epi16(w, x), one);
    const auto low = _mm256_set1_epi8(0x0f);
    const auto lower = _mm256_maddubs_epi16(_mm256_and_si256(w, low), x);
    const auto upper = _mm256_maddubs_epi16(_mm256_and_si256(_mm256_srli_epi16(w, 4), low), x);
    return _mm256_add_epi32(_mm256_madd_epi16(lower, one), _mm256_madd_epi16(upper, _mm256_set1_epi16(16)));
}

template <int kTokens, bool kNarrow>
void dotTile(const std::uint8_t* w, std::int64_t strideW, const std::int8_t* x, std::int64_t strideX, std::int64_t n,
             std::int32_t (*sums)[kTileRows])
{
    __m256i total[kTokens][kTileRows];
    for (auto& token : total)
        for (auto& row : token)
            row = _mm256_setzero_si256();
    for (std::int64_t i = 0; i < n; i += kBytes) {
        __m256i values[kTokens];
        for (int token = 0; token < kTokens; ++token)
            values[token] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(x + token * strideX + i));
        for (int row = 0; row < kTileRows; ++row) {
            const auto codes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(w + row * strideW + i));
            for (int token = 0; token < kTokens; ++token)
                total[token][row] = _mm256_add_epi32(total[token][row], products<kNarrow>(codes, values[token]));
        }
    }
    for (int token = 0; token < kTokens; ++token)
        for (int row = 0; row < kTileRows; ++row)
            sums[token][row] = sumOf(total[token][row]);
}

void dot(const std::uint8_t* w, std::int64_t strideW, const std::int8_t* x, std::int64_t strideX, std::int64_t n,
         int tokens, bool narrow, std::int32_t (*sums)[kTileRows])
{
    int token = 0;
    for (; token + 2 <= tokens; token += 2)
        (narrow ? dotTile<2, true> : dotTile<2, false>)(w, strideW, x + token * strideX, strideX, n, sums + token);
    if (token < tokens)
        (narrow ? dotTile<1, true> : dotTile<1, false>)(w, strideW, x + token * strideX, strideX, n, sums + token);
}

template <int kPlanes, int kTokens>
void dotFloatTile(const std::uint8_t* row, const RowShape& shape, __m256i flip, __m256i offset, const float* x,
                  std::int64_t stride, float* sums)
{
    constexpr int kLanes = 8;
    const auto mask = _mm256_set1_epi32((1 << (8 / kPlanes)) - 1);
    __m256 total[kTokens][2];
    for (auto& token : total)
        token[0] = token[1] = _mm256_setzero_ps();
    for (std::int64_t begin = 0; begin < shape.groupBytes; begin += 2 * kLanes)
        for (int half = 0; half < 2; ++half) {
            const auto i = begin + half * kLanes;
            const auto left = shape.groupBytes - i;
            if (left <= 0)
                break;
            std::uint64_t eight = 0;
            if (left >= kLanes)
                __builtin_memcpy(&eight, row + i, sizeof eight);
            else
                __builtin_memcpy(&eight, row + i, static_cast<std::size_t>(left));
            const auto bytes =
                _mm256_xor_si256(_mm256_cvtepu8_epi32(_mm_cvtsi64_si128(static_cast<long long>(eight))), flip);
            for (int plane = 0; plane < kPlanes; ++plane) {
                const auto codes = _mm256_and_si256(_mm256_srli_epi32(bytes, 8 / kPlanes * plane), mask);
                const auto values = _mm256_cvtepi32_ps(_mm256_sub_epi32(codes, offset));
                for (int token = 0; token < kTokens; ++token)
                    total[token][half] =
                        _mm256_fmadd_ps(values, _mm256_loadu_ps(x + token * stride + plane * shape.paddedBytes + i),
                                        total[token][half]);
            }
        }
    for (int token = 0; token < kTokens; ++token) {
        float lanes[kLanes];
        _mm256_storeu_ps(lanes, _mm256_add_ps(total[token][0], total[token][1]));
        sums[token] = 0.0f;
        for (const float lane : lanes)
            sums[token] += lane;
    }
}

template <int kPlanes>
void dotFloatPlanes(const std::uint8_t* row, const RowShape& shape, __m256i flip, __m256i offset, const float* x,
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
    const auto flips = _mm256_set1_epi32(flip);
    const auto offsets = _mm256_set1_epi32(offset);
    if (shape.planes == 4)
        dotFloatPlanes<4>(row, shape, flips, offsets, x, stride, tokens, sums);
    else if (shape.planes == 2)
        dotFloatPlanes<2>(row, shape, flips, offsets, x, stride, tokens, sums);
    else
        dotFloatPlanes<1>(row, shape, flips, offsets, x, stride, tokens, sums);
}

} // namespace

const PackedSteps kAvx2Steps{unpack, dot, dotFloat, "avx2"};

} // namespace gpu::cpu

#pragma GCC pop_options

#endif
