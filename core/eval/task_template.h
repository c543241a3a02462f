// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/json.h"

#include <string>
#include <vector>

namespace core {

/** What a path such as "choices.text" leads to in an item: keys one below the other; a list on the way is followed in each
    of its elements, which gives a list; a key that itself holds dots is found first. Throws Error(InvalidArgument) naming
    the key that is missing. */
Json valueAt(const Json& item, std::string_view path);

/** A change of a text: strip, capitalize, clean (HellaSwag's: brackets out), last_word, without_last_word (cut at the last
    space), before:X, after:X (cut at the first X). */
class TextFilter
{
public:
    /** Throws Error(InvalidArgument) for an unknown word. */
    static TextFilter parse(std::string_view text);

    /** Throws Error(InvalidArgument) where X does not occur. */
    std::string apply(std::string_view text) const;

private:
    enum class Kind { Strip, Capitalize, Clean, LastWord, WithoutLastWord, Before, After };

    Kind m_kind = Kind::Strip;
    std::string m_argument;
};

using TextFilters = std::vector<TextFilter>;
std::string applyFilters(const TextFilters& filters, std::string text);

/** A text made from an item: "Question: {question}\nAnswer:" puts in the item's values, "{ctx_b|capitalize}" filtered
    ones; {{ and }} are braces. As JSON a text, or {"text": ..., "filters": [...]} whose filters see the whole. */
class TextTemplate
{
public:
    static TextTemplate parse(const Json& json);

    /** Throws Error(InvalidArgument) naming the key: missing, or neither text nor number. */
    std::string render(const Json& item) const;

private:
    struct Part
    {
        std::string text;
        std::string path; // empty: `text` as it is
        TextFilters filters;
    };

    void parseText(std::string_view text);

    std::vector<Part> m_parts;
    TextFilters m_filters;
};

} // namespace core
