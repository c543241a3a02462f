// SPDX-License-Identifier: Apache-2.0
#include "core/stats/value_counter.h"

#include <bit>
#include <cmath>
#include <limits>

namespace core {

namespace {

constexpr int kDroppedBits = 14;
constexpr std::size_t kBins = std::size_t{1} << (32 - kDroppedBits);
constexpr std::uint32_t kExponentMask = 0x7f800000u;

/** Bits of a float, so that larger numbers have larger keys: negative ones stand the other way round in IEEE 754. */
std::uint32_t orderedBits(std::uint32_t bits)
{
    return bits ^ ((bits >> 31) != 0u ? 0xffffffffu : 0x80000000u);
}

} // namespace

ValueCounter::ValueCounter()
    : m_counts(kBins, 0)
    , m_sums(kBins, 0.0)
{
}

void ValueCounter::add(std::span<const float> values)
{
    for (const float value : values) {
        const auto bits = std::bit_cast<std::uint32_t>(value);
        if ((bits & kExponentMask) == kExponentMask) {
            ++m_nonFinite;
            continue;
        }
        const auto bin = orderedBits(bits) >> kDroppedBits;
        ++m_counts[bin];
        m_sums[bin] += value;
        ++m_count;
        m_sum += value;
        m_squares += static_cast<double>(value) * value;
    }
}

double ValueCounter::mean() const
{
    return m_count > 0 ? m_sum / static_cast<double>(m_count) : std::numeric_limits<double>::quiet_NaN();
}

double ValueCounter::std() const
{
    const double mean = this->mean();
    return std::sqrt(std::max(0.0, m_squares / static_cast<double>(m_count) - mean * mean));
}

std::vector<double> ValueCounter::orderStatistics(std::span<const std::int64_t> ranks) const
{
    std::vector<double> values;
    values.reserve(ranks.size());
    std::size_t bin = 0;
    std::int64_t before = 0; // values in smaller bins
    for (const auto rank : ranks) {
        while (bin + 1 < kBins && before + m_counts[bin] <= rank)
            before += m_counts[bin++];
        values.push_back(m_counts[bin] > 0 ? m_sums[bin] / static_cast<double>(m_counts[bin])
                                           : std::numeric_limits<double>::quiet_NaN());
    }
    return values;
}

} // namespace core
