// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace core::chat_template {

enum class TokenKind { Name, String, Integer, Float, Operator, End };

struct Token
{
    TokenKind kind = TokenKind::End;
    std::string text; // of a string: its content
    int line = 0;
};

enum class PartKind { Text, Print, Block };

/** A stretch of the template: text, {{ ... }} or {% ... %}; comments are gone and white space is already trimmed. */
struct Part
{
    PartKind kind = PartKind::Text;
    std::string text;
    std::vector<Token> tokens; // ends with TokenKind::End
    int line = 1;
};

/** Cuts a template into parts by the rules of Jinja 3 with trim_blocks and lstrip_blocks. Throws Error(Corrupt) naming the
    line where a tag or a string does not end, or a character belongs to no token. */
std::vector<Part> cutTemplate(std::string_view text);

} // namespace core::chat_template
