// SPDX-License-Identifier: Apache-2.0
#include "core/stats/histogram_quantile.h"

#include <algorithm>
#include <limits>

namespace core {

namespace {

double quantileOf(const Distribution& values, double share)
{
    const auto& histogram = values.histogram;
    if (histogram.counts.empty() || values.count <= 0)
        return std::numeric_limits<double>::quiet_NaN();
    const double width = (histogram.high - histogram.low) / static_cast<double>(histogram.counts.size());
    double wanted = share * static_cast<double>(values.count) - static_cast<double>(histogram.below);
    if (wanted <= 0.0)
        return values.min;
    for (std::size_t bin = 0; bin < histogram.counts.size(); ++bin) {
        const auto count = static_cast<double>(histogram.counts[bin]);
        if (wanted <= count && count > 0.0) {
            const double at = histogram.low + (static_cast<double>(bin) + wanted / count) * width;
            return std::clamp(at, values.min, values.max);
        }
        wanted -= count;
    }
    return values.max;
}

} // namespace

std::vector<double> histogramQuantiles(const Distribution& values, const std::vector<double>& shares)
{
    std::vector<double> quantiles;
    for (const double share : shares)
        quantiles.push_back(quantileOf(values, share));
    return quantiles;
}

} // namespace core
