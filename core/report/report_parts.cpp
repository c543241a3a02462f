// SPDX-License-Identifier: Apache-2.0
#include "core/report/report_parts.h"

#include "core/report/svg_charts.h"

#include <cstdio>

namespace core {

std::string withError(double value, double stderror, int digits)
{
    return printNumber(value, digits) + (stderror > 0.0 ? " ± " + printNumber(stderror, 2) : "");
}

std::string percent(double share, double stderror)
{
    char text[48];
    std::snprintf(text, sizeof text, stderror > 0.0 ? "%.2f ± %.2f %%" : "%.2f %%", 100.0 * share, 100.0 * stderror);
    return text;
}

std::string section(const std::string& name, const std::string& note, const std::string& content)
{
    if (content.empty())
        return {};
    return "<h2>" + escapeHtml(name) + "</h2>\n<p class=\"note\">" + escapeHtml(note) + "</p>\n" + content;
}

std::string figure(const std::string& svg, const std::string& caption)
{
    if (svg.empty())
        return {};
    return "<figure>" + svg + "<figcaption>" + escapeHtml(caption) + "</figcaption></figure>\n";
}

std::string shortName(const std::string& name)
{
    std::vector<std::size_t> starts;
    for (std::size_t i = 0; i < name.size(); ++i)
        if ((static_cast<unsigned char>(name[i]) & 0xC0) != 0x80)
            starts.push_back(i);
    if (starts.size() <= 24)
        return name;
    return name.substr(0, starts[11]) + "…" + name.substr(starts[starts.size() - 12]);
}

HtmlTable::HtmlTable(const std::vector<std::string>& header)
{
    if (!header.empty())
        addRow(header, "th");
}

std::string HtmlTable::text() const
{
    return "<div class=\"scroll\"><table>" + m_rows + "</table></div>\n";
}

void HtmlTable::addRow(const std::vector<std::string>& cells, const std::string& tag)
{
    m_rows += "<tr>";
    for (const auto& cell : cells) {
        const auto bar = cell.find('|');
        const bool styled = cell.starts_with('@') && bar != std::string::npos;
        m_rows += "<" + tag + (styled ? " class=\"" + cell.substr(1, bar - 1) + "\">" : ">")
            + escapeHtml(styled ? cell.substr(bar + 1) : cell) + "</" + tag + ">";
    }
    m_rows += "</tr>\n";
}

} // namespace core
