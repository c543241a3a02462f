// SPDX-License-Identifier: Apache-2.0
// How expressions are evaluated: the second half of Evaluator.
#include "core/chat/template_evaluator.h"
#include "core/chat/template_text.h"

#include <algorithm>
#include <cmath>

namespace core::chat_template {
namespace {

std::string inQuotes(std::string_view text)
{
    return "\"" + std::string(text) + "\"";
}

void requireDefined(const Value& value, int line)
{
    if (const auto* undefined = value.as<Undefined>())
        Evaluator::fail(ErrorKind::InvalidArgument, inQuotes(undefined->name) + " is undefined", line);
}

std::optional<std::int64_t> integerOf(const Value& value)
{
    if (const auto* flag = value.as<bool>())
        return *flag ? 1 : 0;
    const auto* integer = value.as<std::int64_t>();
    return integer ? std::optional(*integer) : std::nullopt;
}

Value integerArithmetic(char sign, std::int64_t left, std::int64_t right, int line)
{
    std::int64_t result = 0;
    bool overflow = false;
    switch (sign) {
    case '+': overflow = __builtin_add_overflow(left, right, &result); break;
    case '-': overflow = __builtin_sub_overflow(left, right, &result); break;
    case '*': overflow = __builtin_mul_overflow(left, right, &result); break;
    default: // '/' rounds down, '%' has the sign of the divisor, as in Python
        if (right == 0 || (right == -1 && left == INT64_MIN))
            Evaluator::fail(ErrorKind::InvalidArgument, "division by zero", line);
        result = sign == '/' ? left / right : left % right;
        if (left % right != 0 && (left < 0) != (right < 0))
            result += sign == '/' ? -1 : right;
    }
    if (overflow)
        Evaluator::fail(ErrorKind::Unsupported, "an integer beyond 64 bits", line);
    return Value(result);
}

double realArithmetic(const std::string& sign, double left, double right, int line)
{
    if ((sign == "/" || sign == "//" || sign == "%") && right == 0)
        Evaluator::fail(ErrorKind::InvalidArgument, "division by zero", line);
    if (sign == "+")
        return left + right;
    if (sign == "-")
        return left - right;
    if (sign == "*")
        return left * right;
    if (sign == "/")
        return left / right;
    if (sign == "//")
        return std::floor(left / right);
    return left - right * std::floor(left / right);
}

// First place and the one behind the last of Python's slice(begin, end, step).
std::pair<std::int64_t, std::int64_t> sliceBounds(std::int64_t length, std::optional<std::int64_t> begin,
                                                  std::optional<std::int64_t> end, std::int64_t step)
{
    const auto clamp = [length, step](std::int64_t place) {
        if (place < 0)
            place += length;
        return std::clamp<std::int64_t>(place, step > 0 ? 0 : -1, step > 0 ? length : length - 1);
    };
    return {begin ? clamp(*begin) : step > 0 ? 0 : length - 1, end ? clamp(*end) : step > 0 ? length : -1};
}

} // namespace

Value Evaluator::evaluate(const Expression& expression)
{
    m_budget.step(expression.line);
    switch (expression.kind) {
    case ExpressionKind::Constant: return expression.constant;
    case ExpressionKind::Name: return lookUp(expression.text, expression.line);
    case ExpressionKind::List: {
        List items;
        for (const auto& operand : expression.operands)
            items.push_back(evaluate(*operand));
        return makeList(std::move(items));
    }
    case ExpressionKind::Dict: return evaluateDict(expression);
    case ExpressionKind::Attribute:
        return attribute(evaluate(*expression.operands[0]), expression.text, expression.line);
    case ExpressionKind::Subscript: return evaluateSubscript(expression);
    case ExpressionKind::Slice: return evaluateSlice(expression);
    case ExpressionKind::Call: return evaluateCall(expression);
    case ExpressionKind::Filter: {
        const Value value = evaluate(*expression.operands[0]);
        return filter(expression.text, value, argumentsOf(expression, 1), expression.line);
    }
    case ExpressionKind::Test: {
        const Value value = evaluate(*expression.operands[0]);
        return test(expression.text, value, argumentsOf(expression, 1), expression.line);
    }
    case ExpressionKind::Unary: return evaluateUnary(expression);
    case ExpressionKind::Binary: return evaluateBinary(expression);
    case ExpressionKind::Compare: return evaluateCompare(expression);
    case ExpressionKind::And: {
        Value left = evaluate(*expression.operands[0]);
        return left.isTrue() ? evaluate(*expression.operands[1]) : left;
    }
    case ExpressionKind::Or: {
        Value left = evaluate(*expression.operands[0]);
        return left.isTrue() ? left : evaluate(*expression.operands[1]);
    }
    case ExpressionKind::Conditional: {
        const bool chosen = evaluate(*expression.operands[1]).isTrue();
        const Expression* branch = expression.operands[chosen ? 0 : 2].get();
        return branch ? evaluate(*branch) : Value(Undefined{"the missing else"});
    }
    }
    return {};
}

Value Evaluator::evaluateDict(const Expression& expression)
{
    Dict dict;
    for (std::size_t i = 0; i < expression.operands.size(); i += 2) {
        const Value key = evaluate(*expression.operands[i]);
        if (!key.text())
            fail(ErrorKind::Unsupported, "only strings can be the keys of a mapping", expression.line);
        dict.set(*key.text(), evaluate(*expression.operands[i + 1]));
    }
    return makeDict(std::move(dict));
}

Value Evaluator::attribute(const Value& object, const std::string& name, int line)
{
    requireDefined(object, line);
    if (const Dict* dict = object.dict()) {
        if (const Value* value = dict->find(name)) {
            if (const std::string* text = value->text())
                m_budget.useText(text->size(), line);
            return *value;
        }
    }
    return Value(Undefined{name});
}

Value Evaluator::evaluateSubscript(const Expression& expression)
{
    const Value object = evaluate(*expression.operands[0]);
    const Value key = evaluate(*expression.operands[1]);
    requireDefined(object, expression.line);
    if (key.text())
        return attribute(object, *key.text(), expression.line);
    std::optional<std::int64_t> place = integerOf(key);
    if (!place || (!object.list() && !object.text()))
        return Value(Undefined{"an element"});
    const List* list = object.list();
    if (!list)
        m_budget.useText(object.text()->size(), expression.line);
    const std::int64_t length = list ? static_cast<std::int64_t>(list->size()) : lengthOf(*object.text());
    if (*place < 0)
        *place += length;
    if (*place < 0 || *place >= length)
        return Value(Undefined{"element " + std::to_string(*place)});
    return list ? (*list)[static_cast<std::size_t>(*place)]
                : Value(charactersBetween(*object.text(), *place, *place + 1));
}

Value Evaluator::evaluateSlice(const Expression& expression)
{
    const Value object = evaluate(*expression.operands[0]);
    requireDefined(object, expression.line);
    std::optional<std::int64_t> bounds[3];
    for (std::size_t i = 1; i < expression.operands.size(); ++i) {
        if (!expression.operands[i])
            continue;
        const Value bound = evaluate(*expression.operands[i]);
        bounds[i - 1] = integerOf(bound);
        if (!bounds[i - 1] && !bound.isNone())
            fail(ErrorKind::InvalidArgument, "the bounds of a slice must be integers", expression.line);
    }
    if (bounds[2] == 0)
        fail(ErrorKind::InvalidArgument, "a slice with step 0", expression.line);
    if (!object.list() && !object.text())
        fail(ErrorKind::InvalidArgument, "a " + std::string(object.typeName()) + " cannot be sliced", expression.line);
    const std::int64_t step = bounds[2].value_or(1);
    if (object.text() && step == 1) {
        m_budget.useText(object.text()->size(), expression.line);
        const std::int64_t length = lengthOf(*object.text());
        const auto [begin, end] = sliceBounds(length, bounds[0], bounds[1], 1);
        return Value(charactersBetween(*object.text(), begin, end));
    }
    const List items = itemsOf(object, expression.line);
    const auto [begin, end] = sliceBounds(static_cast<std::int64_t>(items.size()), bounds[0], bounds[1], step);
    List chosen;
    std::string joined;
    for (std::int64_t i = begin; step > 0 ? i < end : i > end;) {
        const Value& item = items[static_cast<std::size_t>(i)];
        if (object.text())
            joined += *item.text();
        else
            chosen.push_back(item);
        if (__builtin_add_overflow(i, step, &i))
            break;
    }
    return object.text() ? Value(std::move(joined)) : makeList(std::move(chosen));
}

Value Evaluator::evaluateUnary(const Expression& expression)
{
    const Value value = evaluate(*expression.operands[0]);
    if (expression.text == "not")
        return Value(!value.isTrue());
    requireDefined(value, expression.line);
    if (!value.isNumber())
        fail(ErrorKind::InvalidArgument, "a sign before a " + std::string(value.typeName()), expression.line);
    if (const auto integer = integerOf(value))
        return expression.text == "-" ? integerArithmetic('-', 0, *integer, expression.line) : Value(*integer);
    return Value(expression.text == "-" ? -value.number() : value.number());
}

Value Evaluator::evaluateBinary(const Expression& expression)
{
    const Value left = evaluate(*expression.operands[0]);
    const Value right = evaluate(*expression.operands[1]);
    const std::string& sign = expression.text;
    const int line = expression.line;
    if (sign == "~") {
        std::string joined = left.print() + right.print();
        m_budget.useText(joined.size(), line);
        return Value(std::move(joined));
    }
    requireDefined(left, line);
    requireDefined(right, line);
    if (sign == "+" && left.text() && right.text()) {
        m_budget.useText(left.text()->size() + right.text()->size(), line);
        return Value(*left.text() + *right.text());
    }
    if (sign == "+" && left.list() && right.list()) {
        List joined = itemsOf(left, line);
        const List more = itemsOf(right, line);
        joined.insert(joined.end(), more.begin(), more.end());
        return makeList(std::move(joined));
    }
    if (sign == "*" && left.text() && integerOf(right)) {
        const auto count = static_cast<std::size_t>(std::max<std::int64_t>(0, *integerOf(right)));
        std::string repeated;
        for (std::size_t i = 0; i < count && !left.text()->empty(); ++i) {
            m_budget.useText(repeated.size() + left.text()->size(), line, left.text()->size());
            repeated += *left.text();
        }
        return Value(std::move(repeated));
    }
    if (sign == "%" && left.text())
        fail(ErrorKind::Unsupported, "formatting with % is not supported", line);
    if (!left.isNumber() || !right.isNumber())
        fail(ErrorKind::InvalidArgument,
             std::string(left.typeName()) + " " + sign + " " + std::string(right.typeName()) + " is not possible",
             line);
    if (sign != "/" && integerOf(left) && integerOf(right))
        return integerArithmetic(sign[0], *integerOf(left), *integerOf(right), line);
    return Value(realArithmetic(sign, left.number(), right.number(), line));
}

Value Evaluator::evaluateCompare(const Expression& expression)
{
    const Value left = evaluate(*expression.operands[0]);
    const Value right = evaluate(*expression.operands[1]);
    const std::string& sign = expression.text;
    if (sign == "==" || sign == "!=")
        return Value(equal(left, right, expression.line, m_budget) == (sign == "=="));
    if (sign == "in" || sign == "not in")
        return Value(contains(right, left, expression.line, m_budget) == (sign == "in"));
    int order = 0;
    if (left.isNumber() && right.isNumber())
        order = left.number() < right.number() ? -1 : left.number() > right.number() ? 1 : 0;
    else if (left.text() && right.text())
        order = left.text()->compare(*right.text());
    else
        fail(ErrorKind::InvalidArgument,
             std::string(left.typeName()) + " " + sign + " " + std::string(right.typeName()) + " is not possible",
             expression.line);
    if (sign == "<")
        return Value(order < 0);
    if (sign == "<=")
        return Value(order <= 0);
    return Value(sign == ">" ? order > 0 : order >= 0);
}

Arguments Evaluator::argumentsOf(const Expression& call, std::size_t first)
{
    Arguments arguments;
    for (std::size_t i = first; i < call.operands.size(); ++i)
        arguments.values.push_back(evaluate(*call.operands[i]));
    for (const auto& [name, value] : call.named)
        arguments.named.emplace_back(name, evaluate(*value));
    return arguments;
}

Value Evaluator::evaluateCall(const Expression& expression)
{
    const Expression& callee = *expression.operands[0];
    if (callee.kind == ExpressionKind::Attribute) {
        const Value object = evaluate(*callee.operands[0]);
        requireDefined(object, expression.line);
        return callMethod(object, callee.text, argumentsOf(expression, 1), expression.line, m_budget);
    }
    const Value function = evaluate(callee);
    requireDefined(function, expression.line);
    if (!function.as<Function>())
        fail(ErrorKind::InvalidArgument, "a " + std::string(function.typeName()) + " cannot be called",
             expression.line);
    return callFunction(*function.as<Function>(), argumentsOf(expression, 1), expression.line);
}

} // namespace core::chat_template
