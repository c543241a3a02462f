// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace core {

struct TableLine
{
    std::vector<std::string> cells;
    std::int64_t line = 0; // where it begins, from 1
};

/** A table as RFC 4180 has it, with any delimiter: a cell in double quotes may hold delimiters, line ends and doubled quotes;
    elsewhere quotes are letters. Empty lines are left out. Throws Error(Corrupt) naming the line of a quote never closed. */
std::vector<TableLine> parseTable(std::string_view text, char delimiter, const std::string& name);

} // namespace core
