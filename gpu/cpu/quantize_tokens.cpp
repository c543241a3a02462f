// SPDX-License-Identifier: Apache-2.0
// Loops are written over fixed lanes with plain comparisons, so that the compiler vectorises them for each instruction set
// without being allowed to ignore NaN.
#include "gpu/cpu/row_extent.h"
#include "gpu/token_kernels.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#if defined(__GNUC__) && !defined(__clang__)
// Nobody reads the floating-point exception flags; with this GCC turns comparisons into selections. No result changes.
#pragma GCC optimize("no-trapping-math")
#endif

namespace gpu::cpu {

namespace {

constexpr std::int64_t kGrain = 16384; // values a thread should have at least

/** Rounds half to even: the addition pushes the fraction out of the mantissa. The order of the steps keeps what is far
    outside the codes from losing its sign. */
PLANISH_CLONES void roundRow(const float* __restrict z, signed char* __restrict codes, std::int64_t n, float inverse,
                             float low, float high)
{
    constexpr float kMagic = 12582912.0f; // 1.5 * 2^23
    for (std::int64_t i = 0; i < n; ++i) {
        const float ratio = z[i] * inverse;
        const float above = ratio < low ? low : ratio;
        const float inside = above > high ? high : above;
        codes[i] = static_cast<signed char>(static_cast<int>((inside + kMagic) - kMagic));
    }
}

PLANISH_CLONES void packNibbles(const signed char* __restrict codes, unsigned char* __restrict bytes,
                                std::int64_t count)
{
    for (std::int64_t i = 0; i < count; ++i)
        bytes[i] = static_cast<unsigned char>((codes[2 * i] & 15) | ((codes[2 * i + 1] & 15) << 4));
}

PLANISH_CLONES double sumOfSquares(const float* x, std::int64_t n)
{
    double sums[16] = {};
    std::int64_t i = 0;
    for (; i + 16 <= n; i += 16)
        for (int lane = 0; lane < 16; ++lane)
            sums[lane] += static_cast<double>(x[i + lane]) * x[i + lane];
    for (; i < n; ++i)
        sums[0] += static_cast<double>(x[i]) * x[i];
    double total = 0.0;
    for (const double sum : sums)
        total += sum;
    return total;
}

PLANISH_CLONES void multiplyRow(const float* x, const float* gamma, float* out, std::int64_t n, float factor)
{
    for (std::int64_t i = 0; i < n; ++i)
        out[i] = x[i] * factor * gamma[i];
}

} // namespace

void quantizeTokens(const Matrix& x, const TokenCodes& out)
{
    const auto n = x.channels;
    const bool nibbles = out.bits <= 4;
    const auto qmax = static_cast<float>((1 << (out.bits - 1)) - 1);
    at::parallel_for(0, x.rows, std::max<std::int64_t>(1, kGrain / n), [&](std::int64_t begin, std::int64_t end) {
        std::vector<signed char> codes(nibbles ? n : 0);
        for (auto row = begin; row < end; ++row) {
            const auto* const z = static_cast<const float*>(x.data) + row * n;
            auto* const to = static_cast<unsigned char*>(out.codes) + row * (nibbles ? n / 2 : n);
            const auto extent = extentOf(z, n);
            if (!extent.finite) {
                out.scales[row] = std::numeric_limits<float>::quiet_NaN();
                std::fill_n(to, nibbles ? n / 2 : n, 0);
                continue;
            }
            float scale = std::max(extent.max * out.shrinkMax, -extent.min * out.shrinkMin) / qmax;
            if (scale < std::numeric_limits<float>::min())
                scale = 1.0f;
            out.scales[row] = scale;
            auto* const single = nibbles ? codes.data() : reinterpret_cast<signed char*>(to);
            roundRow(z, single, n, 1.0f / scale, -qmax - 1.0f, qmax);
            if (nibbles)
                packNibbles(single, to, n / 2);
        }
    });
}

void normalizeTokens(const Matrix& x, const float* gamma, float eps, float* out)
{
    const auto n = x.channels;
    at::parallel_for(0, x.rows, std::max<std::int64_t>(1, kGrain / n), [&](std::int64_t begin, std::int64_t end) {
        for (auto row = begin; row < end; ++row) {
            const auto* const from = static_cast<const float*>(x.data) + row * n;
            const auto squares = static_cast<float>(sumOfSquares(from, n));
            const float factor = std::isfinite(squares) ? 1.0f / std::sqrt(squares / static_cast<float>(n) + eps)
                                                        : std::numeric_limits<float>::quiet_NaN();
            multiplyRow(from, gamma, out + row * n, n, factor);
        }
    });
}

} // namespace gpu::cpu
