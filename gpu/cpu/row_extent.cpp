// SPDX-License-Identifier: Apache-2.0
// Loops are written over fixed lanes with plain comparisons, so that the compiler vectorises them for each instruction set
// without being allowed to ignore NaN.
#include "gpu/cpu/row_extent.h"

#if defined(__GNUC__) && !defined(__clang__)
// As in fake_quant.cpp: comparisons become selections, which are vectorised; no result changes.
#pragma GCC optimize("no-trapping-math")
#endif

namespace gpu::cpu {

PLANISH_CLONES Extent extentOf(const float* x, std::int64_t n)
{
    constexpr int kWidth = 32;
    float low[kWidth] = {};
    float high[kWidth] = {};
    float rest[kWidth] = {}; // NaN where a value is not finite
    for (std::int64_t i = 0; i < n; i += kWidth) {
        const int count = n - i < kWidth ? static_cast<int>(n - i) : kWidth;
        for (int lane = 0; lane < count; ++lane) {
            const float value = x[i + lane];
            low[lane] = value < low[lane] ? value : low[lane];
            high[lane] = value > high[lane] ? value : high[lane];
            rest[lane] += value * 0.0f;
        }
    }
    Extent extent;
    for (int lane = 0; lane < kWidth; ++lane) {
        extent.min = low[lane] < extent.min ? low[lane] : extent.min;
        extent.max = high[lane] > extent.max ? high[lane] : extent.max;
        extent.finite = extent.finite && rest[lane] == 0.0f;
    }
    return extent;
}

} // namespace gpu::cpu
