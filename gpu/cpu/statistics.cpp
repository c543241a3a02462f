// SPDX-License-Identifier: Apache-2.0
#include "gpu/cpu/statistics_block.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

namespace gpu::cpu {

namespace {

/** Counts blocks in 32-bit tables, and hands them to a histogram when the range grows or they may overflow. */
class BinCounter
{
public:
    /** `expected` values: few are counted in one table, which costs less to clear and to add up. */
    BinCounter(DyadicHistogram& histogram, std::int64_t expected)
        : m_histogram(histogram)
        , m_tables(expected < kManyValues ? 1 : kBinTables)
        , m_counts(m_tables * DyadicHistogram::kBins, 0)
    {
    }

    void add(const BlockSteps& steps, const float* values, std::int64_t n, float absmax)
    {
        const int exponent = DyadicHistogram::exponentFor(absmax);
        if (exponent > m_histogram.exponent) {
            flush();
            m_histogram.widenTo(exponent);
        }
        if (m_pending + n > std::numeric_limits<std::uint32_t>::max())
            flush();
        steps.countBins(values, n, std::ldexp(1.0f, -m_histogram.exponent), m_counts.data(), m_tables);
        m_pending += n;
    }

    void flush()
    {
        if (m_pending == 0)
            return;
        for (int table = 0; table < m_tables; ++table) {
            const auto* counts = m_counts.data() + table * DyadicHistogram::kBins;
            for (int bin = 0; bin < DyadicHistogram::kBins; ++bin)
                m_histogram.counts[bin] += counts[bin];
        }
        std::fill(m_counts.begin(), m_counts.end(), 0);
        m_pending = 0;
    }

private:
    static constexpr std::int64_t kManyValues = 1 << 16;

    DyadicHistogram& m_histogram;
    int m_tables;
    std::vector<std::uint32_t> m_counts;
    std::int64_t m_pending = 0;
};

/** Reads consecutive blocks of one part of a matrix into `m_result`. */
class PartReader
{
public:
    PartReader(Statistics& result, const Matrix& values)
        : m_result(result)
        , m_values(values)
        , m_bins(result.histogram, values.rows * values.channels)
    {
    }

    void readRows(std::int64_t begin, std::int64_t end)
    {
        const auto channels = m_values.channels;
        // Short rows share a block; a long row is cut into several.
        const auto rowsPerBlock = channels >= Statistics::kMinRowLength ? 1 : kBlock / channels;
        for (auto row = begin; row < end; row += rowsPerBlock) {
            const auto count = std::min(rowsPerBlock, end - row) * channels;
            Moments moments;
            for (std::int64_t start = 0; start < count; start += kBlock)
                merge(moments, readBlock(row * channels + start, std::min<std::int64_t>(kBlock, count - start)));
            merge(m_result.moments, moments);
            const double kurtosis = excessKurtosis(moments);
            if (channels >= Statistics::kMinRowLength && std::isfinite(kurtosis)) {
                m_result.rowKurtosisSum += kurtosis;
                ++m_result.rowKurtosisCount;
            }
        }
        m_bins.flush();
    }

private:
    Moments readBlock(std::int64_t first, std::int64_t n)
    {
        const auto* at = static_cast<const std::byte*>(m_values.data) + first * byteSize(m_values.type);
        m_steps.decode(at, m_values.type, n, m_block);
        Moments moments;
        auto extent = m_steps.measure(m_block, n);
        if (!std::isfinite(extent.sum)) {
            moments.nonFinite = clearNonFinite(n);
            raiseChannels(first, n);
            n = dropMarked(n);
            if (n == 0)
                return moments;
            extent = m_steps.measure(m_block, n);
        } else {
            raiseChannels(first, n);
        }
        moments.count = n;
        moments.mean = extent.sum / static_cast<double>(n);
        moments.min = extent.min;
        moments.max = extent.max;
        const auto powers = m_steps.sumPowers(m_block, n, moments.mean);
        moments.m2 = powers.m2;
        moments.m3 = powers.m3;
        moments.m4 = powers.m4;
        m_bins.add(m_steps, m_block, n, moments.absmax());
        return moments;
    }

    /** A block begins at a row's begin or inside one row, so it runs over the channels from there on, again and again. */
    void raiseChannels(std::int64_t first, std::int64_t n)
    {
        auto channel = first % m_values.channels;
        for (std::int64_t i = 0; i < n;) {
            const auto run = std::min(n - i, m_values.channels - channel);
            m_steps.raiseAbsmax(m_block + i, run, m_result.channelAbsmax.data() + channel);
            i += run;
            channel = 0;
        }
    }

    /** Sets NaN and infinities to zero, remembering where they were. */
    std::int64_t clearNonFinite(std::int64_t n)
    {
        std::int64_t found = 0;
        for (std::int64_t i = 0; i < n; ++i) {
            m_marked[i] = !std::isfinite(m_block[i]);
            if (m_marked[i]) {
                m_block[i] = 0.0f;
                ++found;
            }
        }
        return found;
    }

    std::int64_t dropMarked(std::int64_t n)
    {
        std::int64_t kept = 0;
        for (std::int64_t i = 0; i < n; ++i)
            if (!m_marked[i])
                m_block[kept++] = m_block[i];
        return kept;
    }

    Statistics& m_result;
    const Matrix& m_values;
    BinCounter m_bins;
    const BlockSteps& m_steps = blockSteps();
    alignas(64) float m_block[kBlock];
    bool m_marked[kBlock];
};

void requireSameChannels(const Statistics& into, const Matrix& values)
{
    if (static_cast<std::int64_t>(into.channelAbsmax.size()) != values.channels)
        throw std::invalid_argument("a matrix of " + std::to_string(values.channels)
                                    + " channels does not go into statistics of "
                                    + std::to_string(into.channelAbsmax.size()));
}

} // namespace

void accumulateStatistics(Statistics& into, const Matrix& values)
{
    requireSameChannels(into, values);
    if (values.rows == 0 || values.channels == 0)
        return;
    // Parts depend on the shape alone, so the order of every sum does, whatever the number of threads.
    constexpr std::int64_t kMinPart = 1 << 18;
    constexpr std::int64_t kMaxParts = 64;
    const auto partSize = std::max(kMinPart, values.rows * values.channels / kMaxParts);
    const auto rowsPerPart = std::max<std::int64_t>(1, partSize / values.channels);
    const auto parts = (values.rows + rowsPerPart - 1) / rowsPerPart;
    if (parts == 1) {
        PartReader(into, values).readRows(0, values.rows);
        return;
    }
    std::vector<Statistics> results(parts, Statistics(values.channels));
    at::parallel_for(0, parts, 1, [&](std::int64_t begin, std::int64_t end) {
        for (auto part = begin; part < end; ++part)
            PartReader(results[part], values)
                .readRows(part * rowsPerPart, std::min((part + 1) * rowsPerPart, values.rows));
    });
    for (const auto& result : results)
        merge(into, result);
}

} // namespace gpu::cpu
