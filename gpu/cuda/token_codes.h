// SPDX-License-Identifier: Apache-2.0
// From a token's values to codes, for every kernel that quantizes tokens (the formula is TokenQuantizer's). Empty for other
// compilers than nvcc.
#pragma once

#if defined(__CUDACC__)

#include "gpu/cuda/launch.h"
#include "gpu/token_kernels.h"

#include <cfloat>

namespace gpu::cuda {

/** The larger; NaN if either is. */
__device__ inline float maxOrNaN(float a, float b)
{
    float result;
    asm("max.NaN.f32 %0, %1, %2;" : "=f"(result) : "f"(a), "f"(b));
    return result;
}

/** How far a token reaches to both sides: max(0, z) and max(0, -z) over its values. */
struct TokenReach
{
    float up = 0.0f;
    float down = 0.0f;

    __device__ void add(float z)
    {
        up = maxOrNaN(up, z);
        down = maxOrNaN(down, -z);
    }
    __device__ void add(const TokenReach& other)
    {
        up = maxOrNaN(up, other.up);
        down = maxOrNaN(down, other.down);
    }
    /** Over the lanes of the warp. */
    __device__ void spread()
    {
        up = overLanes<32>(up, maxOrNaN);
        down = overLanes<32>(down, maxOrNaN);
    }
};

/** Rounds the values of one token. Codes appear as unsigned numbers u = code + half in the low bits of the float
    2^23 * 1.5 + half + z / scale, whose last place is 1; several are added up as one integer, and the exclusive or turns
    u into two's complement. */
class TokenGrid
{
public:
    __device__ TokenGrid(const TokenReach& reach, int bits, float shrinkMax, float shrinkMin)
    {
        const float qmax = static_cast<float>((1 << (bits - 1)) - 1);
        const float largest = maxOrNaN(reach.up * shrinkMax, reach.down * shrinkMin);
        scale = largest / qmax;
        m_keep = 0xffffffffu;
        if (!(largest <= FLT_MAX)) {
            scale = __int_as_float(0x7fc00000);
            m_keep = 0;
        } else if (scale < FLT_MIN) {
            scale = 1.0f;
        }
        m_inverse = 1.0f / scale;
        m_middle = kMagic + (bits <= 4 ? 8.0f : 128.0f);
        m_low = m_middle - qmax - 1.0f;
        m_high = m_middle + qmax;
    }

    /** Codes of z[0] to z[7] in nibbles from the lowest on. */
    __device__ unsigned nibbles(const float (&z)[8]) const
    {
        unsigned sum = position(z[0]);
#pragma unroll
        for (int i = 1; i < 8; ++i)
            sum += position(z[i]) << (4 * i);
        return ((sum - kMagicBits * 0x11111111u) ^ 0x88888888u) & m_keep;
    }

    /** Codes of z[0] to z[3] in bytes from the lowest on. */
    __device__ unsigned bytes(const float (&z)[4]) const
    {
        unsigned sum = position(z[0]);
#pragma unroll
        for (int i = 1; i < 4; ++i)
            sum += position(z[i]) << (8 * i);
        return ((sum - kMagicBits * 0x01010101u) ^ 0x80808080u) & m_keep;
    }

    /** A single code. */
    __device__ signed char code(float z, int bits) const
    {
        const auto half = bits <= 4 ? 8 : 128;
        return m_keep == 0 ? 0 : static_cast<signed char>(static_cast<int>(position(z) - kMagicBits) - half);
    }

    float scale;

private:
    static constexpr float kMagic = 12582912.0f;
    static constexpr unsigned kMagicBits = 0x4b400000u;

    __device__ unsigned position(float z) const
    {
        return __float_as_uint(fminf(fmaxf(fmaf(z, m_inverse, m_middle), m_low), m_high));
    }

    float m_inverse;
    float m_middle;
    float m_low;
    float m_high;
    unsigned m_keep;
};

/** Codes of values[0] to values[7], channels `first` on of the token whose values start at `base` = token * n. `words`: n and so every
    group is a whole multiple of 8. */
__device__ inline void writeGroup(const TokenGrid& grid, const float (&values)[8], const TokenCodes& out,
                                  std::int64_t base, std::int64_t first, std::int64_t n, bool words)
{
    const bool nibbles = out.bits <= 4;
    unsigned word[2];
    if (nibbles) {
        word[0] = grid.nibbles(values);
    } else {
        const float low[4] = {values[0], values[1], values[2], values[3]};
        const float high[4] = {values[4], values[5], values[6], values[7]};
        word[0] = grid.bytes(low);
        word[1] = grid.bytes(high);
    }
    auto* const codes = static_cast<unsigned char*>(out.codes);
    if (words && nibbles)
        *reinterpret_cast<unsigned*>(codes + (base + first) / 2) = word[0];
    else if (words)
        *reinterpret_cast<uint2*>(codes + base + first) = {word[0], word[1]};
    else
        for (int i = 0; i < 8 && first + i < n; ++i)
            if (!nibbles)
                codes[base + first + i] = static_cast<unsigned char>(word[i / 4] >> (8 * (i % 4)));
            else if (i % 2 == 0)
                codes[(base + first + i) / 2] = static_cast<unsigned char>(word[0] >> (4 * i));
}

} // namespace gpu::cuda

#endif
