// SPDX-License-Identifier: Apache-2.0
#include "core/chat/template_expression_parser.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>

namespace core::chat_template {
namespace {

constexpr int kDeepest = 100;
constexpr auto kOperator = TokenKind::Operator;
constexpr auto kName = TokenKind::Name;

bool isOneOf(const Token& token, TokenKind kind, std::initializer_list<std::string_view> texts)
{
    return token.kind == kind && std::find(texts.begin(), texts.end(), token.text) != texts.end();
}

} // namespace

void ExpressionParser::fail(ErrorKind kind, const std::string& what) const
{
    throw Error(kind, "chat template, line " + std::to_string(line()) + ": " + what);
}

ExpressionPtr ExpressionParser::make(ExpressionKind kind, std::string text) const
{
    auto expression = std::make_unique<Expression>();
    expression->kind = kind;
    expression->line = line();
    expression->text = std::move(text);
    return expression;
}

ExpressionPtr ExpressionParser::makeBinary(ExpressionKind kind, std::string text, ExpressionPtr left,
                                           ExpressionPtr right) const
{
    ExpressionPtr expression = make(kind, std::move(text));
    expression->operands.push_back(std::move(left));
    expression->operands.push_back(std::move(right));
    return expression;
}

bool ExpressionParser::accept(TokenKind kind, std::string_view text)
{
    if (!is(kind, text))
        return false;
    ++m_position;
    return true;
}

void ExpressionParser::expect(TokenKind kind, std::string_view text)
{
    if (!accept(kind, text))
        fail(ErrorKind::Corrupt, "\"" + std::string(text) + "\" expected, found \"" + peek().text + "\"");
}

std::string ExpressionParser::expectName()
{
    if (peek().kind != kName)
        fail(ErrorKind::Corrupt, "a name expected, found \"" + peek().text + "\"");
    return m_tokens[m_position++].text;
}

void ExpressionParser::expectEnd()
{
    if (!atEnd())
        fail(ErrorKind::Corrupt, "unexpected \"" + peek().text + "\"");
}

ExpressionPtr ExpressionParser::parseExpression()
{
    if (++m_depth > kDeepest)
        fail(ErrorKind::Unsupported, "expressions are nested too deeply");
    ExpressionPtr expression = parseOr();
    while (accept(kName, "if")) {
        ExpressionPtr conditional = make(ExpressionKind::Conditional);
        conditional->operands.push_back(std::move(expression));
        conditional->operands.push_back(parseOr());
        conditional->operands.push_back(accept(kName, "else") ? parseExpression() : nullptr);
        expression = std::move(conditional);
    }
    --m_depth;
    return expression;
}

ExpressionPtr ExpressionParser::parseOr()
{
    ExpressionPtr left = parseAnd();
    while (accept(kName, "or"))
        left = makeBinary(ExpressionKind::Or, "or", std::move(left), parseAnd());
    return left;
}

ExpressionPtr ExpressionParser::parseAnd()
{
    ExpressionPtr left = parseNot();
    while (accept(kName, "and"))
        left = makeBinary(ExpressionKind::And, "and", std::move(left), parseNot());
    return left;
}

ExpressionPtr ExpressionParser::parseNot()
{
    if (!is(kName, "not"))
        return parseCompare();
    if (++m_depth > kDeepest)
        fail(ErrorKind::Unsupported, "expressions are nested too deeply");
    ++m_position;
    ExpressionPtr expression = make(ExpressionKind::Unary, "not");
    expression->operands.push_back(parseNot());
    --m_depth;
    return expression;
}

ExpressionPtr ExpressionParser::parseCompare()
{
    ExpressionPtr left = parseSum();
    bool chained = false;
    for (;;) {
        std::string comparison;
        if (isOneOf(peek(), kOperator, {"==", "!=", "<", "<=", ">", ">="}) || is(kName, "in")) {
            comparison = m_tokens[m_position++].text;
        } else if (is(kName, "not") && peek(1).kind == kName && peek(1).text == "in") {
            comparison = "not in";
            m_position += 2;
        } else {
            return left;
        }
        if (std::exchange(chained, true))
            fail(ErrorKind::Unsupported, "chained comparisons are not supported");
        left = makeBinary(ExpressionKind::Compare, comparison, std::move(left), parseSum());
    }
}

ExpressionPtr ExpressionParser::parseSum()
{
    ExpressionPtr left = parseConcat();
    while (isOneOf(peek(), kOperator, {"+", "-"})) {
        std::string sign = m_tokens[m_position++].text;
        left = makeBinary(ExpressionKind::Binary, std::move(sign), std::move(left), parseConcat());
    }
    return left;
}

ExpressionPtr ExpressionParser::parseConcat()
{
    ExpressionPtr left = parseProduct();
    while (accept(kOperator, "~"))
        left = makeBinary(ExpressionKind::Binary, "~", std::move(left), parseProduct());
    return left;
}

ExpressionPtr ExpressionParser::parseProduct()
{
    ExpressionPtr left = parseUnary(true);
    while (isOneOf(peek(), kOperator, {"*", "/", "//", "%", "**"})) {
        if (is(kOperator, "**"))
            fail(ErrorKind::Unsupported, "the operator ** is not supported");
        std::string sign = m_tokens[m_position++].text;
        left = makeBinary(ExpressionKind::Binary, std::move(sign), std::move(left), parseUnary(true));
    }
    return left;
}

ExpressionPtr ExpressionParser::parseUnary(bool withFilters)
{
    ExpressionPtr expression;
    if (isOneOf(peek(), kOperator, {"-", "+"})) {
        if (++m_depth > kDeepest)
            fail(ErrorKind::Unsupported, "expressions are nested too deeply");
        expression = make(ExpressionKind::Unary, m_tokens[m_position++].text);
        expression->operands.push_back(parseUnary(false));
        --m_depth;
    } else {
        expression = parsePrimary();
    }
    expression = parsePostfix(std::move(expression));
    return withFilters ? parseFilters(std::move(expression)) : std::move(expression);
}

ExpressionPtr ExpressionParser::parsePrimary()
{
    const Token& token = peek();
    switch (token.kind) {
    case TokenKind::Name: return parseName();
    case TokenKind::String: return parseStrings();
    case TokenKind::Integer:
    case TokenKind::Float: {
        ExpressionPtr number = make(ExpressionKind::Constant);
        const char* end = token.text.data() + token.text.size();
        std::int64_t integer = 0;
        double real = 0;
        const bool isInteger = token.kind == TokenKind::Integer;
        const auto problem = isInteger ? std::from_chars(token.text.data(), end, integer).ec
                                       : std::from_chars(token.text.data(), end, real).ec;
        if (problem != std::errc())
            fail(ErrorKind::Corrupt, "the number " + token.text + " is too large");
        number->constant = isInteger ? Value(integer) : Value(real);
        ++m_position;
        return number;
    }
    case TokenKind::Operator: break;
    case TokenKind::End: fail(ErrorKind::Corrupt, "a value expected, found the end of the tag");
    }
    if (accept(kOperator, "(")) {
        ExpressionPtr inner = parseExpression();
        if (!is(kOperator, ",")) {
            expect(kOperator, ")");
            return inner;
        }
        ExpressionPtr tuple = make(ExpressionKind::List); // a list does for everything that templates do with it
        tuple->operands.push_back(std::move(inner));
        while (accept(kOperator, ",") && !is(kOperator, ")"))
            tuple->operands.push_back(parseExpression());
        expect(kOperator, ")");
        return tuple;
    }
    if (is(kOperator, "["))
        return parseListLiteral();
    if (is(kOperator, "{"))
        return parseDictLiteral();
    fail(ErrorKind::Corrupt, "a value expected, found \"" + token.text + "\"");
}

ExpressionPtr ExpressionParser::parseName()
{
    ExpressionPtr constant = make(ExpressionKind::Constant);
    if (isOneOf(peek(), kName, {"true", "True"}))
        constant->constant = Value(true);
    else if (isOneOf(peek(), kName, {"false", "False"}))
        constant->constant = Value(false);
    else if (isOneOf(peek(), kName, {"none", "None"}))
        constant->constant = Value(None());
    else
        constant->kind = ExpressionKind::Name;
    constant->text = m_tokens[m_position++].text;
    return constant;
}

ExpressionPtr ExpressionParser::parseStrings() // neighbours are one string
{
    ExpressionPtr constant = make(ExpressionKind::Constant);
    std::string text;
    while (peek().kind == TokenKind::String)
        text += m_tokens[m_position++].text;
    constant->constant = Value(std::move(text));
    return constant;
}

ExpressionPtr ExpressionParser::parseListLiteral()
{
    expect(kOperator, "[");
    ExpressionPtr list = make(ExpressionKind::List);
    while (!accept(kOperator, "]")) {
        list->operands.push_back(parseExpression());
        if (!is(kOperator, "]"))
            expect(kOperator, ",");
    }
    return list;
}

ExpressionPtr ExpressionParser::parseDictLiteral()
{
    expect(kOperator, "{");
    ExpressionPtr dict = make(ExpressionKind::Dict);
    while (!accept(kOperator, "}")) {
        dict->operands.push_back(parseExpression());
        expect(kOperator, ":");
        dict->operands.push_back(parseExpression());
        if (!is(kOperator, "}"))
            expect(kOperator, ",");
    }
    return dict;
}

ExpressionPtr ExpressionParser::parsePostfix(ExpressionPtr expression)
{
    for (;;) {
        if (accept(kOperator, ".")) {
            ExpressionPtr attribute = make(ExpressionKind::Attribute);
            attribute->text = expectName();
            attribute->operands.push_back(std::move(expression));
            expression = std::move(attribute);
        } else if (accept(kOperator, "[")) {
            expression = parseSubscript(std::move(expression));
        } else if (is(kOperator, "(")) {
            ExpressionPtr call = make(ExpressionKind::Call);
            call->operands.push_back(std::move(expression));
            parseArguments(*call);
            expression = std::move(call);
        } else {
            return expression;
        }
    }
}

ExpressionPtr ExpressionParser::parseSubscript(ExpressionPtr expression)
{
    ExpressionPtr subscript = make(ExpressionKind::Subscript);
    subscript->operands.push_back(std::move(expression));
    if (!is(kOperator, ":"))
        subscript->operands.push_back(parseExpression());
    else
        subscript->operands.push_back(nullptr);
    while (accept(kOperator, ":")) {
        subscript->kind = ExpressionKind::Slice;
        const bool absent = is(kOperator, ":") || is(kOperator, "]");
        subscript->operands.push_back(absent ? nullptr : parseExpression());
    }
    if (subscript->operands.size() > 4)
        fail(ErrorKind::Corrupt, "a slice of more than three parts");
    expect(kOperator, "]");
    return subscript;
}

void ExpressionParser::parseArguments(Expression& call)
{
    expect(kOperator, "(");
    while (!accept(kOperator, ")")) {
        if (isOneOf(peek(), kOperator, {"*"}) || isOneOf(peek(), kOperator, {"**"}))
            fail(ErrorKind::Unsupported, "* and ** in arguments are not supported");
        if (peek().kind == kName && peek(1).kind == kOperator && peek(1).text == "=") {
            std::string name = expectName();
            expect(kOperator, "=");
            call.named.emplace_back(std::move(name), parseExpression());
        } else {
            call.operands.push_back(parseExpression());
        }
        if (!is(kOperator, ")"))
            expect(kOperator, ",");
    }
}

ExpressionPtr ExpressionParser::parseFilters(ExpressionPtr expression)
{
    for (;;) {
        if (accept(kOperator, "|")) {
            ExpressionPtr filter = make(ExpressionKind::Filter);
            filter->text = expectName();
            filter->operands.push_back(std::move(expression));
            if (is(kOperator, "("))
                parseArguments(*filter);
            expression = std::move(filter);
        } else if (accept(kName, "is")) {
            expression = parseTest(std::move(expression));
        } else if (is(kOperator, "(")) {
            fail(ErrorKind::Unsupported, "calling the result of a filter is not supported");
        } else {
            return expression;
        }
    }
}

ExpressionPtr ExpressionParser::parseTest(ExpressionPtr expression)
{
    const bool negated = accept(kName, "not");
    ExpressionPtr test = make(ExpressionKind::Test);
    test->text = expectName();
    test->operands.push_back(std::move(expression));
    const bool opens = isOneOf(peek(), kOperator, {"[", "{"});
    const bool names = peek().kind == kName && !isOneOf(peek(), kName, {"else", "or", "and", "is", "if", "in", "not"});
    if (is(kOperator, "("))
        parseArguments(*test);
    else if (opens || names || peek().kind == TokenKind::String || peek().kind == TokenKind::Integer)
        test->operands.push_back(parsePostfix(parsePrimary()));
    if (!negated)
        return test;
    ExpressionPtr negation = make(ExpressionKind::Unary, "not");
    negation->operands.push_back(std::move(test));
    return negation;
}

} // namespace core::chat_template
