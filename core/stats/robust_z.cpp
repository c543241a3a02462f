// SPDX-License-Identifier: Apache-2.0
#include "core/stats/robust_z.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace core {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kNormalQuartile = 0.6745;      // MAD of a normal distribution, in standard deviations
constexpr double kNormalMeanDeviation = 1.2533; // standard deviation, in mean absolute deviations: sqrt(pi / 2)

/** What z is divided by; 0 where all values are equal. */
double scaleOf(const std::vector<double>& deviations, double largest)
{
    // Below this the deviations are rounding of values that are equal.
    const double rounding = 1e-12 * largest;
    const double mad = medianOf(deviations);
    if (mad > rounding)
        return mad / kNormalQuartile;
    double sum = 0.0;
    for (const double deviation : deviations)
        sum += deviation;
    const double mean = sum / static_cast<double>(deviations.size());
    return mean > rounding ? kNormalMeanDeviation * mean : 0.0;
}

} // namespace

double medianOf(std::vector<double> values)
{
    if (values.empty())
        return kNaN;
    std::sort(values.begin(), values.end());
    const auto middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::vector<double> robustZ(std::span<const double> values)
{
    std::vector<double> finite;
    double largest = 0.0;
    for (const double value : values)
        if (std::isfinite(value)) {
            finite.push_back(value);
            largest = std::max(largest, std::abs(value));
        }
    std::vector<double> z(values.size(), kNaN);
    if (finite.empty())
        return z;
    const double median = medianOf(finite);
    for (double& value : finite)
        value = std::abs(value - median);
    const double scale = scaleOf(finite, largest);
    for (std::size_t i = 0; i < values.size(); ++i)
        if (std::isfinite(values[i]))
            z[i] = scale > 0.0 ? (values[i] - median) / scale : 0.0;
    return z;
}

} // namespace core
