// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace core::chat_template {

struct Statement;

class Value;
using List = std::vector<Value>;

/** A mapping in order of insertion; a `namespace` is one whose values can be set. */
struct Dict
{
    std::vector<std::pair<std::string, Value>> members;
    bool isNamespace = false;

    const Value* find(std::string_view key) const;
    void set(const std::string& key, Value value);
};

struct Undefined
{
    std::string name; // for messages
};

struct None
{
};

/** A function of the program ("range") or a macro of the template. */
struct Function
{
    std::string name;
    const Statement* macro = nullptr;
};

/** A value of a running template. Lists and mappings are shared, as in Python. */
class Value
{
public:
    using Content = std::variant<Undefined, None, bool, std::int64_t, double, std::string, std::shared_ptr<const List>,
                                 std::shared_ptr<Dict>, Function>;

    Value() = default; // undefined
    template <typename T>
    requires(!std::is_same_v<std::remove_cvref_t<T>, Value>) Value(T&& content)
        : m_content(std::forward<T>(content))
    {
    }
    Value(const char* text)
        : m_content(std::string(text))
    {
    }

    template <typename T>
    const T* as() const
    {
        return std::get_if<T>(&m_content);
    }

    bool isUndefined() const { return as<Undefined>(); }
    bool isNone() const { return as<None>(); }
    const std::string* text() const { return as<std::string>(); }
    const List* list() const;
    Dict* dict() const;
    bool isNumber() const { return as<bool>() || as<std::int64_t>() || as<double>(); }
    double number() const; // of a number; True is 1

    bool isTrue() const;               // as Python's bool()
    std::string_view typeName() const; // "string", "list", ... for messages

    /** What {{ value }} prints. Throws Error(Unsupported) for lists and mappings, which only tojson writes. */
    std::string print() const;

private:
    Content m_content;
};

Value makeList(List items);
Value makeDict(Dict dict);

/** json.dumps(value, ensure_ascii=False, indent=indent); indent < 0: one line. */
std::string toJson(const Value& value, int indent);

} // namespace core::chat_template
