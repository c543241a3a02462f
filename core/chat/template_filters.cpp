// SPDX-License-Identifier: Apache-2.0
// Jinja's filters and tests: the third part of Evaluator.
#include "core/chat/template_evaluator.h"
#include "core/chat/template_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace core::chat_template {
namespace {

std::string printed(const Arguments& arguments, std::size_t place, std::string_view name, const std::string& absent)
{
    const Value* value = arguments.get(place, name);
    return value ? value->print() : absent;
}

Value lengthOfValue(const Value& value, int line)
{
    if (const std::string* text = value.text())
        return Value(lengthOf(*text));
    if (const List* list = value.list())
        return Value(static_cast<std::int64_t>(list->size()));
    if (const Dict* dict = value.dict())
        return Value(static_cast<std::int64_t>(dict->members.size()));
    if (value.isUndefined())
        return Value(std::int64_t{0});
    Evaluator::fail(ErrorKind::InvalidArgument, "a " + std::string(value.typeName()) + " has no length", line);
}

Value toInteger(const Value& value)
{
    if (value.isNumber() && std::abs(value.number()) < 9e18)
        return Value(static_cast<std::int64_t>(value.number()));
    std::int64_t integer = 0;
    if (const std::string* text = value.text()) {
        const std::string digits = strip(*text, Sides::Both, std::nullopt);
        std::from_chars(digits.data(), digits.data() + digits.size(), integer);
    }
    return Value(integer);
}

std::optional<Value> textFilter(const std::string& name, const Value& value, const Arguments& arguments, int line,
                                Budget& budget)
{
    if (name == "trim" || name == "upper" || name == "lower" || name == "title" || name == "capitalize"
        || name == "string" || name == "replace" || name == "indent") {
        const std::string text = value.print();
        budget.use(text.size() * 4, line);
        if (name == "trim") {
            const Value* characters = arguments.get(0, "chars");
            return Value(strip(text, Sides::Both,
                               characters && characters->text() ? std::optional(*characters->text()) : std::nullopt));
        }
        if (name == "upper")
            return Value(upper(text));
        if (name == "lower")
            return Value(lower(text));
        if (name == "title")
            return Value(title(text));
        if (name == "capitalize")
            return Value(capitalize(text));
        if (name == "replace")
            return callMethod(Value(text), "replace", arguments, line, budget);
        if (name == "indent") {
            const Value* width = arguments.get(0, "width");
            const auto* spaces = width ? width->as<std::int64_t>() : nullptr;
            const std::string margin(static_cast<std::size_t>(std::clamp<std::int64_t>(spaces ? *spaces : 4, 0, 1000)),
                                     ' ');
            return callMethod(Value(text), "replace", {{Value("\n"), Value("\n" + margin)}, {}}, line, budget);
        }
        return Value(text);
    }
    return std::nullopt;
}

std::optional<Value> listFilter(const std::string& name, const Value& value, const Arguments& arguments, int line,
                                Evaluator& evaluator)
{
    if (name == "first" || name == "last") {
        const List items = evaluator.itemsOf(value, line);
        if (items.empty())
            return Value(Undefined{"the " + name + " element"});
        return name == "first" ? items.front() : items.back();
    }
    if (name == "list")
        return makeList(evaluator.itemsOf(value, line));
    if (name == "reverse") {
        List items = evaluator.itemsOf(value, line);
        std::reverse(items.begin(), items.end());
        return makeList(std::move(items));
    }
    if (name == "join") {
        const Value items = makeList(evaluator.itemsOf(value, line));
        return callMethod(Value(printed(arguments, 0, "d", "")), "join", {{items}, {}}, line, evaluator.budget());
    }
    if (name == "items")
        return value.isUndefined() ? makeList({}) : callMethod(value, "items", {}, line, evaluator.budget());
    return std::nullopt;
}

// map(attribute="x") or map("filter", ...); select, reject ("test", ...); selectattr, rejectattr ("x", "test", ...).
std::optional<Value> mappingFilter(const std::string& name, const Value& value, const Arguments& arguments, int line,
                                   Evaluator& evaluator)
{
    const bool byAttribute = name == "selectattr" || name == "rejectattr";
    if (name != "map" && name != "select" && name != "reject" && !byAttribute)
        return std::nullopt;
    const Value* attribute = byAttribute ? arguments.get(0, "")
        : name == "map"                  ? arguments.get(99, "attribute")
                                         : nullptr;
    const Value* rule = arguments.get(byAttribute ? 1 : 0, "");
    if ((byAttribute && (!attribute || !attribute->text())) || (rule && !rule->text()))
        Evaluator::fail(ErrorKind::InvalidArgument, "the filter " + name + " needs names", line);
    if (attribute && attribute->text() && attribute->text()->find('.') != std::string::npos)
        Evaluator::fail(ErrorKind::Unsupported, "attributes of attributes in the filter " + name + " are not supported",
                        line);
    Arguments rest;
    for (std::size_t i = byAttribute ? 2 : 1; i < arguments.values.size(); ++i)
        rest.values.push_back(arguments.values[i]);
    List result;
    const List items = value.isTrue() ? evaluator.itemsOf(value, line) : List(); // none is as good as empty here
    for (const Value& item : items) {
        evaluator.budget().step(line);
        const Value subject = attribute ? evaluator.attribute(item, attribute->print(), line) : item;
        if (name == "map") {
            result.push_back(attribute || !rule ? subject : evaluator.filter(*rule->text(), subject, rest, line));
            continue;
        }
        const bool holds = rule ? evaluator.test(*rule->text(), subject, rest, line).isTrue() : subject.isTrue();
        if (holds == name.starts_with("select"))
            result.push_back(item);
    }
    return makeList(std::move(result));
}

} // namespace

