// SPDX-License-Identifier: Apache-2.0
// Loops are written over fixed lanes with plain comparisons, so that the compiler vectorises them without being allowed to
// reorder sums or to ignore NaN.
#include "gpu/fake_quant.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <vector>

#if defined(__GNUC__) && !defined(__clang__)
// Nobody reads the floating-point exception flags; with this GCC turns comparisons into selections and vectorises them on
// every instruction set, not only on AVX-512. No result changes.
#pragma GCC optimize("no-trapping-math")
#endif

#define PLANISH_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))

namespace gpu {

namespace {

constexpr std::int64_t kLanes = 16;
constexpr std::int64_t kGrain = 16384; // elements a thread should have at least

/** Rounds half to even for |v| < 2^22: the additions push the fraction out of the mantissa. */
inline float roundHalfEven(float v)
{
    constexpr float kMagic = 12582912.0f; // 1.5 * 2^23
    return (v + kMagic) - kMagic;
}

/** Beyond any code, inside what roundHalfEven takes; NaN passes through. */
inline float bounded(float v, float low, float high)
{
    const float lower = v < low ? low : v;
    return lower > high ? high : lower;
}

constexpr float kFar = 1e6f;

struct Extremes
{
    float min = 0.0f;
    float max = 0.0f;
};

/** Smallest and largest of a row and 0; NaN is passed over. */
PLANISH_CLONES Extremes extremes(const float* x, std::int64_t n)
{
    constexpr int kWidth = 32; // of one sweep: too long to be unrolled into single comparisons
    float low[kWidth] = {};
    float high[kWidth] = {};
    for (std::int64_t i = 0; i < n; i += kWidth) {
        const int count = n - i < kWidth ? static_cast<int>(n - i) : kWidth;
        for (int lane = 0; lane < count; ++lane) {
            low[lane] = x[i + lane] < low[lane] ? x[i + lane] : low[lane];
            high[lane] = x[i + lane] > high[lane] ? x[i + lane] : high[lane];
        }
    }
    for (int width = kWidth / 2; width > 0; width /= 2)
        for (int lane = 0; lane < width; ++lane) {
            low[lane] = low[lane + width] < low[lane] ? low[lane + width] : low[lane];
            high[lane] = high[lane + width] > high[lane] ? high[lane + width] : high[lane];
        }
    return {low[0], high[0]};
}

PLANISH_CLONES void roundRow(const float* __restrict x, float* __restrict out, std::int64_t n, float scale, float zero,
                             float low, float high)
{
    for (std::int64_t i = 0; i < n; ++i) {
        const float code = bounded(roundHalfEven(bounded(x[i] / scale, -kFar, kFar)) + zero, low, high);
        out[i] = (code - zero) * scale;
    }
}

/** Gradient to x, and the row's sum of gradient * d out / d scale as the result. */
PLANISH_CLONES double roundRowBackward(const float* __restrict x, const float* __restrict gradient,
                                       float* __restrict gradientX, std::int64_t n, float scale, float zero, float low,
                                       float high)
{
    float sums[kLanes] = {};
    const auto one = [&](std::int64_t i) {
        const float ratio = x[i] / scale;
        const float code = roundHalfEven(bounded(ratio, -kFar, kFar)) + zero;
        const float limited = bounded(code, low, high);
        const bool inside = code == limited;
        gradientX[i] = inside ? gradient[i] : 0.0f;
        return gradient[i] * (limited - zero - (inside ? ratio : 0.0f));
    };
    std::int64_t i = 0;
    for (; i + kLanes <= n; i += kLanes)
        for (std::int64_t lane = 0; lane < kLanes; ++lane)
            sums[lane] += one(i + lane);
    for (; i < n; ++i)
        sums[0] += one(i);
    double total = 0.0;
    for (const float sum : sums)
        total += sum;
    return total;
}

struct SymmetricRow
{
    float scale = 1.0f;
    bool fixed = false; // scale does not depend on the row
    float fromMax =
        0.0f; // how much of the scale's gradient the largest element gets: 1, 0, or 1/2 where both ends reach as far
};

SymmetricRow symmetricRow(const Extremes& range, float shrinkMax, float shrinkMin, EmptyRow emptyRow, float qmax)
{
    constexpr float kFloor = 1e-5f;
    const float high = shrinkMax * range.max;
    const float low = -shrinkMin * range.min;
    const float reach = std::max(high, low);
    SymmetricRow row{.fromMax = high > low ? 1.0f : high < low ? 0.0f : 0.5f};
    if (emptyRow == EmptyRow::ScaleFloor) {
        row.fixed = reach < kFloor;
        row.scale = std::max(reach, kFloor) / qmax;
    } else {
        row.scale = reach / qmax;
        row.fixed = row.scale == 0.0f; // also where a subnormal row leaves no scale
        if (row.fixed)
            row.scale = 1.0f;
    }
    return row;
}

/** Adds `amount` to the gradient of the elements that equal the row's extreme, in equal shares; none does where the extreme
    is the 0 that every range holds. */
PLANISH_CLONES void addAt(const float* __restrict x, float* __restrict gradientX, std::int64_t n, float extreme,
                          double amount)
{
    std::int32_t count = 0;
    for (std::int64_t i = 0; i < n; ++i)
        count += x[i] == extreme ? 1 : 0;
    if (count == 0 || amount == 0.0)
        return;
    const float share = static_cast<float>(amount / count);
    for (std::int64_t i = 0; i < n; ++i)
        gradientX[i] += x[i] == extreme ? share : 0.0f;
}

/** Rows that make up a thread's least work. */
std::int64_t grainRows(std::int64_t n)
{
    return std::max<std::int64_t>(1, kGrain / std::max<std::int64_t>(n, 1));
}

template <typename RowFunction>
ShrinkGradient sumOverRows(std::int64_t rows, std::int64_t n, const RowFunction& rowFunction)
{
    // A fixed partition, so that the sum does not depend on which thread takes which part.
    const auto grain = grainRows(n);
    const auto parts = (rows + grain - 1) / grain;
    std::vector<ShrinkGradient> partial(parts);
    at::parallel_for(0, parts, 1, [&](std::int64_t begin, std::int64_t end) {
        for (auto part = begin; part < end; ++part)
            for (auto row = part * grain; row < std::min(rows, (part + 1) * grain); ++row)
                rowFunction(row, partial[part]);
    });
    ShrinkGradient total;
    for (const auto& part : partial) {
        total.max += part.max;
        total.min += part.min;
    }
    return total;
}

} // namespace

void quantizeSymmetric(const at::Tensor& x, int bits, float shrinkMax, float shrinkMin, EmptyRow emptyRow,
                       at::Tensor& out, at::Tensor& scales)
{
    const auto n = x.size(1);
    const float qmax = float((1 << (bits - 1)) - 1);
    const auto* source = x.const_data_ptr<float>();
    auto* target = out.mutable_data_ptr<float>();
    auto* scale = scales.mutable_data_ptr<float>();
    at::parallel_for(0, x.size(0), grainRows(n), [&](std::int64_t begin, std::int64_t end) {
        for (auto row = begin; row < end; ++row) {
            const auto* values = source + row * n;
            scale[row] = symmetricRow(extremes(values, n), shrinkMax, shrinkMin, emptyRow, qmax).scale;
            roundRow(values, target + row * n, n, scale[row], 0.0f, -qmax - 1.0f, qmax);
        }
    });
}

ShrinkGradient quantizeSymmetricBackward(const at::Tensor& x, const at::Tensor& scales, const at::Tensor& gradient,
                                         int bits, float shrinkMax, float shrinkMin, EmptyRow emptyRow,
                                         at::Tensor& gradientX)
{
    const auto n = x.size(1);
    const float qmax = float((1 << (bits - 1)) - 1);
    const auto* source = x.const_data_ptr<float>();
    const auto* incoming = gradient.const_data_ptr<float>();
    const auto* scale = scales.const_data_ptr<float>();
    auto* target = gradientX.mutable_data_ptr<float>();
    return sumOverRows(x.size(0), n, [&](std::int64_t index, ShrinkGradient& sum) {
        const auto* values = source + index * n;
        auto* result = target + index * n;
        const auto range = extremes(values, n);
        const auto row = symmetricRow(range, shrinkMax, shrinkMin, emptyRow, qmax);
        const double toScale =
            roundRowBackward(values, incoming + index * n, result, n, scale[index], 0.0f, -qmax - 1.0f, qmax) / qmax;
        if (row.fixed)
            return;
        const double toMax = toScale * row.fromMax;
        const double toMin = toScale - toMax;
        addAt(values, result, n, range.max, toMax * shrinkMax);
        addAt(values, result, n, range.min, -toMin * shrinkMin);
        sum.max += toMax * range.max;
        sum.min -= toMin * range.min;
    });
}

namespace {

struct AsymmetricRow
{
    float scale = 1.0f;
    float zero = 0.0f;
    bool fixed = false;
};

AsymmetricRow asymmetricRow(const Extremes& range, float shrinkMax, float shrinkMin, float levels)
{
    const float high = shrinkMax * range.max;
    float low = shrinkMin * range.min;
    AsymmetricRow row{.scale = (high - low) / levels};
    row.fixed = row.scale == 0.0f; // also where a subnormal row leaves no scale
    if (row.fixed) {
        low = -1.0f;
        row.scale = 2.0f / levels;
    }
    row.zero = std::nearbyint(-low / row.scale);
    return row;
}

} // namespace

void quantizeAsymmetric(const at::Tensor& x, int bits, float shrinkMax, float shrinkMin, at::Tensor& out,
                        at::Tensor& scales, at::Tensor& zeros)
{
    const auto n = x.size(1);
    const float levels = float((1 << bits) - 1);
    const auto* source = x.const_data_ptr<float>();
    auto* target = out.mutable_data_ptr<float>();
    auto* scale = scales.mutable_data_ptr<float>();
    auto* zero = zeros.mutable_data_ptr<float>();
    at::parallel_for(0, x.size(0), grainRows(n), [&](std::int64_t begin, std::int64_t end) {
        for (auto index = begin; index < end; ++index) {
            const auto* values = source + index * n;
            const auto row = asymmetricRow(extremes(values, n), shrinkMax, shrinkMin, levels);
            scale[index] = row.scale;
            zero[index] = row.zero;
            roundRow(values, target + index * n, n, row.scale, row.zero, 0.0f, levels);
        }
    });
}

ShrinkGradient quantizeAsymmetricBackward(const at::Tensor& x, const at::Tensor& scales, const at::Tensor& zeros,
                                          const at::Tensor& gradient, int bits, float shrinkMax, float shrinkMin,
                                          at::Tensor& gradientX)
{
    const auto n = x.size(1);
    const float levels = float((1 << bits) - 1);
    const auto* source = x.const_data_ptr<float>();
    const auto* incoming = gradient.const_data_ptr<float>();
    const auto* scale = scales.const_data_ptr<float>();
    const auto* zero = zeros.const_data_ptr<float>();
    auto* target = gradientX.mutable_data_ptr<float>();
    return sumOverRows(x.size(0), n, [&](std::int64_t index, ShrinkGradient& sum) {
        const auto* values = source + index * n;
        auto* result = target + index * n;
        const auto range = extremes(values, n);
        const double toScale =
            roundRowBackward(values, incoming + index * n, result, n, scale[index], zero[index], 0.0f, levels) / levels;
        if (asymmetricRow(range, shrinkMax, shrinkMin, levels).fixed)
            return;
        addAt(values, result, n, range.max, toScale * shrinkMax);
        addAt(values, result, n, range.min, -toScale * shrinkMin);
        sum.max += toScale * range.max;
        sum.min -= toScale * range.min;
    });
}

} // namespace gpu
