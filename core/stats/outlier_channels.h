// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

namespace core {

inline constexpr double kOutlierChannelFactor = 4.0;

/** The channels [channels] whose largest magnitude is more than kOutlierChannelFactor times the median channel's, ascending:
    a scale shared with them leaves the median channel two bits fewer. Where the median is 0, none. O(channels). */
std::vector<int> outlierChannels(std::span<const float> absmax);

} // namespace core
