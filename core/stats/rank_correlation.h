// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace core {

/** Ranks from 1; equal values share the mean of their ranks, as scipy.stats.rankdata. Takes finite values. */
std::vector<double> ranksOf(std::span<const double> values);

struct RankCorrelation
{
    double rho = 0.0;    // Spearman's; NaN below three values or where all of one side are equal
    double pValue = 1.0; // two-sided: how often a random pairing has at least this |rho|; 1 where rho is NaN
    bool exact = false;  // all pairings were looked at
};

/** Spearman's rho of paired finite values, with its permutation test. Values of one stratum are exchanged among themselves alone
    (modules of one model). Up to 9 values of a single stratum all pairings are counted; beyond that 20000 are drawn from
    `seed`, and p = (1 + hits) / (1 + draws). `strata` has the length of the values. */
RankCorrelation spearman(std::span<const double> a, std::span<const double> b, std::span<const int> strata,
                         std::uint64_t seed);

} // namespace core
