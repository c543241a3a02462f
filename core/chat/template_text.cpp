// SPDX-License-Identifier: Apache-2.0
#include "core/chat/template_text.h"

#include "core/tokenizer/utf8_decoding.h"

#include <utf8proc.h>

#include <algorithm>

namespace core::chat_template {
namespace {

// str.isspace() of Python.
bool isSpace(std::string_view character)
{
    const std::uint32_t codePoint = utf8At(character, 0).codePoint;
    if ((codePoint >= 0x09 && codePoint <= 0x0D) || (codePoint >= 0x1C && codePoint <= 0x20) || codePoint == 0x85)
        return true;
    const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(codePoint));
    return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

bool isLetter(std::uint32_t codePoint)
{
    const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(codePoint));
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

using Mapping = utf8proc_int32_t (*)(utf8proc_int32_t);

void appendMapped(std::string& out, std::string_view character, Mapping mapping)
{
    const Utf8Character decoded = utf8At(character, 0);
    if (decoded.state == Utf8State::Valid)
        appendUtf8(out, static_cast<std::uint32_t>(mapping(static_cast<utf8proc_int32_t>(decoded.codePoint))));
    else
        out += character;
}

std::string mapAll(std::string_view text, Mapping mapping)
{
    std::string mapped;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = utf8At(text, i).length;
        appendMapped(mapped, text.substr(i, length), mapping);
        i += length;
    }
    return mapped;
}

std::vector<std::string> splitAtSpace(std::string_view text, std::int64_t limit)
{
    std::vector<std::string> words;
    for (std::size_t i = 0; i < text.size();) {
        if (isSpace(text.substr(i))) {
            i += utf8At(text, i).length;
            continue;
        }
        if (limit >= 0 && static_cast<std::int64_t>(words.size()) == limit) {
            words.push_back(strip(text.substr(i), Sides::Right, std::nullopt));
            break;
        }
        const std::size_t begin = i;
        while (i < text.size() && !isSpace(text.substr(i)))
            i += utf8At(text, i).length;
        words.emplace_back(text.substr(begin, i - begin));
    }
    return words;
}

} // namespace

std::int64_t lengthOf(std::string_view text)
{
    return std::count_if(text.begin(), text.end(),
                         [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

std::vector<std::string> charactersOf(std::string_view text)
{
    std::vector<std::string> characters;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = utf8At(text, i).length;
        characters.emplace_back(text.substr(i, length));
        i += length;
    }
    return characters;
}

std::string charactersBetween(std::string_view text, std::int64_t begin, std::int64_t end)
{
    std::string chosen;
    std::int64_t place = -1;
    for (const char c : text) {
        place += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
        if (place >= end)
            break;
        if (place >= begin)
            chosen += c;
    }
    return chosen;
}

std::string strip(std::string_view text, Sides sides, const std::optional<std::string>& characters)
{
    const std::vector<std::string> removed = characters ? charactersOf(*characters) : std::vector<std::string>();
    const auto goes = [&](std::string_view character) {
        return characters ? std::find(removed.begin(), removed.end(), character) != removed.end() : isSpace(character);
    };
    while (sides != Sides::Right && !text.empty()) {
        const std::size_t length = utf8At(text, 0).length;
        if (!goes(text.substr(0, length)))
            break;
        text.remove_prefix(length);
    }
    while (sides != Sides::Left && !text.empty()) {
        std::size_t start = text.size() - 1;
        while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80)
            --start;
        if (!goes(text.substr(start)))
            break;
        text = text.substr(0, start);
    }
    return std::string(text);
}

std::vector<std::string> split(std::string_view text, const std::optional<std::string>& separator, std::int64_t limit)
{
    if (!separator)
        return splitAtSpace(text, limit);
    std::vector<std::string> parts;
    std::size_t begin = 0;
    while (limit < 0 || static_cast<std::int64_t>(parts.size()) < limit) {
        const std::size_t found = separator->empty() ? std::string_view::npos : text.find(*separator, begin);
        if (found == std::string_view::npos)
            break;
        parts.emplace_back(text.substr(begin, found - begin));
        begin = found + separator->size();
    }
    parts.emplace_back(text.substr(begin));
    return parts;
}

std::string replaceText(std::string_view text, std::string_view from, std::string_view to, std::int64_t limit)
{
    if (from.empty())
        return std::string(text);
    std::string replaced;
    std::size_t begin = 0;
    for (std::int64_t count = 0; limit < 0 || count < limit; ++count) {
        const std::size_t found = text.find(from, begin);
        if (found == std::string_view::npos)
            break;
        replaced.append(text.substr(begin, found - begin)).append(to);
        begin = found + from.size();
    }
    return replaced.append(text.substr(begin));
}

std::string upper(std::string_view text)
{
    return mapAll(text, utf8proc_toupper);
}

std::string lower(std::string_view text)
{
    return mapAll(text, utf8proc_tolower);
}

std::string capitalize(std::string_view text)
{
    if (text.empty())
        return {};
    const std::size_t first = utf8At(text, 0).length;
    return mapAll(text.substr(0, first), utf8proc_totitle) + lower(text.substr(first));
}

std::string title(std::string_view text)
{
    std::string titled;
    bool inWord = false;
    for (std::size_t i = 0; i < text.size();) {
        const Utf8Character character = utf8At(text, i);
        appendMapped(titled, text.substr(i, character.length), inWord ? utf8proc_tolower : utf8proc_totitle);
        inWord = isLetter(character.codePoint);
        i += character.length;
    }
    return titled;
}

} // namespace core::chat_template