Value Evaluator::filter(const std::string& name, const Value& value, const Arguments& arguments, int line)
{
    if (name == "default" || name == "d") {
        const Value* absent = arguments.get(0, "default_value");
        const Value* alsoFalse = arguments.get(1, "boolean");
        const bool replaced = value.isUndefined() || (alsoFalse && alsoFalse->isTrue() && !value.isTrue());
        return !replaced ? value : absent ? *absent : Value("");
    }
    if (name == "length" || name == "count")
        return lengthOfValue(value, line);
    if (name == "tojson") {
        const Value* indent = arguments.get(99, "indent");
        const auto* width = indent ? indent->as<std::int64_t>() : nullptr;
        std::string json = toJson(value, width ? static_cast<int>(std::clamp<std::int64_t>(*width, 0, 64)) : -1);
        m_budget.useText(json.size(), line);
        return Value(std::move(json));
    }
    if (name == "safe")
        return value;
    if (name == "int")
        return toInteger(value);
    if (name == "float" && value.isNumber())
        return Value(value.number());
    if (name == "abs" && value.isNumber())
        return value.as<double>() ? Value(std::abs(value.number()))
                                  : Value(std::abs(*toInteger(value).as<std::int64_t>()));
    if (auto result = textFilter(name, value, arguments, line, m_budget))
        return *result;
    if (auto result = listFilter(name, value, arguments, line, *this))
        return *result;
    if (auto result = mappingFilter(name, value, arguments, line, *this))
        return *result;
    fail(ErrorKind::Unsupported, "the filter " + name + " is not supported", line);
}

Value Evaluator::test(const std::string& name, const Value& value, const Arguments& arguments, int line)
{
    const auto other = [&]() -> const Value& {
        if (arguments.values.empty())
            fail(ErrorKind::InvalidArgument, "the test " + name + " needs something to compare with", line);
        return arguments.values.front();
    };
    const auto remainder = [&](std::int64_t divisor) {
        const auto* integer = value.as<std::int64_t>();
        if (!integer || divisor == 0 || divisor == -1)
            fail(ErrorKind::InvalidArgument, "the test " + name + " needs integers", line);
        return *integer % divisor;
    };
    if (name == "defined")
        return Value(!value.isUndefined());
    if (name == "undefined")
        return Value(value.isUndefined());
    if (name == "none")
        return Value(value.isNone());
    if (name == "string")
        return Value(value.text() != nullptr);
    if (name == "number")
        return Value(value.isNumber());
    if (name == "integer")
        return Value(value.as<std::int64_t>() != nullptr);
    if (name == "float")
        return Value(value.as<double>() != nullptr);
    if (name == "boolean")
        return Value(value.as<bool>() != nullptr);
    if (name == "true" || name == "false")
        return Value(value.as<bool>() && *value.as<bool>() == (name == "true"));
    if (name == "mapping")
        return Value(value.dict() != nullptr);
    if (name == "sequence" || name == "iterable")
        return Value(value.list() || value.dict() || value.text());
    if (name == "callable")
        return Value(value.as<Function>() != nullptr);
    if (name == "equalto" || name == "eq" || name == "sameas")
        return Value(equal(value, other(), line, m_budget));
    if (name == "ne")
        return Value(!equal(value, other(), line, m_budget));
    if (name == "in")
        return Value(contains(other(), value, line, m_budget));
    if (name == "odd" || name == "even")
        return Value((remainder(2) == 0) == (name == "even"));
    if (name == "divisibleby")
        return Value(remainder(other().as<std::int64_t>() ? *other().as<std::int64_t>() : 0) == 0);
    fail(ErrorKind::Unsupported, "the test " + name + " is not supported", line);
}

} // namespace core::chat_template
