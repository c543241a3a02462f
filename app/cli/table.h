// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cli {

/** Columns for a person: a header written "<name" is aligned left, others right. */
class Table
{
public:
    explicit Table(std::vector<std::string> header);
    void add(std::vector<std::string> row);
    std::string text() const;

private:
    std::vector<bool> m_left;
    std::vector<std::vector<std::string>> m_rows;
};

std::string number(double value, int digits = 5); // significant digits; "nan", "inf" as they are
std::string bytes(std::uint64_t count);           // "1.04 MB"
std::string seconds(double value);                // "0.4 s", "2 min 5 s", "1 h 2 min"

} // namespace cli
