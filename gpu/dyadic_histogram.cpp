// SPDX-License-Identifier: Apache-2.0
#include "gpu/dyadic_histogram.h"

#include <algorithm>
#include <cmath>

namespace gpu {

int DyadicHistogram::exponentFor(float absmax)
{
    int power = 0; // absmax < 2^power
    std::frexp(absmax, &power);
    if (absmax == 0.0f)
        return kMinExponent;
    constexpr int kHalfPower = 10;
    static_assert(1 << kHalfPower == kHalf);
    return std::max(power - kHalfPower, kMinExponent);
}

void DyadicHistogram::widenTo(int newExponent)
{
    const int shift = std::min(newExponent - exponent, 31);
    if (shift <= 0)
        return;
    std::vector<std::uint64_t> wider(kBins, 0);
    for (int bin = 0; bin < kBins; ++bin)
        wider[((bin - kHalf) >> shift) + kHalf] += counts[bin]; // C++20: >> of a negative number rounds down
    counts = std::move(wider);
    exponent = newExponent;
}

void DyadicHistogram::merge(const DyadicHistogram& other)
{
    widenTo(other.exponent);
    const int shift = std::min(exponent - other.exponent, 31);
    for (int bin = 0; bin < kBins; ++bin)
        counts[((bin - kHalf) >> shift) + kHalf] += other.counts[bin];
}

} // namespace gpu
