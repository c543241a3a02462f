// SPDX-License-Identifier: Apache-2.0
#include "core/chat/template_value.h"

#include "core/base/error.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace core::chat_template {

const Value* Dict::find(std::string_view key) const
{
    for (const auto& [name, value] : members) {
        if (name == key)
            return &value;
    }
    return nullptr;
}

void Dict::set(const std::string& key, Value value)
{
    for (auto& [name, old] : members) {
        if (name == key) {
            old = std::move(value);
            return;
        }
    }
    members.emplace_back(key, std::move(value));
}

const List* Value::list() const
{
    const auto* shared = as<std::shared_ptr<const List>>();
    return shared ? shared->get() : nullptr;
}

Dict* Value::dict() const
{
    const auto* shared = as<std::shared_ptr<Dict>>();
    return shared ? shared->get() : nullptr;
}

double Value::number() const
{
    if (const auto* flag = as<bool>())
        return *flag ? 1 : 0;
    if (const auto* integer = as<std::int64_t>())
        return static_cast<double>(*integer);
    return *as<double>();
}

bool Value::isTrue() const
{
    if (isUndefined() || isNone())
        return false;
    if (isNumber())
        return number() != 0;
    if (const std::string* string = text())
        return !string->empty();
    if (const List* items = list())
        return !items->empty();
    if (const Dict* members = dict())
        return !members->members.empty() || members->isNamespace;
    return true;
}

std::string_view Value::typeName() const
{
    constexpr std::string_view kNames[] = {"undefined value", "none", "boolean", "integer", "float",
                                           "string",          "list", "mapping", "function"};
    return kNames[m_content.index()];
}

namespace {

std::string printFloat(double value)
{
    char digits[32];
    const auto [end, problem] = std::to_chars(digits, digits + sizeof digits, value);
    std::string text(digits, problem == std::errc() ? end : digits);
    const bool plain = text.find_first_not_of("-0123456789") == std::string::npos;
    return plain ? text + ".0" : text;
}

void appendQuoted(std::string& out, std::string_view text)
{
    constexpr char kHex[] = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        case '\b': out += "\\b"; break;
        case '\f': out += "\\f"; break;
        default:
            if (static_cast<unsigned char>(c) < 0x20)
                out.append("\\u00").append(1, kHex[c >> 4 & 15]).append(1, kHex[c & 15]);
            else
                out += c;
        }
    }
    out += '"';
}

/** Lists and mappings can be built so that they hold one another many times: the output has a bound. */
class JsonWriter
{
public:
    explicit JsonWriter(int indent)
        : m_indent(indent)
    {
    }

    void write(const Value& value, int depth)
    {
        constexpr std::size_t kLongest = 4u << 20;
        constexpr int kDeepest = 64;
        if (m_out.size() > kLongest || depth > kDeepest)
            throw Error(ErrorKind::Unsupported, "the chat template writes a value that is too large as JSON");
        if (const List* items = value.list())
            writeList(*items, depth);
        else if (const Dict* dict = value.dict())
            writeDict(*dict, depth);
        else if (const std::string* text = value.text())
            appendQuoted(m_out, *text);
        else if (const auto* flag = value.as<bool>())
            m_out += *flag ? "true" : "false";
        else if (value.isNone())
            m_out += "null";
        else if (value.isNumber())
            m_out += value.print();
        else
            throw Error(ErrorKind::Unsupported,
                        "the chat template writes a value as JSON that has no JSON form ("
                            + std::string(value.typeName()) + ")");
    }

    std::string take() { return std::move(m_out); }

private:
    void writeList(const List& items, int depth)
    {
        m_out += '[';
        for (std::size_t i = 0; i < items.size(); ++i) {
            separate(i, depth + 1);
            write(items[i], depth + 1);
        }
        close(items.empty(), depth, ']');
    }

    void writeDict(const Dict& dict, int depth)
    {
        m_out += '{';
        for (std::size_t i = 0; i < dict.members.size(); ++i) {
            separate(i, depth + 1);
            appendQuoted(m_out, dict.members[i].first);
            m_out += ": ";
            write(dict.members[i].second, depth + 1);
        }
        close(dict.members.empty(), depth, '}');
    }

    void separate(std::size_t i, int depth)
    {
        if (i > 0)
            m_out += m_indent < 0 ? ", " : ",";
        if (m_indent >= 0)
            m_out.append("\n").append(static_cast<std::size_t>(depth) * static_cast<std::size_t>(m_indent), ' ');
    }

    void close(bool empty, int depth, char bracket)
    {
        if (!empty && m_indent >= 0)
            m_out.append("\n").append(static_cast<std::size_t>(depth) * static_cast<std::size_t>(m_indent), ' ');
        m_out += bracket;
    }

    int m_indent;
    std::string m_out;
};

} // namespace

std::string Value::print() const
{
    if (isUndefined())
        return {};
    if (isNone())
        return "None";
    if (const auto* flag = as<bool>())
        return *flag ? "True" : "False";
    if (const auto* integer = as<std::int64_t>())
        return std::to_string(*integer);
    if (const auto* real = as<double>())
        return printFloat(*real);
    if (const std::string* string = text())
        return *string;
    throw Error(ErrorKind::Unsupported,
                "the chat template prints a " + std::string(typeName()) + "; only tojson writes those");
}

Value makeList(List items)
{
    return Value(std::shared_ptr<const List>(std::make_shared<List>(std::move(items))));
}

Value makeDict(Dict dict)
{
    return Value(std::make_shared<Dict>(std::move(dict)));
}

std::string toJson(const Value& value, int indent)
{
    JsonWriter writer(indent);
    writer.write(value, 0);
    return writer.take();
}

} // namespace core::chat_template
