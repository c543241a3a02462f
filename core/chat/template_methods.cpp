// SPDX-License-Identifier: Apache-2.0
#include "core/chat/template_evaluator.h"
#include "core/chat/template_text.h"

#include <algorithm>

namespace core::chat_template {
namespace {

std::optional<std::string> textArgument(const Arguments& arguments, std::size_t place, std::string_view name)
{
    const Value* value = arguments.get(place, name);
    return value && value->text() ? std::optional(*value->text()) : std::nullopt;
}

std::int64_t limitArgument(const Arguments& arguments, std::size_t place, std::string_view name)
{
    const Value* value = arguments.get(place, name);
    const auto* limit = value ? value->as<std::int64_t>() : nullptr;
    return limit ? *limit : -1;
}

Value listOf(std::vector<std::string> texts, int line, Budget& budget)
{
    budget.use(texts.size() * sizeof(Value), line);
    List items;
    for (std::string& text : texts)
        items.push_back(Value(std::move(text)));
    return makeList(std::move(items));
}

// startswith and endswith take a string or several.
bool meetsAny(const Arguments& arguments, bool (*meets)(std::string_view, std::string_view), std::string_view text,
              int line)
{
    const Value* wanted = arguments.get(0, "prefix");
    if (wanted && wanted->text())
        return meets(text, *wanted->text());
    if (!wanted || !wanted->list())
        Evaluator::fail(ErrorKind::InvalidArgument, "startswith and endswith need a string", line);
    return std::any_of(wanted->list()->begin(), wanted->list()->end(),
                       [&](const Value& one) { return one.text() && meets(text, *one.text()); });
}

Value joinTexts(const std::string& separator, const Value* values, int line, Budget& budget)
{
    if (!values || !values->list())
        Evaluator::fail(ErrorKind::InvalidArgument, "join needs a list", line);
    std::string joined;
    for (std::size_t i = 0; i < values->list()->size(); ++i) {
        const std::string part = (i > 0 ? separator : std::string()) + (*values->list())[i].print();
        budget.useText(joined.size() + part.size(), line, part.size());
        joined += part;
    }
    return Value(std::move(joined));
}

std::optional<Value> textMethod(const std::string& text, const std::string& name, const Arguments& arguments, int line,
                                Budget& budget)
{
    const auto startsWith = [](std::string_view whole, std::string_view part) { return whole.starts_with(part); };
    const auto endsWith = [](std::string_view whole, std::string_view part) { return whole.ends_with(part); };
    if (name == "strip")
        return Value(strip(text, Sides::Both, textArgument(arguments, 0, "chars")));
    if (name == "lstrip")
        return Value(strip(text, Sides::Left, textArgument(arguments, 0, "chars")));
    if (name == "rstrip")
        return Value(strip(text, Sides::Right, textArgument(arguments, 0, "chars")));
    if (name == "split")
        return listOf(split(text, textArgument(arguments, 0, "sep"), limitArgument(arguments, 1, "maxsplit")), line,
                      budget);
    if (name == "startswith")
        return Value(meetsAny(arguments, startsWith, text, line));
    if (name == "endswith")
        return Value(meetsAny(arguments, endsWith, text, line));
    if (name == "upper")
        return Value(upper(text));
    if (name == "lower")
        return Value(lower(text));
    if (name == "capitalize")
        return Value(capitalize(text));
    if (name == "title")
        return Value(title(text));
    if (name == "join")
        return joinTexts(text, arguments.get(0, "iterable"), line, budget);
    if (name == "replace") {
        const auto from = textArgument(arguments, 0, "old");
        const auto to = textArgument(arguments, 1, "new");
        if (!from || !to)
            Evaluator::fail(ErrorKind::InvalidArgument, "replace needs two strings", line);
        budget.useText(text.size() + text.size() / std::max<std::size_t>(1, from->size()) * to->size(), line);
        return Value(replaceText(text, *from, *to, limitArgument(arguments, 2, "count")));
    }
    if (name == "find") {
        const std::size_t found = text.find(textArgument(arguments, 0, "sub").value_or(""));
        return Value(found == std::string::npos ? std::int64_t{-1} : lengthOf(std::string_view(text).substr(0, found)));
    }
    return std::nullopt;
}

std::optional<Value> dictMethod(const Dict& dict, const std::string& name, const Arguments& arguments)
{
    List items;
    if (name == "get") {
        const Value* key = arguments.get(0, "key");
        const Value* found = key && key->text() ? dict.find(*key->text()) : nullptr;
        const Value* absent = arguments.get(1, "default");
        return found ? *found : absent ? *absent : Value(None());
    }
    if (name != "items" && name != "keys" && name != "values")
        return std::nullopt;
    for (const auto& [key, value] : dict.members) {
        if (name == "items")
            items.push_back(makeList({Value(key), value}));
        else
            items.push_back(name == "keys" ? Value(key) : value);
    }
    return makeList(std::move(items));
}

} // namespace

Value callMethod(const Value& object, const std::string& name, const Arguments& arguments, int line, Budget& budget)
{
    std::optional<Value> result;
    if (const std::string* text = object.text()) {
        budget.use(text->size() * 4, line);
        result = textMethod(*text, name, arguments, line, budget);
    } else if (const Dict* dict = object.dict()) {
        budget.use(dict->members.size() * sizeof(Value), line);
        result = dictMethod(*dict, name, arguments);
    }
    if (!result)
        Evaluator::fail(ErrorKind::Unsupported,
                        "the method " + name + " of a " + std::string(object.typeName()) + " is not supported", line);
    return *result;
}

bool equal(const Value& left, const Value& right, int line, Budget& budget)
{
    budget.step(line);
    if (left.isNumber() && right.isNumber())
        return left.number() == right.number();
    if (left.text() && right.text()) {
        budget.use(std::min(left.text()->size(), right.text()->size()), line);
        return *left.text() == *right.text();
    }
    if ((left.list() && right.list()) || (left.dict() && right.dict())) {
        const std::string leftJson = toJson(left, -1);
        const std::string rightJson = toJson(right, -1);
        budget.use(leftJson.size() + rightJson.size(), line);
        return leftJson == rightJson;
    }
    return (left.isNone() && right.isNone()) || (left.isUndefined() && right.isUndefined());
}

bool contains(const Value& container, const Value& item, int line, Budget& budget)
{
    if (const std::string* text = container.text()) {
        if (!item.text())
            Evaluator::fail(ErrorKind::InvalidArgument,
                            "a " + std::string(item.typeName()) + " in a string is not possible", line);
        budget.use(text->size(), line);
        return text->find(*item.text()) != std::string::npos;
    }
    if (const List* list = container.list()) {
        budget.use(list->size() * sizeof(Value), line);
        return std::any_of(list->begin(), list->end(),
                           [&](const Value& one) { return equal(one, item, line, budget); });
    }
    if (const Dict* dict = container.dict())
        return item.text() && dict->find(*item.text());
    if (container.isUndefined())
        return false;
    Evaluator::fail(ErrorKind::InvalidArgument, "in a " + std::string(container.typeName()) + " is not possible", line);
}

} // namespace core::chat_template
