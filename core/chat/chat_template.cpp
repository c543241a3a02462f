// SPDX-License-Identifier: Apache-2.0
#include "core/chat/chat_template.h"

#include "core/base/error.h"
#include "core/chat/template_evaluator.h"
#include "core/chat/template_syntax.h"

#include <ctime>

namespace core {

const std::string kDefaultChatTemplate =
    "{% for message in messages %}{{ message['role'] + ': ' + message['content'] + '\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ 'assistant:' }}{% endif %}";

namespace {

using chat_template::Dict;
using chat_template::Value;

Dict variablesOf(std::span<const Message> messages, const ChatTemplateVariables& variables)
{
    chat_template::List turns;
    for (const Message& message : messages) {
        Dict turn;
        turn.set("role", Value(message.role));
        turn.set("content", Value(message.content));
        turns.push_back(chat_template::makeDict(std::move(turn)));
    }
    Dict all;
    all.set("messages", chat_template::makeList(std::move(turns)));
    all.set("tools", Value(chat_template::None()));
    all.set("documents", Value(chat_template::None()));
    all.set("bos_token", Value(variables.bosToken));
    all.set("eos_token", Value(variables.eosToken));
    all.set("add_generation_prompt", Value(variables.addGenerationPrompt));
    for (const auto& [name, value] : variables.others)
        all.set(name,
                std::holds_alternative<bool>(value) ? Value(std::get<bool>(value))
                                                    : Value(std::get<std::string>(value)));
    return all;
}

} // namespace

std::string renderChat(const std::string& templateText, std::span<const Message> messages,
                       const ChatTemplateVariables& variables)
{
    constexpr std::size_t kLongest = 1u << 20;
    if (templateText.size() > kLongest)
        throw Error(ErrorKind::Unsupported, "a chat template of " + std::to_string(templateText.size()) + " bytes");
    const chat_template::Body body = chat_template::parseTemplate(templateText);
    const std::int64_t now = variables.now.value_or(static_cast<std::int64_t>(std::time(nullptr)));
    return chat_template::Evaluator(variablesOf(messages, variables), now).run(body);
}

} // namespace core
