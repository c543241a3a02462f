// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>

// One definition serves the host and, compiled by nvcc, the kernels.
#if defined(__CUDACC__)
#define PLANISH_HOST_DEVICE __host__ __device__
#else
#define PLANISH_HOST_DEVICE
#endif

namespace gpu {

/** Count, mean, central sums M_k = sum (x - mean)^k and extremes of a set of finite values, in float64. float32 input
    cannot overflow it: (3.4e38)^4 * 2^63 is below 1e308. An empty set has min = +inf and max = -inf. */
struct Moments
{
    static constexpr float kInfinity = std::numeric_limits<float>::infinity();

    std::int64_t count = 0;     // finite values
    std::int64_t nonFinite = 0; // NaN and infinities, left out of everything else
    double mean = 0.0;
    double m2 = 0.0;
    double m3 = 0.0;
    double m4 = 0.0;
    float min = kInfinity;
    float max = -kInfinity;

    PLANISH_HOST_DEVICE float absmax() const // 0 for an empty set
    {
        const float low = min < 0.0f ? -min : min;
        const float high = max < 0.0f ? -max : max;
        return count == 0 ? 0.0f : low < high ? high : low;
    }
};

/** `a` becomes the moments of both sets (Pebay 2008, equations 2.1 and 3.1). Exact up to float64 rounding,
    also where the two means are far apart. */
PLANISH_HOST_DEVICE inline void merge(Moments& a, const Moments& b)
{
    a.nonFinite += b.nonFinite;
    a.min = b.min < a.min ? b.min : a.min;
    a.max = b.max > a.max ? b.max : a.max;
    if (b.count == 0)
        return;
    if (a.count == 0) {
        a.count = b.count;
        a.mean = b.mean;
        a.m2 = b.m2;
        a.m3 = b.m3;
        a.m4 = b.m4;
        return;
    }
    const double na = static_cast<double>(a.count);
    const double nb = static_cast<double>(b.count);
    const double n = na + nb;
    const double delta = b.mean - a.mean;
    const double perN = delta / n;
    const double spread = delta * perN * na * nb; // delta^2 na nb / n
    a.m4 += b.m4 + spread * perN * perN * (na * na - na * nb + nb * nb)
        + 6.0 * perN * perN * (na * na * b.m2 + nb * nb * a.m2) + 4.0 * perN * (na * b.m3 - nb * a.m3);
    a.m3 += b.m3 + spread * perN * (na - nb) + 3.0 * perN * (na * b.m2 - nb * a.m2);
    a.m2 += b.m2 + spread;
    a.mean += perN * nb;
    a.count += b.count;
}

/** n M4 / M2^2 - 3, without bias correction, as scipy.stats.kurtosis. NaN for an empty set and where all values are equal
    up to float64 rounding of their mean (scipy's criterion). */
inline double excessKurtosis(const Moments& moments)
{
    constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
    constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
    const double n = static_cast<double>(moments.count);
    const double rounding = kEpsilon * moments.mean;
    if (moments.count == 0 || moments.m2 <= n * rounding * rounding)
        return kNaN;
    // M2 is divided first: its square may underflow where the ratio does not.
    return n * (moments.m4 / moments.m2) / moments.m2 - 3.0;
}

} // namespace gpu
