// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace core {

struct Interval
{
    double low = 0.0;
    double high = 0.0;
};

/** McNemar's exact test: of two runs over the same items, `gained` went from wrong to right and `lost` from right to wrong. The
    two-sided probability of a split at least as uneven if both were equally likely: min(1, 2 P(X <= min)) with X binomial
    (gained + lost, 1/2). 1 where nothing changed. Source: McNemar 1947 in its exact binomial form. */
double mcnemarExact(std::int64_t gained, std::int64_t lost);

/** Two-sided probability of |t| or more under Student's t with `degrees` > 0 degrees of freedom; 0 for an infinite t, NaN for
    NaN. By the incomplete beta function (continued fraction, relative error about 1e-14). */
double studentTwoSided(double t, double degrees);

/** The t that `studentTwoSided` gives `probability` in (0, 1) for: 1.96 for 0.05 and many degrees. */
double studentCritical(double probability, double degrees);

/** What paired differences say about their mean. */
struct PairedMean
{
    double mean = 0.0;
    double stderror = 0.0; // sample standard deviation / sqrt(n)
    Interval interval;     // 95 %, by Student's t
    double pValue = 1.0;   // two-sided, that the mean is 0
};

/** Student's paired t-test. Fewer than two differences: no interval (the mean itself) and p = 1. All equal: p is 1 for zeros and
    0 for others. */
PairedMean pairedMean(std::span<const double> differences);

/** 95 % interval of the mean by the percentile bootstrap: `draws` resamples with replacement, the same for the same `seed` on every
    machine. Throws nothing; of no differences it is 0 to 0. */
Interval bootstrapMean(std::span<const double> differences, int draws, std::uint64_t seed);

} // namespace core
