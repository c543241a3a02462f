// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

namespace core {

/** Mean and its standard error in one pass, in float64, by Welford's recurrence: no difference of large sums. NaN and
    infinities go through to the results. */
class RunningMean
{
public:
    void add(double value)
    {
        ++m_count;
        const double before = value - m_mean;
        m_mean += before / static_cast<double>(m_count);
        m_squares += before * (value - m_mean);
        m_sum += value;
    }

    std::int64_t count() const { return m_count; }
    double sum() const { return m_sum; }
    double mean() const { return m_count > 0 ? m_sum / static_cast<double>(m_count) : 0.0; }

    /** Sample standard deviation / sqrt(n), which is what llama.cpp prints for its means and, over zeros and ones, for its
        shares. 0 for fewer than two values. */
    double standardError() const
    {
        if (m_count < 2)
            return 0.0;
        const auto n = static_cast<double>(m_count);
        return std::sqrt(m_squares / (n * (n - 1.0)));
    }

private:
    std::int64_t m_count = 0;
    double m_mean = 0.0;
    double m_squares = 0.0; // sum of squared differences from the mean
    double m_sum = 0.0;
};

} // namespace core
