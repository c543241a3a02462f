// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace core {

/** `&`, `<`, `>` and quotes as entities; bytes of control characters but tab and newline are left out. */
std::string escapeHtml(std::string_view text);

/** Significant digits without an exponent where that is readable; "nan" and "inf" as they are. */
std::string printNumber(double value, int digits = 4);

/** A value with its interval, on a row of its own. Not finite: the row says so instead of a dot. */
struct DotRow
{
    std::string label;
    double value = 0.0;
    double low = 0.0; // of the interval; equal to `value`: none is drawn
    double high = 0.0;
    int series = 0;   // colour 0 to 5
    std::string text; // at the right end, "5.081 ± 0.04"
};

// Charts as inline SVG that takes its colours from the page's style (classes s0 to s5, grid, mark). A chart of no usable number
// is empty.

/** Dots with intervals, a row each, over one axis; logarithmic where the values span more than a factor of 20. */
std::string dotChart(const std::vector<DotRow>& rows, const std::string& axis);

struct LineSeries
{
    std::string label;
    std::vector<double> values; // one for each category; NaN: a gap
    int series = 0;
};

/** Lines over named categories with a logarithmic y axis; what is not positive stands on the floor. */
std::string lineChart(const std::vector<std::string>& categories, const std::vector<LineSeries>& lines,
                      const std::string& axis);

/** A pair before and after, for each index from 0: a hollow dot, a filled dot and a line between, logarithmic. */
struct BeforeAfter
{
    int index = 0;
    double before = 0.0;
    double after = 0.0;
};
std::string beforeAfterChart(const std::vector<BeforeAfter>& pairs, const std::string& axis,
                             const std::string& indexName);

struct Tile
{
    int row = 0;
    int column = 0;
    int series = 0;
    std::string letter; // colour is not the only sign
    std::string hint;   // shown on hover
};
std::string tileChart(const std::vector<Tile>& tiles, const std::vector<std::string>& rowNames);

} // namespace core
