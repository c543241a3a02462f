// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/chat/template_value.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace core::chat_template {

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

enum class ExpressionKind {
    Constant,
    Name,      // text
    List,      // operands
    Dict,      // operands: key, value, key, value...
    Attribute, // operands[0].text
    Subscript, // operands[0][operands[1]]
    Slice,     // operands[0][a:b:c]; absent ones are null
    Call,      // operands[0](operands[1]..., named)
    Filter,    // operands[0] | text(operands[1]..., named)
    Test,      // operands[0] is text(operands[1]...)
    Unary,     // text: "-", "+", "not"
    Binary,    // text: arithmetic, "~"
    Compare,   // text: "==", ..., "in", "not in"
    And,
    Or,
    Conditional, // operands: then, condition, else (may be null)
};

struct Expression
{
    ExpressionKind kind = ExpressionKind::Constant;
    int line = 0;
    std::string text;
    Value constant;
    std::vector<ExpressionPtr> operands;
    std::vector<std::pair<std::string, ExpressionPtr>> named;
};

struct Statement;
using Body = std::vector<std::unique_ptr<Statement>>;

enum class StatementKind { Text, Print, If, For, Set, SetBlock, Macro, Break, Continue };

struct Statement
{
    StatementKind kind = StatementKind::Text;
    int line = 0;
    std::string text;                                              // Text: the text; Macro: its name
    ExpressionPtr value;                                           // Print, If (condition), For (what to run over), Set
    ExpressionPtr filter;                                          // For: "if ..." of the loop
    std::vector<ExpressionPtr> targets;                            // For, Set: names, or one attribute of a namespace
    std::vector<std::pair<std::string, ExpressionPtr>> parameters; // Macro: name and default (may be null)
    Body body;
    Body otherwise; // If: elif and else; For: else
};

/** Throws Error(Corrupt) where the text is no template, Error(Unsupported) for tags outside the language of chat templates;
    both name the line. Nesting is limited. */
Body parseTemplate(std::string_view text);

} // namespace core::chat_template
