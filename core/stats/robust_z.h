// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

namespace core {

inline constexpr int kSmallGroup = 8; // fewer values than this say little about their spread: warn

/** z_l = 0.6745 (K_l - median) / MAD, MAD = median |K_l - median|: how many standard deviations of a normal distribution a
    value is from the middle of its group, whatever a few outliers do. Where more than half of the values are equal and MAD
    is zero, 1.2533 times the mean absolute deviation takes the place of MAD / 0.6745; where that is zero too, z is 0.
    The median of an even count is the mean of the two middle values. Values that are not finite have z = NaN and do not
    count for the others. Source: Iglewicz and Hoaglin 1993. */
std::vector<double> robustZ(std::span<const double> values);

/** Mean of the two middle values of an even count; NaN for none. Takes finite values. */
double medianOf(std::vector<double> values);

} // namespace core
