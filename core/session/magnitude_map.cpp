// SPDX-License-Identifier: Apache-2.0
#include "core/session/magnitude_map.h"

#include "core/base/error.h"
#include "core/stats/normal_quantile.h"
#include "core/stats/value_counter.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace core {

namespace {

/** Keeps the largest magnitudes of all it is shown. */
class Peaks
{
public:
    explicit Peaks(int limit)
        : m_limit(static_cast<std::size_t>(std::max(limit, 0)))
    {
    }

    void show(std::int64_t row, std::int64_t column, float value)
    {
        const float magnitude = std::abs(value);
        if (m_limit == 0 || (m_heap.size() == m_limit && !(magnitude > m_least)))
            return;
        if (m_heap.size() == m_limit) {
            std::pop_heap(m_heap.begin(), m_heap.end(), isLarger);
            m_heap.pop_back();
        }
        m_heap.push_back({row, column, value});
        std::push_heap(m_heap.begin(), m_heap.end(), isLarger);
        m_least = std::abs(m_heap.front().value);
    }

    std::vector<MapPeak> sorted()
    {
        std::stable_sort(m_heap.begin(), m_heap.end(), isLarger);
        return std::move(m_heap);
    }

private:
    static bool isLarger(const MapPeak& left, const MapPeak& right)
    {
        const float a = std::abs(left.value);
        const float b = std::abs(right.value);
        return a != b ? a > b : left.row != right.row ? left.row < right.row : left.column < right.column;
    }

    std::size_t m_limit;
    std::vector<MapPeak> m_heap; // the smallest in front
    float m_least = 0.0f;
};

void requireRange(const char* what, std::int64_t begin, std::int64_t end, std::int64_t size)
{
    if (begin < 0 || begin >= end || end > size)
        throw Error(ErrorKind::InvalidArgument,
                    std::string(what) + " " + std::to_string(begin) + " to " + std::to_string(end)
                        + " are no part of the " + std::to_string(size));
}

} // namespace

MagnitudeMap mapMagnitudes(const ValueRows& values, const MapSpec& spec, Progress& progress)
{
    MagnitudeMap map;
    map.rows = values.rows();
    map.columns = values.columns();
    map.rowBegin = spec.rowBegin;
    map.rowEnd = spec.rowEnd > 0 ? spec.rowEnd : map.rows;
    map.columnBegin = spec.columnBegin;
    map.columnEnd = spec.columnEnd > 0 ? spec.columnEnd : map.columns;
    requireRange("rows", map.rowBegin, map.rowEnd, map.rows);
    requireRange("columns", map.columnBegin, map.columnEnd, map.columns);
    if (spec.maxRows < 1 || spec.maxColumns < 1)
        throw Error(ErrorKind::InvalidArgument, "a map needs a grid of at least 1 x 1");
    const auto height = map.rowEnd - map.rowBegin;
    const auto width = map.columnEnd - map.columnBegin;
    map.gridRows = static_cast<int>(std::min<std::int64_t>(spec.maxRows, height));
    map.gridColumns = static_cast<int>(std::min<std::int64_t>(spec.maxColumns, width));
    map.cells.assign(static_cast<std::size_t>(map.gridRows) * static_cast<std::size_t>(map.gridColumns), 0.0f);
    map.tokens = values.tokens();
    std::vector<int> cellOf(static_cast<std::size_t>(width));
    for (std::int64_t column = 0; column < width; ++column)
        cellOf[static_cast<std::size_t>(column)] = static_cast<int>(column * map.gridColumns / width);
    Peaks peaks(spec.peaks);
    values.forEachRow(
        map.rowBegin, map.rowEnd,
        [&](std::int64_t row, std::span<const float> line) {
            float* cells = map.cells.data() + (row - map.rowBegin) * map.gridRows / height * map.gridColumns;
            for (std::int64_t column = 0; column < width; ++column) {
                const float value = line[static_cast<std::size_t>(map.columnBegin + column)];
                float& cell = cells[cellOf[static_cast<std::size_t>(column)]];
                if (!std::isfinite(value)) {
                    ++map.nonFinite;
                    cell = std::numeric_limits<float>::quiet_NaN();
                    continue;
                }
                if (std::abs(value) > cell) // never true once the cell is NaN
                    cell = std::abs(value);
                peaks.show(row, map.columnBegin + column, value);
            }
        },
        progress);
    map.peaks = peaks.sorted();
    return map;
}

QuantilePlot plotQuantiles(const ValueRows& values, const QuantileSpec& spec, Progress& progress)
{
    if (spec.points < 2)
        throw Error(ErrorKind::InvalidArgument, "quantiles need at least two points");
    ValueCounter counter;
    values.forEachRow(
        0, values.rows(), [&](std::int64_t, std::span<const float> line) { counter.add(line); }, progress);
    QuantilePlot plot;
    plot.count = counter.count();
    plot.nonFinite = counter.nonFinite();
    plot.mean = counter.mean();
    if (plot.count == 0)
        return plot;
    plot.std = counter.std();
    // The i-th of n sorted values stands for the share (i + 1/2) / n (Hazen's plotting position).
    const auto n = static_cast<double>(plot.count);
    std::vector<std::int64_t> ranks;
    const bool isEveryValue = plot.count <= spec.points;
    const double outermost = normalQuantile(0.5 / n); // of the smallest value
    for (std::int64_t i = 0; i < (isEveryValue ? plot.count : spec.points); ++i) {
        const double z = isEveryValue ? normalQuantile((static_cast<double>(i) + 0.5) / n)
                                      : outermost - 2.0 * outermost * static_cast<double>(i) / (spec.points - 1);
        const auto rank = isEveryValue ? i : std::llround(normalShare(z) * n - 0.5);
        ranks.push_back(std::clamp<std::int64_t>(rank, 0, plot.count - 1));
        plot.normal.push_back(z);
    }
    plot.value = counter.orderStatistics(ranks);
    return plot;
}

} // namespace core
