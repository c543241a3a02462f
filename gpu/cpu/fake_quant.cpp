// SPDX-License-Identifier: Apache-2.0
// Loops are written over fixed lanes with plain comparisons, so that the compiler vectorises them without being allowed to
// reorder sums or to ignore NaN.
#include "gpu/fake_quant.h"

#include "gpu/cpu/row_extent.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <numeric>

#if defined(__GNUC__) && !defined(__clang__)
// Nobody reads the floating-point exception flags; with this GCC turns comparisons into selections and vectorises them on
// every instruction set, not only on AVX-512. No result changes.
#pragma GCC optimize("no-trapping-math")
#endif

namespace gpu::cpu {

namespace {

constexpr std::int64_t kLanes = 16;
constexpr std::int64_t kGrain = 16384; // elements a thread should have at least

/** Rounds half to even for |v| < 2^22: the additions push the fraction out of the mantissa. */
inline float roundHalfEven(float v)
{
    constexpr float kMagic = 12582912.0f; // 1.5 * 2^23
    return (v + kMagic) - kMagic;
}

constexpr float kFar = 1e6f; // beyond any code, inside what roundHalfEven takes

PLANISH_CLONES Extremes extremes(const float* x, std::int64_t n)
{
    constexpr int kWidth = 32; // of one sweep: too long to be unrolled into single comparisons
    float low[kWidth];
    float high[kWidth];
    std::fill(low, low + kWidth, Extremes().min);
    std::fill(high, high + kWidth, Extremes().max);
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

PLANISH_CLONES void roundRow(const float* __restrict x, float* __restrict out, std::int64_t n, const RowGrid& row)
{
    const auto [scale, zero, low, high, clampLow, clampHigh, min, max, maxWeight, minWeight] = row;
    for (std::int64_t i = 0; i < n; ++i) {
        const float value = bounded(x[i], clampLow, clampHigh);
        const float code = bounded(roundHalfEven(bounded(value / scale, -kFar, kFar)) + zero, low, high);
        out[i] = (code - zero) * scale;
    }
}

/** What a row's way back sums up; the elements beyond a clamp apart. */
struct RowSums
{
    double toScale = 0.0; // gradient * d out / d scale
    double below = 0.0;   // gradient that reaches values below the clamp
    double above = 0.0;
    std::int64_t countBelow = 0;
    std::int64_t countAbove = 0;
};

double total(const float (&lanes)[kLanes])
{
    double sum = 0.0;
    for (const float lane : lanes)
        sum += lane;
    return sum;
}

/** Gradient to c without the extremes' part. */
PLANISH_CLONES double passBack(const float* __restrict x, const float* __restrict gradient, float* __restrict gradientX,
                               std::int64_t n, const RowGrid& row)
{
    const auto [scale, zero, low, high, clampLow, clampHigh, min, max, maxWeight, minWeight] = row;
    float sums[kLanes] = {};
    const auto one = [&](std::int64_t i) {
        const float ratio = bounded(x[i], clampLow, clampHigh) / scale;
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
    return total(sums);
}

/** Takes the gradients of the values beyond the clamp out of `gradientX` and into the sums. at::clamp's rule where the bounds cross: all
    values lie above. */
PLANISH_CLONES void takeClamped(const float* __restrict x, float* __restrict gradientX, std::int64_t n,
                                const RowGrid& row, RowSums& sums)
{
    const float clampLow = row.clampLow;
    const float clampHigh = row.clampHigh;
    const float belowCounts = clampLow < clampHigh ? 1.0f : 0.0f;
    const float allAbove = clampHigh < clampLow ? 1.0f : 0.0f;
    float below[kLanes] = {};
    float above[kLanes] = {};
    std::int32_t countBelow[kLanes] = {};
    std::int32_t countAbove[kLanes] = {};
    const auto one = [&](std::int64_t i, std::int64_t lane) {
        const bool isLow = x[i] < clampLow;
        const bool isHigh = x[i] > clampHigh;
        const float value = gradientX[i];
        const float lowPart = isLow ? belowCounts : 0.0f;
        const float highPart = isHigh ? 1.0f : allAbove;
        below[lane] += lowPart * value;
        above[lane] += highPart * value;
        countBelow[lane] += static_cast<std::int32_t>(lowPart);
        countAbove[lane] += static_cast<std::int32_t>(highPart);
        gradientX[i] = isLow || isHigh ? 0.0f : value;
    };
    std::int64_t i = 0;
    for (; i + kLanes <= n; i += kLanes)
        for (std::int64_t lane = 0; lane < kLanes; ++lane)
            one(i + lane, lane);
    for (; i < n; ++i)
        one(i, 0);
    sums.below = total(below);
    sums.above = total(above);
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
        sums.countBelow += countBelow[lane];
        sums.countAbove += countAbove[lane];
    }
}

PLANISH_CLONES std::int64_t countEqual(const float* x, std::int64_t n, float value)
{
    std::int32_t count = 0;
    for (std::int64_t i = 0; i < n; ++i)
        count += x[i] == value ? 1 : 0;
    return count;
}

PLANISH_CLONES void addWhereEqual(const float* __restrict x, float* __restrict gradientX, std::int64_t n, float value,
                                  float share)
{
    for (std::int64_t i = 0; i < n; ++i)
        gradientX[i] += x[i] == value ? share : 0.0f;
}

/** Gives `amount` in equal shares to the elements that equal the row's extreme, those beyond a clamp to that value included: the
    shares of the latter are the result. None does where the extreme is the 0 that every range holds. */
struct ClampShares
{
    double below = 0.0;
    double above = 0.0;
};

ClampShares shareExtreme(const float* x, float* gradientX, std::int64_t n, const RowGrid& row, const RowSums& sums,
                         float extreme, double amount)
{
    if (amount == 0.0)
        return {};
    const bool lowCounts = sums.countBelow > 0 && row.clampLow == extreme;
    const bool highCounts = sums.countAbove > 0 && row.clampHigh == extreme;
    // Where the bounds cross no value is its own.
    const auto own = row.clampLow <= row.clampHigh ? countEqual(x, n, extreme) : 0;
    const auto count = own + (lowCounts ? sums.countBelow : 0) + (highCounts ? sums.countAbove : 0);
    if (count == 0)
        return {};
    const double share = amount / double(count);
    if (own > 0)
        addWhereEqual(x, gradientX, n, extreme, float(share));
    return {lowCounts ? share * double(sums.countBelow) : 0.0, highCounts ? share * double(sums.countAbove) : 0.0};
}

void giveToExtreme(const float* x, float* gradientX, std::int64_t n, float extreme, double amount)
{
    if (const auto count = amount == 0.0 ? 0 : countEqual(x, n, extreme); count > 0)
        addWhereEqual(x, gradientX, n, extreme, float(amount / double(count)));
}

/** The factors of a clip: sigmoid by the operator, so that fused and composed ranges agree to the last bit. */
class Shrink
{
public:
    explicit Shrink(const at::Tensor& logit)
        : m_factors(logit.defined() ? logit.sigmoid().view(-1) : at::Tensor())
    {
    }
    const float* at(std::int64_t row) const
    {
        return m_factors.defined() ? m_factors.const_data_ptr<float>() + (m_factors.size(0) > 1 ? row : 0) : nullptr;
    }

private:
    at::Tensor m_factors;
};

class Rows
{
public:
    explicit Rows(const RowQuantizer& quantizer)
        : m_quantizer(quantizer)
        , m_steps(quantizer.grid, quantizer.bits)
        , m_max(quantizer.maxLogit)
        , m_min(quantizer.minLogit)
    {
    }

    bool clamps() const
    {
        return m_quantizer.clip == Clip::Values && (m_quantizer.maxLogit.defined() || m_quantizer.minLogit.defined());
    }
    double shrinkMax(std::int64_t row) const { return factor(m_max, row); }
    double shrinkMin(std::int64_t row) const { return factor(m_min, row); }

    RowGrid grid(std::int64_t index, Extremes range) const
    {
        RowGrid row;
        if (clamps())
            clampRow(row, range, m_max.at(index), m_min.at(index));
        chooseGrid(row, range, clamps() ? 1.0f : float(shrinkMax(index)), clamps() ? 1.0f : float(shrinkMin(index)),
                   m_steps);
        return row;
    }

private:
    static double factor(const Shrink& shrink, std::int64_t row)
    {
        const auto* value = shrink.at(row);
        return value ? *value : 1.0;
    }

    const RowQuantizer& m_quantizer;
    GridSteps m_steps;
    Shrink m_max;
    Shrink m_min;
};

/** d loss / d (the factor that multiplies the maximum), and the minimum. */
struct ShrinkGradient
{
    double max = 0.0;
    double min = 0.0;
};

ShrinkGradient rowBackward(const float* x, const float* gradient, float* gradientX, std::int64_t n, std::int64_t index,
                           Extremes range, const Rows& rows)
{
    const auto row = rows.grid(index, range);
    RowSums sums{.toScale = passBack(x, gradient, gradientX, n, row)};
    const double toMax = sums.toScale * row.maxWeight;
    const double toMin = -sums.toScale * row.minWeight;
    const double shrinkMax = rows.shrinkMax(index);
    const double shrinkMin = rows.shrinkMin(index);
    if (!rows.clamps()) {
        giveToExtreme(x, gradientX, n, row.max, toMax * shrinkMax);
        giveToExtreme(x, gradientX, n, row.min, toMin * shrinkMin);
        return {toMax * row.max, toMin * row.min};
    }
    takeClamped(x, gradientX, n, row, sums);
    const auto fromMax = shareExtreme(x, gradientX, n, row, sums, row.max, toMax);
    const auto fromMin = shareExtreme(x, gradientX, n, row, sums, row.min, toMin);
    const double toHigh = sums.above + fromMax.above + fromMin.above;
    const double toLow = sums.below + fromMax.below + fromMin.below;
    giveToExtreme(x, gradientX, n, range.max, toHigh * shrinkMax);
    giveToExtreme(x, gradientX, n, range.min, toLow * shrinkMin);
    return {sums.countAbove > 0 ? toHigh * range.max : 0.0, sums.countBelow > 0 ? toLow * range.min : 0.0};
}

/** Rows that make up a thread's least work. */
std::int64_t grainRows(std::int64_t n)
{
    return std::max<std::int64_t>(1, kGrain / std::max<std::int64_t>(n, 1));
}

at::Tensor logitGradient(const at::Tensor& logit, double gradient)
{
    if (!logit.defined())
        return {};
    const double shrink = logit.sigmoid().item<double>();
    return at::full_like(logit, gradient * shrink * (1.0 - shrink));
}

at::Tensor logitGradients(const at::Tensor& logit, const at::Tensor& gradients)
{
    return logit.defined() ? at::sigmoid_backward(gradients.to(at::kFloat), logit.sigmoid().view(-1)).view_as(logit)
                           : at::Tensor();
}

} // namespace

QuantizedRows quantizeRows(const at::Tensor& x, const RowQuantizer& quantizer)
{
    const auto n = x.size(1);
    QuantizedRows result{at::empty_like(x), at::empty({x.size(0), 2}, x.options())};
    const Rows rows(quantizer);
    const auto* source = x.const_data_ptr<float>();
    auto* target = result.values.mutable_data_ptr<float>();
    auto* ranges = result.extremes.mutable_data_ptr<float>();
    at::parallel_for(0, x.size(0), grainRows(n), [&](std::int64_t begin, std::int64_t end) {
        for (auto row = begin; row < end; ++row) {
            const auto* values = source + row * n;
            const auto range = extremes(values, n);
            ranges[2 * row] = range.min;
            ranges[2 * row + 1] = range.max;
            roundRow(values, target + row * n, n, rows.grid(row, range));
        }
    });
    return result;
}

RowGradients quantizeRowsBackward(const at::Tensor& x, const at::Tensor& extremes, const at::Tensor& gradient,
                                  const RowQuantizer& quantizer)
{
    const auto n = x.size(1);
    const Rows rows(quantizer);
    RowGradients result{.x = at::empty_like(x), .maxLogit = {}, .minLogit = {}};
    auto ofRows = at::empty({2, x.size(0)}, x.options().dtype(at::kDouble));
    const auto* source = x.const_data_ptr<float>();
    const auto* incoming = gradient.const_data_ptr<float>();
    const auto* ranges = extremes.const_data_ptr<float>();
    auto* target = result.x.mutable_data_ptr<float>();
    auto* toMax = ofRows.mutable_data_ptr<double>();
    auto* toMin = toMax + x.size(0);
    at::parallel_for(0, x.size(0), grainRows(n), [&](std::int64_t begin, std::int64_t end) {
        for (auto row = begin; row < end; ++row) {
            const auto both = rowBackward(source + row * n, incoming + row * n, target + row * n, n, row,
                                          {ranges[2 * row], ranges[2 * row + 1]}, rows);
            toMax[row] = both.max;
            toMin[row] = both.min;
        }
    });
    if (quantizer.clip == Clip::Values) {
        result.maxLogit = logitGradients(quantizer.maxLogit, ofRows[0]);
        result.minLogit = logitGradients(quantizer.minLogit, ofRows[1]);
    } else {
        result.maxLogit = logitGradient(quantizer.maxLogit, std::accumulate(toMax, toMax + x.size(0), 0.0));
        result.minLogit = logitGradient(quantizer.minLogit, std::accumulate(toMin, toMin + x.size(0), 0.0));
    }
    return result;
}

} // namespace gpu::cpu
