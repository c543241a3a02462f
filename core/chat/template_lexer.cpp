// SPDX-License-Identifier: Apache-2.0
#include "core/chat/template_lexer.h"

#include "core/base/error.h"

#include <algorithm>
#include <cctype>

namespace core::chat_template {
namespace {

constexpr std::size_t kMostTokens = 2000;

bool isSpace(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool isNameStart(char c)
{
    return std::isalpha(static_cast<unsigned char>(c)) || c == '_';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

std::string withUnixNewlines(std::string_view text)
{
    std::string changed;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r') {
            changed += '\n';
            i += i + 1 < text.size() && text[i + 1] == '\n';
        } else {
            changed += text[i];
        }
    }
    if (changed.ends_with('\n')) // Jinja's keep_trailing_newline is off
        changed.pop_back();
    return changed;
}

class Lexer
{
public:
    explicit Lexer(std::string_view text)
        : m_text(withUnixNewlines(text))
    {
    }

    std::vector<Part> run()
    {
        while (m_position < m_text.size()) {
            const std::size_t open = nextTag();
            addText(open);
            if (open == std::string::npos)
                break;
            readTag();
        }
        return std::move(m_parts);
    }

private:
    std::size_t nextTag() const
    {
        for (std::size_t i = m_text.find('{', m_position); i != std::string::npos; i = m_text.find('{', i + 1)) {
            if (i + 1 < m_text.size() && (m_text[i + 1] == '{' || m_text[i + 1] == '%' || m_text[i + 1] == '#'))
                return i;
        }
        return std::string::npos;
    }

    // The text up to the tag at `open`, trimmed as the tag's sign and kind want it.
    void addText(std::size_t open)
    {
        const std::size_t end = std::min(open, m_text.size());
        std::string data = m_text.substr(m_position, end - m_position);
        const int line = m_line;
        m_line += static_cast<int>(std::count(data.begin(), data.end(), '\n'));
        if (open != std::string::npos) {
            const char sign = open + 2 < m_text.size() ? m_text[open + 2] : '\0';
            if (sign == '-') {
                while (!data.empty() && isSpace(data.back()))
                    data.pop_back();
            } else if (sign != '+' && m_text[open + 1] != '{') {
                stripLineStart(data);
            }
        }
        if (!data.empty())
            m_parts.push_back({PartKind::Text, std::move(data), {}, line});
        m_position = end;
    }

    void stripLineStart(std::string& data) const
    {
        const std::size_t newline = data.rfind('\n');
        if (newline == std::string::npos && !m_atLineStart)
            return;
        const std::size_t start = newline == std::string::npos ? 0 : newline + 1;
        if (std::all_of(data.begin() + static_cast<std::ptrdiff_t>(start), data.end(), isSpace))
            data.resize(start);
    }

