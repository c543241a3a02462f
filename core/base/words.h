// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace core {

/** An enumeration as files and the command line spell it: each word once. */
template <typename Value, std::size_t n>
using Words = std::array<std::pair<std::string_view, Value>, n>;

/** Empty for a value that has no word. */
template <typename Value, std::size_t n>
constexpr std::string_view wordFor(const Words<Value, n>& words, Value value)
{
    for (const auto& [word, meant] : words)
        if (meant == value)
            return word;
    return {};
}

/** Throws Error(InvalidArgument) that names what was read and the words there are. */
template <typename Value, std::size_t n>
Value valueOf(const Words<Value, n>& words, std::string_view text)
{
    std::string known;
    for (const auto& [word, value] : words) {
        if (word == text)
            return value;
        known += (known.empty() ? "" : ", ") + std::string(word);
    }
    throw Error(ErrorKind::InvalidArgument, "'" + std::string(text) + "' is none of " + known);
}

} // namespace core
