// SPDX-License-Identifier: Apache-2.0
#include "core/chat/template_expression_parser.h"
#include "core/chat/template_lexer.h"
#include "core/chat/template_syntax.h"

#include <algorithm>
#include <initializer_list>

namespace core::chat_template {
namespace {

constexpr auto kOperator = TokenKind::Operator;
constexpr auto kName = TokenKind::Name;
constexpr int kDeepest = 100;

class Parser
{
public:
    explicit Parser(std::string_view text)
        : m_parts(cutTemplate(text))
    {
    }

    Body parse()
    {
        Body body = parseBody({});
        if (m_position < m_parts.size())
            fail(ErrorKind::Corrupt, "\"" + m_parts[m_position].tokens.front().text + "\" without its beginning");
        return body;
    }

private:
    // Up to a tag with one of these names, which is not taken; without names up to the end.
    Body parseBody(std::initializer_list<std::string_view> ends)
    {
        if (++m_depth > kDeepest)
            fail(ErrorKind::Unsupported, "tags are nested too deeply");
        Body body;
        while (m_position < m_parts.size()) {
            const Part& part = m_parts[m_position];
            if (part.kind == PartKind::Block) {
                const std::string& name = part.tokens.front().text;
                if (std::find(ends.begin(), ends.end(), name) != ends.end() || name.starts_with("end") || name == "else"
                    || name == "elif")
                    break;
                ++m_position;
                parseTag(part, body);
                continue;
            }
            auto statement = make(part.kind == PartKind::Text ? StatementKind::Text : StatementKind::Print, part);
            if (part.kind == PartKind::Text) {
                statement->text = part.text;
            } else {
                ExpressionParser parser(part);
                statement->value = parser.parseExpression();
                parser.expectEnd();
            }
            body.push_back(std::move(statement));
            ++m_position;
        }
        --m_depth;
        return body;
    }

    void parseTag(const Part& part, Body& body)
    {
        ExpressionParser parser(part);
        m_line = part.line;
        const std::string name = parser.expectName();
        if (name == "if") {
            body.push_back(parseIf(parser, part));
        } else if (name == "for") {
            body.push_back(parseFor(parser, part));
        } else if (name == "set") {
            body.push_back(parseSet(parser, part));
        } else if (name == "macro") {
            body.push_back(parseMacro(parser, part));
        } else if (name == "break" || name == "continue") {
            parser.expectEnd();
            body.push_back(make(name == "break" ? StatementKind::Break : StatementKind::Continue, part));
        } else if (name == "generation") { // transformers' mark around the assistant's text: prints its content
            parser.expectEnd();
            for (auto& statement : parseBody({"endgeneration"}))
                body.push_back(std::move(statement));
            expectTag("endgeneration");
        } else {
            fail(ErrorKind::Unsupported, "the tag {% " + name + " %} is not supported");
        }
    }

    std::unique_ptr<Statement> parseIf(ExpressionParser& parser, const Part& part)
    {
        auto statement = make(StatementKind::If, part);
        statement->value = parser.parseExpression();
        parser.expectEnd();
        statement->body = parseBody({"elif", "else", "endif"});
        if (m_position < m_parts.size() && m_parts[m_position].tokens.front().text == "elif") {
            if (++m_depth > kDeepest)
                fail(ErrorKind::Unsupported, "tags are nested too deeply");
            const Part& next = m_parts[m_position++];
            ExpressionParser condition(next);
            condition.expectName();
            statement->otherwise.push_back(parseIf(condition, next)); // takes the endif
            --m_depth;
            return statement;
        }
        if (m_position < m_parts.size() && m_parts[m_position].tokens.front().text == "else") {
            ++m_position;
            statement->otherwise = parseBody({"endif"});
        }
        expectTag("endif");
        return statement;
    }

