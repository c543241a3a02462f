// SPDX-License-Identifier: Apache-2.0
#include "core/eval/delimited_table.h"

#include "core/base/error.h"

#include <algorithm>

namespace core {

namespace {

/** Reads the cell at the front of `text` and leaves what follows it: a delimiter, a line end or nothing. */
std::string takeCell(std::string_view& text, char delimiter, std::int64_t& line, const std::string& name)
{
    std::string cell;
    if (text.starts_with('"')) {
        const auto begin = line;
        text.remove_prefix(1);
        for (;;) {
            if (text.empty())
                throw Error(ErrorKind::Corrupt, "line " + std::to_string(begin) + " opens a quote that is never closed",
                            name);
            const char next = text.front();
            text.remove_prefix(1);
            if (next == '"' && !text.starts_with('"'))
                break;
            if (next == '"')
                text.remove_prefix(1);
            line += next == '\n';
            cell.push_back(next);
        }
    }
    const char ends[] = {delimiter, '\r', '\n'};
    const auto end = std::min(text.find_first_of(std::string_view(ends, 3)), text.size());
    cell.append(text.substr(0, end));
    text.remove_prefix(end);
    return cell;
}

} // namespace

std::vector<TableLine> parseTable(std::string_view text, char delimiter, const std::string& name)
{
    std::vector<TableLine> lines;
    std::int64_t line = 1;
    while (!text.empty()) {
        TableLine row{{}, line};
        for (;;) {
            row.cells.push_back(takeCell(text, delimiter, line, name));
            if (!text.starts_with(delimiter))
                break;
            text.remove_prefix(1);
        }
        if (text.starts_with('\r'))
            text.remove_prefix(1);
        if (text.starts_with('\n'))
            text.remove_prefix(1);
        ++line;
        if (row.cells.size() > 1 || !row.cells.front().empty())
            lines.push_back(std::move(row));
    }
    return lines;
}

} // namespace core
