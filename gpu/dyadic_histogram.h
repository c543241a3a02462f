// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace gpu {

/** Counts over bins [i * 2^exponent, (i + 1) * 2^exponent), i in [-kHalf, kHalf).

    The width is a power of two and the grid hangs on zero, so doubling the width joins whole bins: the range may grow while
    values stream in, and histograms of parts merge, without moving a single count to a wrong bin. One pass is enough. Such
    bins also suit what is counted: bfloat16 and float16 values lie on dyadic grids, and any other width makes a comb of
    them. */
struct DyadicHistogram
{
    static constexpr int kHalf = 1024;
    static constexpr int kBins = 2 * kHalf;
    static constexpr int kMinExponent =
        -126; // 2^-exponent must be a float32: subnormal values share the two middle bins

    int exponent = kMinExponent;
    std::vector<std::uint64_t> counts = std::vector<std::uint64_t>(kBins, 0);

    /** The smallest exponent whose range holds all |x| <= absmax (finite, not negative). */
    static int exponentFor(float absmax);

    /** Widens the bins to 2^newExponent; does nothing where they are as wide already. */
    void widenTo(int newExponent);

    /** Adds the counts of `other`, both on the wider of the two grids. */
    void merge(const DyadicHistogram& other);
};

} // namespace gpu