    std::unique_ptr<Statement> parseFor(ExpressionParser& parser, const Part& part)
    {
        auto statement = make(StatementKind::For, part);
        const bool bracketed = parser.accept(kOperator, "(");
        do {
            statement->targets.push_back(nameExpression(parser));
        } while (parser.accept(kOperator, ","));
        if (bracketed)
            parser.expect(kOperator, ")");
        parser.expect(kName, "in");
        statement->value = parser.parseOr();
        if (parser.accept(kName, "if"))
            statement->filter = parser.parseExpression();
        if (parser.accept(kName, "recursive"))
            fail(ErrorKind::Unsupported, "recursive loops are not supported");
        parser.expectEnd();
        statement->body = parseBody({"else", "endfor"});
        if (m_position < m_parts.size() && m_parts[m_position].tokens.front().text == "else") {
            ++m_position;
            statement->otherwise = parseBody({"endfor"});
        }
        expectTag("endfor");
        return statement;
    }

    std::unique_ptr<Statement> parseSet(ExpressionParser& parser, const Part& part)
    {
        auto statement = make(StatementKind::Set, part);
        do {
            ExpressionPtr target = nameExpression(parser);
            if (parser.accept(kOperator, ".")) {
                auto attribute = std::make_unique<Expression>();
                attribute->kind = ExpressionKind::Attribute;
                attribute->line = part.line;
                attribute->text = parser.expectName();
                attribute->operands.push_back(std::move(target));
                target = std::move(attribute);
            }
            statement->targets.push_back(std::move(target));
        } while (parser.accept(kOperator, ","));
        if (parser.atEnd() && statement->targets.size() == 1) { // {% set x %}...{% endset %}
            statement->kind = StatementKind::SetBlock;
            statement->body = parseBody({"endset"});
            expectTag("endset");
            return statement;
        }
        parser.expect(kOperator, "=");
        statement->value = parser.parseExpression();
        if (parser.accept(kOperator, ","))
            fail(ErrorKind::Unsupported, "tuples are not supported");
        parser.expectEnd();
        return statement;
    }

    std::unique_ptr<Statement> parseMacro(ExpressionParser& parser, const Part& part)
    {
        auto statement = make(StatementKind::Macro, part);
        statement->text = parser.expectName();
        parser.expect(kOperator, "(");
        while (!parser.accept(kOperator, ")")) {
            std::string name = parser.expectName();
            statement->parameters.emplace_back(std::move(name),
                                               parser.accept(kOperator, "=") ? parser.parseExpression() : nullptr);
            if (!parser.accept(kOperator, ",")) {
                parser.expect(kOperator, ")");
                break;
            }
        }
        parser.expectEnd();
        statement->body = parseBody({"endmacro"});
        expectTag("endmacro");
        return statement;
    }

    ExpressionPtr nameExpression(ExpressionParser& parser)
    {
        auto name = std::make_unique<Expression>();
        name->kind = ExpressionKind::Name;
        name->line = parser.line();
        name->text = parser.expectName();
        return name;
    }

    void expectTag(std::string_view name)
    {
        if (m_position >= m_parts.size())
            fail(ErrorKind::Corrupt,
                 "{% " + std::string(name) + " %} is missing at the end; its beginning is in line "
                     + std::to_string(m_line));
        const Part& part = m_parts[m_position++];
        m_line = part.line;
        ExpressionParser parser(part);
        parser.expect(kName, name);
        if (name == "endmacro" && !parser.atEnd())
            parser.expectName();
        parser.expectEnd();
    }

    static std::unique_ptr<Statement> make(StatementKind kind, const Part& part)
    {
        auto statement = std::make_unique<Statement>();
        statement->kind = kind;
        statement->line = part.line;
        return statement;
    }

    [[noreturn]] void fail(ErrorKind kind, const std::string& what) const
    {
        const int line = m_position < m_parts.size() ? m_parts[m_position].line : m_line;
        throw Error(kind,
                    "chat template, line " + std::to_string(kind == ErrorKind::Unsupported ? m_line : line) + ": "
                        + what);
    }

    std::vector<Part> m_parts;
    std::size_t m_position = 0;
    int m_line = 1;
    int m_depth = 0;
};

} // namespace

Body parseTemplate(std::string_view text)
{
    return Parser(text).parse();
}

} // namespace core::chat_template
