// SPDX-License-Identifier: Apache-2.0
#include "gpu/cpu/kv_attention.h"
#include "gpu/cpu/packed_linear.h"
#include "gpu/cpu/row_extent.h"
#include "gpu/row_grid.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#if defined(__GNUC__) && !defined(__clang__)
// As in fake_quant.cpp: comparisons become selections, which are vectorised; no result changes.
#pragma GCC optimize("no-trapping-math")
#endif

namespace gpu::cpu {

namespace {

constexpr std::int64_t kGrain = 16384; // elements a thread should have at least

/** codes[i] = clamp(round(x[i] / scale) + zero, low, high) - base; NaN becomes any code. */
template <typename Code>
inline void roundToCodes(const float* __restrict x, Code* __restrict codes, std::int64_t n, float scale, float zero,
                         float low, float high, float base)
{
    constexpr float kMagic = 12582912.0f; // 1.5 * 2^23: the sum has no fraction left, rounded half to even
    constexpr float kFar = 1e6f;
    for (std::int64_t i = 0; i < n; ++i) {
        float ratio = x[i] / scale;
        ratio = ratio < -kFar ? -kFar : ratio;
        ratio = ratio > kFar ? kFar : ratio;
        float code = (ratio + kMagic) - kMagic + zero;
        code = code > low ? code : low;
        code = code < high ? code : high;
        codes[i] = static_cast<Code>(static_cast<std::int32_t>(code - base));
    }
}

PLANISH_CLONES void roundSigned(const float* x, std::int8_t* codes, std::int64_t n, float scale, float zero, float low,
                                float high)
{
    roundToCodes(x, codes, n, scale, zero, low, high, zero);
}

PLANISH_CLONES void roundUnsigned(const float* x, std::uint8_t* codes, std::int64_t n, float scale, float zero,
                                  float high)
{
    roundToCodes(x, codes, n, scale, zero, 0.0f, high, 0.0f);
}

RowGrid gridOf(const Extent& extent, RowRange range, Grid grid, int bits)
{
    RowGrid row;
    chooseGrid(row, {extent.min, extent.max}, range.shrinkMax, range.shrinkMin, {grid, bits});
    return row;
}

float orNan(bool finite, float scale)
{
    return finite ? scale : std::numeric_limits<float>::quiet_NaN();
}

std::int64_t grainRows(std::int64_t n)
{
    return std::max<std::int64_t>(1, kGrain / std::max<std::int64_t>(1, n));
}

/** Unsigned codes of a row into its bytes, the first in the low bits. */
void packBytes(const std::uint8_t* codes, std::int64_t n, int perByte, std::uint8_t* bytes)
{
    const int slot = 8 / perByte;
    for (std::int64_t i = 0; i < n; i += perByte) {
        int byte = 0;
        for (int j = 0; j < perByte && i + j < n; ++j)
            byte |= codes[i + j] << (slot * j);
        bytes[i / perByte] = static_cast<std::uint8_t>(byte);
    }
}

} // namespace

RowCodes quantizeToCodes(const at::Tensor& x, int bits, RowRange range, bool asymmetric)
{
    const auto n = x.size(1);
    RowCodes result{at::empty(x.sizes(), x.options().dtype(at::kChar)), at::empty({x.size(0)}, x.options())};
    const auto* source = x.const_data_ptr<float>();
    auto* codes = result.codes.mutable_data_ptr<std::int8_t>();
    auto* scales = result.scales.mutable_data_ptr<float>();
    const auto kind = asymmetric ? Grid::Asymmetric : Grid::Symmetric;
    at::parallel_for(0, x.size(0), grainRows(n), [&](std::int64_t begin, std::int64_t end) {
        for (auto row = begin; row < end; ++row) {
            const auto* values = source + row * n;
            const auto extent = extentOf(values, n);
            const auto grid = gridOf(extent, range, kind, bits);
            roundSigned(values, codes + row * n, n, grid.scale, grid.zero, grid.low, grid.high);
            scales[row] = orNan(extent.finite, grid.scale);
        }
    });
    return result;
}

PackedRows packRows(const at::Tensor& x, int bits, RowRange range, int group)
{
    const auto width = x.size(3);
    const auto groups = width / group;
    const auto rowBytes = packedRowBytes(width, bits);
    const auto bytes = x.options().dtype(at::kByte);
    PackedRows rows{.bits = bits,
                    .width = width,
                    .data = at::empty({x.size(0), x.size(1), x.size(2), rowBytes}, bytes),
                    .scales = at::empty({x.size(0), x.size(1), x.size(2), groups}, x.options()),
                    .zeros = at::empty({x.size(0), x.size(1), x.size(2), groups}, bytes)};
    const auto* source = x.const_data_ptr<float>();
    auto* data = rows.data.mutable_data_ptr<std::uint8_t>();
    auto* scales = rows.scales.mutable_data_ptr<float>();
    auto* zeros = rows.zeros.mutable_data_ptr<std::uint8_t>();
    at::parallel_for(0, rows.scales.numel() / groups, grainRows(width), [&](std::int64_t begin, std::int64_t end) {
        std::vector<std::uint8_t> codes(static_cast<std::size_t>(width));
        for (auto row = begin; row < end; ++row) {
            for (std::int64_t i = 0; i < groups; ++i) {
                const auto* values = source + row * width + i * group;
                const auto extent = extentOf(values, group);
                const auto grid = gridOf(extent, range, Grid::Asymmetric, bits);
                roundUnsigned(values, codes.data() + i * group, group, grid.scale, grid.zero, grid.high);
                scales[row * groups + i] = orNan(extent.finite, grid.scale);
                zeros[row * groups + i] = extent.finite ? static_cast<std::uint8_t>(grid.zero) : std::uint8_t(0);
            }
            packBytes(codes.data(), width, codesPerByte(bits), data + row * rowBytes);
        }
    });
    return rows;
}

} // namespace gpu::cpu
