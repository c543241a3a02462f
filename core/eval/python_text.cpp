// SPDX-License-Identifier: Apache-2.0
#include "core/eval/python_text.h"

#include <utf8proc.h>

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

std::string_view strip(std::string_view text)
{
    text = text.substr(0, lengthWithoutTrailingWhitespace(text));
    for (bool found = true; found;) {
        found = false;
        for (const auto space : kSpaces) {
            if (text.starts_with(space)) {
                text.remove_prefix(space.size());
                found = true;
            }
        }
    }
    return text;
}

std::string capitalize(std::string_view text)
{
    std::string result;
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    const auto size = static_cast<utf8proc_ssize_t>(text.size());
    for (utf8proc_ssize_t at = 0; at < size;) {
        utf8proc_int32_t character = 0;
        const auto length = utf8proc_iterate(bytes + at, size - at, &character);
        if (length < 1) { // not UTF-8: as it is
            result.push_back(text[static_cast<std::size_t>(at++)]);
            continue;
        }
        utf8proc_uint8_t encoded[4];
        const auto mapped = at == 0 ? utf8proc_totitle(character) : utf8proc_tolower(character);
        const auto count = utf8proc_encode_char(mapped, encoded);
        result.append(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(count));
        at += length;
    }
    return result;
}

std::size_t characterCount(std::string_view text)
{
    std::size_t count = 0;
    for (const char byte : text)
        count += (static_cast<unsigned char>(byte) & 0xc0u) != 0x80u; // all but the following bytes of a character
    return count;
}

} // namespace core
