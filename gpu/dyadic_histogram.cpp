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
    const int shift = newExponent - exponent;
    if (shift <= 0)
        return;
    // Each step joins pairs of bins, on both sides of zero; [-1, 0) and [0, 1) stay apart for ever.
    int live = kHalf;
    for (int step = 0; step < shift && live > 1; ++step, live /= 2) {
        auto* const zero = counts.data() + kHalf;
        for (int bin = 0; bin < live / 2; ++bin)
            zero[bin] = zero[2 * bin] + zero[2 * bin + 1];
        for (int bin = -1; bin >= -live / 2; --bin)
            zero[bin] = zero[2 * bin] + zero[2 * bin + 1];
        std::fill(zero + live / 2, zero + live, 0);
        std::fill(zero - live, zero - live / 2, 0);
    }
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
