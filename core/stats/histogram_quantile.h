// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/stats/profile.h"

#include <vector>

namespace core {

/** The values below which `shares` of all finite ones lie, each in [0, 1], from the histogram as if the values of a bin were spread
    evenly over it: off by at most a bin's width. 0 and 1 are the smallest and the largest value. NaN without values. */
std::vector<double> histogramQuantiles(const Distribution& values, const std::vector<double>& shares);

} // namespace core
