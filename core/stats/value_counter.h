// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace core {

/** Order statistics of float32 values that arrive in parts, in fixed memory (4 MiB): values are counted by the upper 18 of
    their 32 bits, in the order of numbers, with the sum of each bin. What orderStatistic() tells is therefore the mean of
    the values that share those bits: exact where they are equal (always so for bfloat16), else within 1/512 of its size. */
class ValueCounter
{
public:
    ValueCounter();

    void add(std::span<const float> values);

    std::int64_t count() const { return m_count; } // finite values
    std::int64_t nonFinite() const { return m_nonFinite; }
    double mean() const; // float64 sums; NaN without a value
    double std() const;  // divides by n

    /** The values of ascending `ranks` in [0, count()): 0 is the smallest. O(2^18 + ranks). */
    std::vector<double> orderStatistics(std::span<const std::int64_t> ranks) const;

private:
    std::vector<std::int64_t> m_counts;
    std::vector<double> m_sums;
    std::int64_t m_count = 0;
    std::int64_t m_nonFinite = 0;
    double m_sum = 0.0;
    double m_squares = 0.0;
};

} // namespace core