    void readTag()
    {
        m_tagLine = m_line;
        const char kind = m_text[m_position + 1];
        m_position += 2;
        if (m_position < m_text.size() && (m_text[m_position] == '-' || (m_text[m_position] == '+' && kind != '{')))
            ++m_position;
        if (kind == '#') {
            const std::size_t end = m_text.find("#}", m_position);
            if (end == std::string::npos)
                fail("a comment that does not end");
            m_line += static_cast<int>(std::count(m_text.begin() + static_cast<std::ptrdiff_t>(m_position),
                                                  m_text.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
            m_position = end;
            finishTag(end > 0 ? m_text[end - 1] : '\0', true);
            return;
        }
        Part part{kind == '{' ? PartKind::Print : PartKind::Block, {}, {}, m_line};
        const char sign = readTokens(part.tokens, kind == '{' ? '}' : '%');
        m_parts.push_back(std::move(part));
        finishTag(sign, kind == '%');
    }

    // Reads up to the end mark and returns the sign before it.
    char readTokens(std::vector<Token>& tokens, char endMark)
    {
        int braces = 0;
        for (;;) {
            skipSpace();
            if (m_position >= m_text.size())
                fail("a tag that does not end");
            const std::size_t signs =
                m_text[m_position] == '-' || (m_text[m_position] == '+' && endMark == '%') ? 1 : 0;
            if (braces == 0 && m_position + signs + 1 < m_text.size() && m_text[m_position + signs] == endMark
                && m_text[m_position + signs + 1] == '}') {
                const char sign = signs ? m_text[m_position] : '\0';
                m_position += signs;
                tokens.push_back({TokenKind::End, "the end of the tag", m_line});
                return sign;
            }
            tokens.push_back(readToken());
            if (tokens.size() > kMostTokens) // the tree of a tag may be as deep as it has tokens
                throw Error(ErrorKind::Unsupported,
                            "chat template, line " + std::to_string(m_tagLine) + ": a tag of more than "
                                + std::to_string(kMostTokens) + " tokens");
            if (tokens.back().kind == TokenKind::Operator)
                braces += tokens.back().text == "{" ? 1 : tokens.back().text == "}" ? -1 : 0;
        }
    }

    // Behind the two characters of the end mark: white space, or the first newline of a block.
    void finishTag(char sign, bool isBlock)
    {
        m_position += 2;
        m_atLineStart = false;
        if (sign == '-') {
            const std::size_t begin = m_position;
            skipSpace();
            m_atLineStart = m_position > begin && m_text[m_position - 1] == '\n';
        } else if (sign != '+' && isBlock && m_position < m_text.size() && m_text[m_position] == '\n') {
            ++m_position;
            ++m_line;
            m_atLineStart = true;
        }
    }

    void skipSpace()
    {
        for (; m_position < m_text.size() && isSpace(m_text[m_position]); ++m_position)
            m_line += m_text[m_position] == '\n';
    }

    Token readToken()
    {
        const char c = m_text[m_position];
        if (c == '\'' || c == '"')
            return readString(c);
        if (isDigit(c))
            return readNumber();
        if (isNameStart(c)) {
            std::size_t end = m_position;
            while (end < m_text.size() && (isNameStart(m_text[end]) || isDigit(m_text[end])))
                ++end;
            return take(TokenKind::Name, end - m_position);
        }
        for (const std::string_view two : {"==", "!=", "<=", ">=", "//", "**"}) {
            if (std::string_view(m_text).substr(m_position, 2) == two)
                return take(TokenKind::Operator, 2);
        }
        if (std::string_view("+-*/%~()[]{}.,:|=<>").find(c) == std::string_view::npos)
            fail(std::string("the character '") + c + "'");
        return take(TokenKind::Operator, 1);
    }

    Token take(TokenKind kind, std::size_t length)
    {
        m_position += length;
        return {kind, m_text.substr(m_position - length, length), m_line};
    }

    Token readNumber()
    {
        std::size_t end = m_position;
        while (end < m_text.size() && isDigit(m_text[end]))
            ++end;
        if (end + 1 >= m_text.size() || m_text[end] != '.' || !isDigit(m_text[end + 1]))
            return take(TokenKind::Integer, end - m_position);
        ++end;
        while (end < m_text.size() && isDigit(m_text[end]))
            ++end;
        return take(TokenKind::Float, end - m_position);
    }

    Token readString(char quote)
    {
        Token token{TokenKind::String, {}, m_line};
        for (++m_position; m_position < m_text.size(); ++m_position) {
            const char c = m_text[m_position];
            if (c == quote) {
                ++m_position;
                return token;
            }
            m_line += c == '\n';
            if (c == '\\' && m_position + 1 < m_text.size())
                token.text += unescape(m_text[++m_position]);
            else
                token.text += c;
        }
        fail("a string that does not end");
    }

    std::string unescape(char c) const
    {
        switch (c) {
        case 'n': return "\n";
        case 't': return "\t";
        case 'r': return "\r";
        case '\\':
        case '\'':
        case '"': return std::string(1, c);
        case '\n': return {};
        case 'x':
        case 'u':
        case 'U':
        case 'N':
            throw Error(ErrorKind::Unsupported,
                        std::string("chat template, line ") + std::to_string(m_line) + ": the escape \\" + c
                            + " is not supported");
        default: return std::string("\\") + c;
        }
    }

    [[noreturn]] void fail(const std::string& what) const
    {
        throw Error(ErrorKind::Corrupt, "chat template, line " + std::to_string(m_tagLine) + ": " + what);
    }

    std::string m_text;
    std::size_t m_position = 0;
    int m_line = 1;
    int m_tagLine = 1;
    bool m_atLineStart = true;
    std::vector<Part> m_parts;
};

} // namespace

std::vector<Part> cutTemplate(std::string_view text)
{
    return Lexer(text).run();
}

} // namespace core::chat_template
