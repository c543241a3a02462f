// SPDX-License-Identifier: Apache-2.0
#include "app/train_demo/grammar.h"

#include "app/train_demo/forms.h"
#include "core/base/error.h"

#include <algorithm>
#include <cctype>

namespace demo {

namespace {

/** The alternatives of "[a|b|[c|d]]" given without the outer brackets. */
std::vector<std::string_view> splitAlternatives(std::string_view inside)
{
    std::vector<std::string_view> parts;
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < inside.size(); ++i) {
        depth += inside[i] == '[' ? 1 : inside[i] == ']' ? -1 : 0;
        if (inside[i] == '|' && depth == 0) {
            parts.push_back(inside.substr(begin, i - begin));
            begin = i + 1;
        }
    }
    parts.push_back(inside.substr(begin));
    return parts;
}

/** The place of the bracket that closes the one at `open`. */
std::size_t closing(std::string_view text, std::size_t open)
{
    int depth = 0;
    for (std::size_t i = open; i < text.size(); ++i) {
        depth += text[i] == '[' ? 1 : text[i] == ']' ? -1 : 0;
        if (depth == 0)
            return i;
    }
    throw core::Error(core::ErrorKind::Corrupt, "grammar string with an open bracket: " + std::string(text));
}

std::string withoutDigits(std::string slot)
{
    while (!slot.empty() && std::isdigit(static_cast<unsigned char>(slot.back())))
        slot.pop_back();
    return slot;
}

} // namespace

void Grammar::cast(const std::string& role, std::size_t person)
{
    m_cast[role] = person;
}

std::string Grammar::draw(const std::string& slot)
{
    const std::string list = withoutDigits(slot);
    const auto found = kLists.find(list);
    if (found == kLists.end())
        throw core::Error(core::ErrorKind::Corrupt, "grammar slot {" + slot + "} is neither cast, bound nor a list");
    std::vector<std::string> free;
    for (const auto& word : found->second) {
        const bool taken = std::any_of(m_words.begin(), m_words.end(), [&](const auto& used) {
            return withoutDigits(used.first) == list && used.second == word;
        });
        if (!taken)
            free.push_back(word);
    }
    return m_words[slot] = m_random.pick(free);
}

std::string Grammar::resolve(const std::string& slot)
{
    if (const auto word = m_words.find(slot); word != m_words.end())
        return word->second;
    const auto dot = slot.find('.');
    if (const auto person = m_cast.find(slot.substr(0, dot)); person != m_cast.end()) {
        if (dot == std::string::npos)
            return m_world.people()[person->second].name;
        return m_world.attribute(person->second, slot.substr(dot + 1));
    }
    return draw(slot);
}

std::string Grammar::write(std::string_view text)
{
    std::string written;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '[') {
            const std::size_t end = closing(text, i);
            written += write(m_random.pick(splitAlternatives(text.substr(i + 1, end - i - 1))));
            i = end;
        } else if (text[i] == '{') {
            const std::size_t end = text.find('}', i);
            if (end == std::string_view::npos)
                throw core::Error(core::ErrorKind::Corrupt, "grammar string with an open brace: " + std::string(text));
            written += resolve(std::string(text.substr(i + 1, end - i - 1)));
            i = end;
        } else {
            written += text[i];
        }
    }
    return written;
}

std::string capitalized(std::string text)
{
    bool begins = true;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto character = static_cast<unsigned char>(text[i]);
        if (begins && std::isalpha(character)) {
            text[i] = static_cast<char>(std::toupper(character));
            begins = false;
        } else if (!std::isspace(character) && character != '"') {
            begins = character == '.' || character == '!' || character == '?' || character == '\n';
        }
    }
    return text;
}

} // namespace demo
