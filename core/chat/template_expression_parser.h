// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"
#include "core/chat/template_lexer.h"
#include "core/chat/template_syntax.h"

#include <algorithm>

namespace core::chat_template {

/** Parses the tokens of one tag, with Jinja's precedences. */
class ExpressionParser
{
public:
    explicit ExpressionParser(const Part& part)
        : m_tokens(part.tokens)
    {
    }

    ExpressionPtr parseExpression(); // with "a if b else c"
    ExpressionPtr parseOr();         // without, as for what a loop runs over
    ExpressionPtr parsePrimary();

    bool accept(TokenKind kind, std::string_view text); // takes the token if it is there
    void expect(TokenKind kind, std::string_view text);
    std::string expectName();
    void expectEnd();
    bool atEnd() const { return peek().kind == TokenKind::End; }
    int line() const { return peek().line; }

    [[noreturn]] void fail(ErrorKind kind, const std::string& what) const;

private:
    const Token& peek(std::size_t ahead = 0) const
    {
        return m_tokens[std::min(m_position + ahead, m_tokens.size() - 1)];
    }
    bool is(TokenKind kind, std::string_view text) const { return peek().kind == kind && peek().text == text; }

    ExpressionPtr parseAnd();
    ExpressionPtr parseNot();
    ExpressionPtr parseCompare();
    ExpressionPtr parseSum();
    ExpressionPtr parseConcat();
    ExpressionPtr parseProduct();
    ExpressionPtr parseUnary(bool withFilters);
    ExpressionPtr parsePostfix(ExpressionPtr expression);
    ExpressionPtr parseFilters(ExpressionPtr expression);
    ExpressionPtr parseTest(ExpressionPtr expression);
    ExpressionPtr parseSubscript(ExpressionPtr expression);
    ExpressionPtr parseListLiteral();
    ExpressionPtr parseDictLiteral();
    ExpressionPtr parseStrings();
    ExpressionPtr parseName();
    void parseArguments(Expression& call);

    ExpressionPtr make(ExpressionKind kind, std::string text = {}) const;
    ExpressionPtr makeBinary(ExpressionKind kind, std::string text, ExpressionPtr left, ExpressionPtr right) const;

    const std::vector<Token>& m_tokens;
    std::size_t m_position = 0;
    int m_depth = 0;
};

} // namespace core::chat_template
