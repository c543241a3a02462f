// SPDX-License-Identifier: Apache-2.0
#include "core/stats/clip_error.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace core {

namespace {

/** Integral of (x - level)^2 from `low` to `high`. */
double squaresAround(double level, double low, double high)
{
    const auto cube = [](double x) { return x * x * x; };
    return (cube(high - level) - cube(low - level)) / 3.0;
}

/** Integral of (x - Q(x))^2 from `low` to `high`, level by level. */
double squaredErrors(double low, double high, double step, double top)
{
    double sum = 0.0;
    double at = low;
    for (double level = std::clamp(std::floor(low / step + 0.5), -top, top); at < high; ++level) {
        const double end = level < top ? std::min(high, (level + 0.5) * step) : high;
        if (end > at)
            sum += squaresAround(level * step, at, end);
        at = std::max(at, end);
    }
    return sum;
}

} // namespace

double clippedSqnr(const Distribution& values, int bits, double clip)
{
    const auto& histogram = values.histogram;
    if (histogram.counts.empty() || !(clip > 0.0) || bits < 2 || bits > 8)
        return std::numeric_limits<double>::quiet_NaN();
    const double top = static_cast<double>((1 << (bits - 1)) - 1);
    const double width = (histogram.high - histogram.low) / static_cast<double>(histogram.counts.size());
    double signal = 0.0;
    double noise = 0.0;
    for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
        const double low = histogram.low + static_cast<double>(i) * width;
        const double density = static_cast<double>(histogram.counts[i]) / width;
        signal += density * squaresAround(0.0, low, low + width);
        noise += density * squaredErrors(low, low + width, clip / top, top);
    }
    return 10.0 * std::log10(signal / noise);
}

} // namespace core
