// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/stats/profile.h"

namespace core {

/** Signal to noise in dB, 10 log10(sum x^2 / sum (x - Q(x))^2), of rounding values to the nearest of the levels
    k clip / (2^(bits-1) - 1), |k| <= 2^(bits-1) - 1: one symmetric grid for all of them that ends at +-clip. Worked out from the
    histogram as if the values of a bin were spread evenly over it, so it is as exact as the bins are fine. Infinite
    where nothing is lost; NaN without values, for a clip that is not positive and for bits outside [2, 8]. */
double clippedSqnr(const Distribution& values, int bits, double clip);

} // namespace core
