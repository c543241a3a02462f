// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace core {

enum class Utf8State {
    Valid,      // one whole character
    Malformed,  // cannot become one, whatever follows
    Unfinished, // the text ends inside a character that is right so far
};

/** What stands at one place of a text. For Malformed `length` is the maximal bad part that one U+FFFD replaces (Unicode
    15, section 3.9, table 3-11), at least 1. */
struct Utf8Character
{
    Utf8State state = Utf8State::Malformed;
    std::size_t length = 1;
    std::uint32_t codePoint = 0xFFFD; // meaningful where Valid
};

/** `position` must lie inside `text`. Surrogates, overlong forms and values above U+10FFFF are Malformed. */
Utf8Character utf8At(std::string_view text, std::size_t position);

/** `text` with every malformed or unfinished part as U+FFFD, as Python's errors="replace" does it. */
std::string toValidUtf8(std::string_view text);

void appendUtf8(std::string& text, std::uint32_t codePoint);

} // namespace core
