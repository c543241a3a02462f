// SPDX-License-Identifier: Apache-2.0
#include "core/eval/trailing_whitespace.h"

namespace core {

namespace {

using namespace std::string_view_literals;

/** Python's whitespace as UTF-8 (CPython's _PyUnicode_IsWhitespace). */
constexpr std::string_view kSpaces[] = {
    "\t"sv,           "\n"sv,           "\v"sv,           "\f"sv,           "\r"sv,
    "\x1c"sv,         "\x1d"sv,         "\x1e"sv,         "\x1f"sv,         " "sv,
    "\xc2\x85"sv,     "\xc2\xa0"sv,     "\xe1\x9a\x80"sv, "\xe2\x80\x80"sv, "\xe2\x80\x81"sv,
    "\xe2\x80\x82"sv, "\xe2\x80\x83"sv, "\xe2\x80\x84"sv, "\xe2\x80\x85"sv, "\xe2\x80\x86"sv,
    "\xe2\x80\x87"sv, "\xe2\x80\x88"sv, "\xe2\x80\x89"sv, "\xe2\x80\x8a"sv, "\xe2\x80\xa8"sv,
    "\xe2\x80\xa9"sv, "\xe2\x80\xaf"sv, "\xe2\x81\x9f"sv, "\xe3\x80\x80"sv,
};

} // namespace

std::size_t lengthWithoutTrailingWhitespace(std::string_view text)
{
    for (bool found = true; found;) {
        found = false;
        for (const auto space : kSpaces) {
            if (text.ends_with(space)) {
                text.remove_suffix(space.size());
                found = true;
            }
        }
    }
    return text.size();
}

} // namespace core
