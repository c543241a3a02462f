// SPDX-License-Identifier: Apache-2.0
#include "core/report/svg_charts.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

namespace core {

namespace {

constexpr double kWidth = 760.0;

template <typename... Values>
std::string print(const char* format, Values... values)
{
    char text[512];
    std::snprintf(text, sizeof text, format, values...);
    return text;
}

std::string label(double x, double y, const char* anchor, std::string_view text, const char* style = "")
{
    return print("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">", x, y, anchor, style) + escapeHtml(text)
        + "</text>";
}

std::string line(double x1, double y1, double x2, double y2, const std::string& style)
{
    return print("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>", x1, y1, x2, y2, style.c_str());
}

std::string dot(double x, double y, const std::string& style, const std::string& hint)
{
    return print("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\" class=\"%s\"><title>", x, y, style.c_str())
        + escapeHtml(hint) + "</title></circle>";
}

std::string frame(double height, const std::string& name, const std::string& content)
{
    return print("<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"", kWidth, height) + escapeHtml(name) + "\">"
        + content + "</svg>\n";
}

std::string seriesClass(int series)
{
    return "s" + std::to_string(std::clamp(series, 0, 5));
}

/** Values to places between two ends, linear or logarithmic, with round ticks. */
class Axis
{
public:
    enum class Scale { Linear, Logarithmic };

    Axis(double low, double high, double begin, double end, Scale scale)
        : m_scale(scale)
        , m_begin(begin)
        , m_end(end)
    {
        m_low = unit(low);
        m_high = unit(high);
        const double room = m_high > m_low ? 0.06 * (m_high - m_low) : std::max(0.05, 0.05 * std::abs(m_low));
        m_low -= room;
        m_high += room;
    }

    double at(double value) const { return m_begin + (unit(value) - m_low) / (m_high - m_low) * (m_end - m_begin); }

    std::vector<double> ticks() const { return m_scale == Scale::Linear ? linearTicks() : logarithmicTicks(); }

private:
    double unit(double value) const { return m_scale == Scale::Linear ? value : std::log10(std::max(value, 1e-300)); }

    std::vector<double> linearTicks() const
    {
        const double rough = (m_high - m_low) / 5.0;
        const double power = std::pow(10.0, std::floor(std::log10(rough)));
        double step = power;
        for (const double factor : {1.0, 2.0, 5.0, 10.0})
            if (factor * power <= rough * 1.5)
                step = factor * power;
        std::vector<double> ticks;
        for (double tick = std::ceil(m_low / step) * step; tick <= m_high; tick += step)
            ticks.push_back(std::abs(tick) < 1e-9 * step ? 0.0 : tick);
        return ticks;
    }

    std::vector<double> logarithmicTicks() const
    {
        const double decades = m_high - m_low;
        const int stride = std::max(1, int(std::ceil(decades / 8.0)));
        std::vector<double> ticks;
        for (int power = int(std::floor(m_low)); power <= int(std::ceil(m_high)); ++power)
            for (const double factor : {1.0, 2.0, 5.0}) {
                if ((factor > 1.0 && decades > 2.0) || power % stride != 0)
                    continue;
                const double tick = factor * std::pow(10.0, power);
                if (std::log10(tick) >= m_low && std::log10(tick) <= m_high)
                    ticks.push_back(tick);
            }
        return ticks;
    }

    Scale m_scale;
    double m_low = 0.0;
    double m_high = 1.0;
    double m_begin;
    double m_end;
};

struct Range
{
    double low = 0.0;
    double high = 0.0;
};

std::optional<Range> rangeOf(const std::vector<double>& values)
{
    std::optional<Range> range;
    for (const double value : values) {
        if (!std::isfinite(value))
            continue;
        if (!range)
            range = Range{value, value};
        range->low = std::min(range->low, value);
        range->high = std::max(range->high, value);
    }
    return range;
}

/** Positive values only, for a logarithmic axis. */
std::optional<Range> positiveRange(std::vector<double> values)
{
    std::erase_if(values, [](double value) { return !(value > 0.0); });
    return rangeOf(values);
}

/** Grid, tick labels and name of a vertical logarithmic axis. */
std::string verticalAxis(const Axis& axis, double left, double right, double top, const std::string& name)
{
    auto svg = label(0, top - 8, "start", name, "small");
    for (const double tick : axis.ticks())
        svg += line(left, axis.at(tick), right, axis.at(tick), "grid")
            + label(left - 6, axis.at(tick) + 4, "end", printNumber(tick, 3), "small");
    return svg;
}

} // namespace

std::string escapeHtml(std::string_view text)
{
    std::string escaped;
    for (const char c : text) {
        switch (c) {
        case '&': escaped += "&amp;"; break;
        case '<': escaped += "&lt;"; break;
        case '>': escaped += "&gt;"; break;
        case '"': escaped += "&quot;"; break;
        case '\'': escaped += "&#39;"; break;
        default:
            if (static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n')
                escaped += c;
        }
    }
    return escaped;
}

std::string printNumber(double value, int digits)
{
    const double size = std::abs(value);
    if (size >= std::pow(10.0, digits) && size < 1e7)
        return print("%.0f", value);
    return print("%.*g", digits, value);
}

std::string dotChart(const std::vector<DotRow>& rows, const std::string& axis)
{
    constexpr double kLeft = 190.0, kRight = 610.0, kRow = 30.0, kTop = 8.0;
    std::vector<double> ends;
    for (const auto& row : rows)
        ends.insert(ends.end(), {row.low, row.value, row.high});
    const auto range = rangeOf(ends);
    if (!range)
        return {};
    const bool wide = range->low > 0.0 && range->high > 20.0 * range->low;
    const Axis scale(range->low, range->high, kLeft, kRight, wide ? Axis::Scale::Logarithmic : Axis::Scale::Linear);
    const double bottom = kTop + kRow * double(rows.size());
    std::string svg;
    for (const double tick : scale.ticks())
        svg += line(scale.at(tick), kTop, scale.at(tick), bottom, "grid")
            + label(scale.at(tick), bottom + 16, "middle", printNumber(tick), "small");
    svg += label(kLeft, bottom + 34, "start", axis + (wide ? " (logarithmic)" : ""), "small");
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& row = rows[i];
        const double y = kTop + kRow * (double(i) + 0.5);
        svg += label(kLeft - 12, y + 4, "end", row.label);
        svg += label(kWidth, y + 4, "end", row.text, "value");
        if (!std::isfinite(row.value))
            continue;
        if (std::isfinite(row.low) && std::isfinite(row.high) && row.high > row.low)
            svg += line(scale.at(row.low), y, scale.at(row.high), y, seriesClass(row.series) + " bar");
        svg += dot(scale.at(row.value), y, seriesClass(row.series) + " dot", row.label + ": " + row.text);
    }
    return frame(bottom + 42, axis, svg);
}

std::string lineChart(const std::vector<std::string>& categories, const std::vector<LineSeries>& lines,
                      const std::string& axis)
{
    constexpr double kLeft = 70.0, kRight = 750.0, kBottom = 260.0;
    std::vector<double> all;
    for (const auto& entry : lines)
        all.insert(all.end(), entry.values.begin(), entry.values.end());
    const auto range = positiveRange(all);
    if (!range || categories.empty())
        return {};
    const double top = 26.0 + 20.0 * double(lines.size());
    const double floor = std::max(range->low, range->high * 1e-9);
    const Axis scale(floor, range->high, kBottom + top, top, Axis::Scale::Logarithmic);
    const auto place = [&](std::size_t i) {
        return kLeft + 20.0 + (kRight - kLeft - 40.0) * double(i) / std::max(1.0, double(categories.size()) - 1.0);
    };
    auto svg = verticalAxis(scale, kLeft, kRight, top, axis);
    for (std::size_t i = 0; i < categories.size(); ++i)
        svg += label(place(i), kBottom + top + 20, "middle", categories[i], "small");
    for (std::size_t number = 0; number < lines.size(); ++number) {
        const auto& entry = lines[number];
        const auto style = seriesClass(entry.series);
        const double y = 12.0 + 20.0 * double(number);
        svg += line(kRight - 214, y - 4, kRight - 194, y - 4, style + " curve")
            + label(kRight - 186, y, "start", entry.label, "small");
        std::string points;
        std::string dots;
        for (std::size_t i = 0; i < std::min(categories.size(), entry.values.size()); ++i) {
            if (!std::isfinite(entry.values[i]))
                continue;
            const double at = scale.at(std::max(entry.values[i], floor));
            points += print("%.1f,%.1f ", place(i), at);
            dots += dot(place(i), at, style + " dot",
                        entry.label + ", " + categories[i] + ": " + printNumber(entry.values[i]));
        }
        svg += "<polyline class=\"" + style + " curve\" points=\"" + points + "\"/>" + dots;
    }
    return frame(kBottom + top + 30, axis, svg);
}

std::string beforeAfterChart(const std::vector<BeforeAfter>& pairs, const std::string& axis,
                             const std::string& indexName)
{
    constexpr double kLeft = 70.0, kRight = 750.0, kTop = 34.0, kBottom = 264.0;
    std::vector<double> all;
    int last = 0;
    for (const auto& pair : pairs) {
        all.insert(all.end(), {pair.before, pair.after});
        last = std::max(last, pair.index);
    }
    const auto range = positiveRange(all);
    if (!range)
        return {};
    const Axis scale(range->low, range->high, kBottom, kTop, Axis::Scale::Logarithmic);
    const double step = (kRight - kLeft - 40.0) / std::max(1, last);
    auto svg = verticalAxis(scale, kLeft, kRight, kTop, axis);
    svg += label(kRight, kTop - 8, "end", "○ start parameters   ● trained", "small");
    const int stride = std::max(1, (last + 1) / 24);
    for (const auto& pair : pairs) {
        const double x = kLeft + 20.0 + step * pair.index;
        if (pair.index % stride == 0)
            svg += label(x, kBottom + 20, "middle", std::to_string(pair.index), "small");
        if (!(pair.before > 0.0) || !(pair.after > 0.0) || !std::isfinite(pair.before + pair.after))
            continue;
        const auto hint = indexName + " " + std::to_string(pair.index) + ": " + printNumber(pair.before) + " to "
            + printNumber(pair.after);
        svg += line(x, scale.at(pair.before), x, scale.at(pair.after), "s0 bar thin")
            + dot(x, scale.at(pair.before), "s0 ring", hint) + dot(x, scale.at(pair.after), "s0 dot", hint);
    }
    svg += label(kLeft, kBottom + 38, "start", indexName, "small");
    return frame(kBottom + 46, axis, svg);
}

std::string tileChart(const std::vector<Tile>& tiles, const std::vector<std::string>& rowNames)
{
    constexpr double kLeft = 90.0, kTop = 4.0, kRow = 30.0;
    int columns = 0;
    for (const auto& tile : tiles)
        columns = std::max(columns, tile.column + 1);
    if (columns == 0)
        return {};
    const double side = std::min(30.0, (kWidth - kLeft) / columns);
    const double bottom = kTop + kRow * double(rowNames.size());
    std::string svg;
    for (std::size_t i = 0; i < rowNames.size(); ++i)
        svg += label(kLeft - 12, kTop + kRow * double(i) + 19, "end", rowNames[i]);
    for (const auto& tile : tiles) {
        const double x = kLeft + side * tile.column;
        const double y = kTop + kRow * tile.row;
        svg += print("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"3\" class=\"%s tile\"><title>",
                     x + 1, y + 1, side - 2, kRow - 3, seriesClass(tile.series).c_str())
            + escapeHtml(tile.hint) + "</title></rect>";
        if (side > 11.0)
            svg += label(x + side / 2, y + 19, "middle", tile.letter, "tiletext");
    }
    const int stride = std::max(1, columns / 24);
    for (int column = 0; column < columns; column += stride)
        svg += label(kLeft + side * (column + 0.5), bottom + 14, "middle", std::to_string(column), "small");
    return frame(bottom + 22, "choices", svg);
}

} // namespace core
