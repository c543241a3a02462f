// SPDX-License-Identifier: Apache-2.0
#include "core/stats/outlier_channels.h"

#include <algorithm>

namespace core {

std::vector<int> outlierChannels(std::span<const float> absmax)
{
    std::vector<int> channels;
    if (absmax.empty())
        return channels;
    std::vector<float> ordered(absmax.begin(), absmax.end());
    const auto middle = ordered.begin() + static_cast<std::ptrdiff_t>(ordered.size() / 2);
    std::nth_element(ordered.begin(), middle, ordered.end());
    const double limit = kOutlierChannelFactor * *middle;
    for (std::size_t i = 0; i < absmax.size() && limit > 0.0; ++i)
        if (absmax[i] > limit)
            channels.push_back(static_cast<int>(i));
    return channels;
}

} // namespace core
