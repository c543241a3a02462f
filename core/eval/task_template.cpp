// SPDX-License-Identifier: Apache-2.0
#include "core/eval/task_template.h"

#include "core/base/error.h"
#include "core/eval/python_text.h"
#include "core/tokenizer/text_normalizer.h"

namespace core {

namespace {

Error refusal(const std::string& what)
{
    return Error(ErrorKind::InvalidArgument, what);
}

/** Deletes every "[...]" within a line, each up to the nearest "]" (Python's re.sub("\\[.*?\\]", "", text)). */
std::string withoutBrackets(std::string_view text)
{
    std::string result;
    while (!text.empty()) {
        const auto end = text.front() == '[' ? text.find_first_of("]\n") : std::string_view::npos;
        if (end != std::string_view::npos && text[end] == ']') {
            text.remove_prefix(end + 1);
        } else {
            result.push_back(text.front());
            text.remove_prefix(1);
        }
    }
    return result;
}

std::string clean(std::string_view text)
{
    return replaceAll(withoutBrackets(replaceAll(strip(text), " [title]", ". ")), "  ", " ");
}

std::string textOf(const Json& value, const std::string& path)
{
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_number_integer())
        return std::to_string(value.get<std::int64_t>());
    throw refusal("key '" + path + "' is " + value.type_name() + ", not a text");
}

TextFilters parseFilters(std::string_view text)
{
    TextFilters filters;
    while (!text.empty()) {
        const auto end = std::min(text.find('|'), text.size());
        filters.push_back(TextFilter::parse(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return filters;
}

} // namespace

Json valueAt(const Json& item, std::string_view path)
{
    if (path.empty())
        return item;
    if (item.is_array()) {
        auto list = Json::array();
        for (const auto& element : item)
            list.push_back(valueAt(element, path));
        return list;
    }
    if (item.is_object() && item.contains(path))
        return item.at(std::string(path));
    const auto dot = path.find('.');
    const auto key = std::string(path.substr(0, dot));
    if (!item.is_object() || !item.contains(key))
        throw refusal("key '" + key + "' is missing");
    if (dot == std::string_view::npos)
        return item.at(key);
    const auto& inner = item.at(key);
    if (!inner.is_structured())
        throw refusal("key '" + key + "' is " + inner.type_name() + ", without a '" + std::string(path.substr(dot + 1))
                      + "' in it");
    return valueAt(inner, path.substr(dot + 1));
}

TextFilter TextFilter::parse(std::string_view text)
{
    static constexpr std::pair<std::string_view, Kind> kWords[] = {{"strip", Kind::Strip},
                                                                   {"capitalize", Kind::Capitalize},
                                                                   {"clean", Kind::Clean},
                                                                   {"last_word", Kind::LastWord},
                                                                   {"without_last_word", Kind::WithoutLastWord}};
    static constexpr std::pair<std::string_view, Kind> kCuts[] = {{"before:", Kind::Before}, {"after:", Kind::After}};
    TextFilter filter;
    for (const auto& [word, kind] : kWords)
        if (text == word) {
            filter.m_kind = kind;
            return filter;
        }
    for (const auto& [word, kind] : kCuts)
        if (text.starts_with(word) && text.size() > word.size()) {
            filter.m_kind = kind;
            filter.m_argument = text.substr(word.size());
            return filter;
        }
    throw refusal("'" + std::string(text)
                  + "' is no filter: strip, capitalize, clean, last_word, without_last_word, before:X or after:X");
}

std::string TextFilter::apply(std::string_view text) const
{
    const auto space = text.rfind(' ');
    const auto cut = m_argument.empty() ? 0 : text.find(m_argument);
    if (cut == std::string_view::npos)
        throw refusal("'" + m_argument + "' does not occur in \"" + std::string(text) + "\"");
    switch (m_kind) {
    case Kind::Strip: return std::string(strip(text));
    case Kind::Capitalize: return capitalize(text);
    case Kind::Clean: return clean(text);
    case Kind::LastWord: return std::string(space == std::string_view::npos ? text : text.substr(space + 1));
    case Kind::WithoutLastWord: return std::string(space == std::string_view::npos ? "" : text.substr(0, space));
    case Kind::Before: return std::string(text.substr(0, cut));
    case Kind::After: return std::string(text.substr(cut + m_argument.size()));
    }
    return {};
}

std::string applyFilters(const TextFilters& filters, std::string text)
{
    for (const auto& filter : filters)
        text = filter.apply(text);
    return text;
}

TextTemplate TextTemplate::parse(const Json& json)
{
    TextTemplate result;
    if (json.is_string()) {
        result.parseText(json.get<std::string>());
        return result;
    }
    if (!json.is_object() || !json.contains("text") || !json.at("text").is_string())
        throw refusal("a text or {\"text\": ..., \"filters\": [...]} is needed, not " + json.dump());
    result.parseText(json.at("text").get<std::string>());
    if (json.contains("filters"))
        for (const auto& filter : json.at("filters"))
            result.m_filters.push_back(TextFilter::parse(filter.get<std::string>()));
    return result;
}

void TextTemplate::parseText(std::string_view text)
{
    const auto whole = std::string(text);
    std::string literal;
    const auto finishLiteral = [&] {
        if (!literal.empty())
            m_parts.push_back({literal, {}, {}});
        literal.clear();
    };
    while (!text.empty()) {
        const char first = text.front();
        if (first != '{' && first != '}') {
            literal.push_back(first);
            text.remove_prefix(1);
        } else if (text.size() > 1 && text[1] == first) {
            literal.push_back(first);
            text.remove_prefix(2);
        } else {
            const auto end = text.find('}');
            if (first == '}' || end == std::string_view::npos || end == 1)
                throw refusal("the template \"" + whole + "\" has a brace without its partner or nothing between two");
            const auto inside = text.substr(1, end - 1);
            const auto bar = std::min(inside.find('|'), inside.size());
            finishLiteral();
            m_parts.push_back({{},
                               std::string(inside.substr(0, bar)),
                               parseFilters(inside.substr(std::min(bar + 1, inside.size())))});
            text.remove_prefix(end + 1);
        }
    }
    finishLiteral();
}

std::string TextTemplate::render(const Json& item) const
{
    std::string text;
    for (const auto& part : m_parts)
        text += part.path.empty() ? part.text : applyFilters(part.filters, textOf(valueAt(item, part.path), part.path));
    return applyFilters(m_filters, std::move(text));
}

} // namespace core
