// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Python's str methods that chat templates use, on UTF-8. Positions and lengths are in characters.
namespace core::chat_template {

std::int64_t lengthOf(std::string_view text);
std::vector<std::string> charactersOf(std::string_view text);

/** Characters begin to end - 1. */
std::string charactersBetween(std::string_view text, std::int64_t begin, std::int64_t end);

enum class Sides { Left, Right, Both };

/** Without `characters` white space is taken away, else every character that stands in it. */
std::string strip(std::string_view text, Sides sides, const std::optional<std::string>& characters);

/** Without `separator` at runs of white space. `limit` < 0: no limit. */
std::vector<std::string> split(std::string_view text, const std::optional<std::string>& separator, std::int64_t limit);

std::string replaceText(std::string_view text, std::string_view from, std::string_view to, std::int64_t limit);

std::string upper(std::string_view text);
std::string lower(std::string_view text);
std::string capitalize(std::string_view text); // first character upper, others lower
std::string title(std::string_view text);      // so for every word

} // namespace core::chat_template
