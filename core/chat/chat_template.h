// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/chat/message.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>

namespace core {

/** What a chat template sees besides the messages. */
struct ChatTemplateVariables
{
    std::string bosToken;
    std::string eosToken;
    bool addGenerationPrompt = true;      // end with the beginning of the assistant's turn
    std::optional<std::int64_t> now = {}; // for strftime_now, seconds since 1970; absent: the clock
    std::map<std::string, std::variant<bool, std::string>> others = {}; // e.g. date_string, enable_thinking
};

/** For models without a template: "role: content" lines and "assistant:" at the end. A base model follows it about as well
    as any other form; there is no published one. */
extern const std::string kDefaultChatTemplate;

/** Renders a Jinja chat template as transformers does: trim_blocks and lstrip_blocks on, an undefined variable is empty text,
    `tools` and `documents` are none.

    The template comes with a model's files and is not trusted: it can reach nothing but its variables, and stops with an
    Error after too many steps or too much text. Throws
    - Error(Unsupported) naming construct and line for parts of Jinja that chat templates do not use,
    - Error(Corrupt) naming the line where it is no template,
    - Error(InvalidArgument) with the template's own words where it refuses the conversation (raise_exception). */
std::string renderChat(const std::string& templateText, std::span<const Message> messages,
                       const ChatTemplateVariables& variables);

} // namespace core
