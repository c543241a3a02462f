// SPDX-License-Identifier: Apache-2.0
#include "app/cli/table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace cli {

namespace {

std::size_t characters(const std::string& text)
{
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }));
}

template <typename... Values>
std::string print(const char* format, Values... values)
{
    char text[64];
    std::snprintf(text, sizeof text, format, values...);
    return text;
}

} // namespace

Table::Table(std::vector<std::string> header)
{
    for (auto& name : header) {
        m_left.push_back(name.starts_with('<'));
        if (m_left.back())
            name.erase(0, 1);
    }
    m_rows.push_back(std::move(header));
}

void Table::add(std::vector<std::string> row)
{
    row.resize(m_left.size());
    m_rows.push_back(std::move(row));
}

std::string Table::text() const
{
    std::vector<std::size_t> widths(m_left.size(), 0);
    for (const auto& row : m_rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], characters(row[i]));
    std::string text;
    for (const auto& row : m_rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string padding(widths[i] - characters(row[i]), ' ');
            line += (i > 0 ? "  " : "") + (m_left[i] ? row[i] + padding : padding + row[i]);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

std::string number(double value, int digits)
{
    return print("%.*g", digits, value);
}

std::string bytes(std::uint64_t count)
{
    constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB"};
    auto value = static_cast<double>(count);
    int unit = 0;
    for (; value >= 1000.0 && unit < 4; ++unit)
        value /= 1000.0;
    return unit == 0 ? print("%.0f %s", value, units[unit]) : print("%.3g %s", value, units[unit]);
}

std::string seconds(double value)
{
    if (value < 10.0)
        return print("%.1f s", value);
    const auto whole = static_cast<long>(std::lround(value));
    if (whole < 60)
        return print("%ld s", whole);
    if (whole < 3600)
        return print("%ld min %ld s", whole / 60, whole % 60);
    return print("%ld h %ld min", whole / 3600, whole % 3600 / 60);
}

} // namespace cli
