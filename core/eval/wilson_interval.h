// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <utility>

namespace core {

/** The 95 % interval of a share `share` of `count` answers, inside [0, 1] and of some width at its ends too, where the standard
    error is 0 (Wilson 1927, equation 5; z = 1.959964). Without answers it is [0, 1]. */
inline std::pair<double, double> wilsonInterval(double share, std::int64_t count)
{
    if (count < 1)
        return {0.0, 1.0};
    constexpr double kZ = 1.959964;
    const double n = static_cast<double>(count);
    const double scale = 1.0 + kZ * kZ / n;
    const double middle = (share + kZ * kZ / (2.0 * n)) / scale;
    const double half = kZ * std::sqrt(share * (1.0 - share) / n + kZ * kZ / (4.0 * n * n)) / scale;
    return {middle - half, middle + half};
}

} // namespace core
