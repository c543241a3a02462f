// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace core {

// What the sections of a report are put together from.

/** "7.25 ± 0.1"; without an error the value alone. */
std::string withError(double value, double stderror, int digits = 4);

/** Shares as "87.50 ± 1.20 %". */
std::string percent(double share, double stderror);

/** At most 24 characters, so that it fits beside a chart; cut in the middle, never inside a character. */
std::string shortName(const std::string& name);

/** A heading, a sentence on what is seen, and the content (HTML); nothing where the content is empty. */
std::string section(const std::string& name, const std::string& note, const std::string& content);

/** A chart with its caption; nothing where there is no chart. */
std::string figure(const std::string& svg, const std::string& caption);

/** A table of escaped cells; a cell may bring a class in front: "@bad|text". */
class HtmlTable
{
public:
    explicit HtmlTable(const std::vector<std::string>& header); // may be empty
    void add(const std::vector<std::string>& cells) { addRow(cells, "td"); }
    std::string text() const;

private:
    void addRow(const std::vector<std::string>& cells, const std::string& tag);

    std::string m_rows;
};

} // namespace core
