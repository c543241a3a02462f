// SPDX-License-Identifier: Apache-2.0
#include "core/session/chat_job.h"

#include "core/base/error.h"
#include "core/chat/chat_template.h"
#include "core/chat/generator.h"

#include <algorithm>

namespace core {

ChatResult reply(ModelStore& store, const ChatSpec& spec, const TokenObserver& observer, Progress& progress)
{
    if (spec.messages.empty())
        throw Error(ErrorKind::InvalidArgument, "there is no message to answer");
    const auto tokenizer = store.tokenizer(spec.model);
    const auto model = store.model(spec.model, progress);
    const auto compared = spec.compare.empty() ? nullptr : store.model(spec.compare, progress);
    GenerationRequest request{.prompt = {}, .endIds = tokenizer->endIds(), .text = GenerationRequest::Text::Reply};
    for (const int id : model->info().eosIds)
        if (std::find(request.endIds.begin(), request.endIds.end(), id) == request.endIds.end())
            request.endIds.push_back(id);
    if (spec.rawPrompt) {
        request.prompt = tokenizer->encode(spec.messages.back().content, SpecialTokens::Add);
        request.text = GenerationRequest::Text::Continuation;
    } else {
        const auto spelled = [&](const std::optional<int>& id) { return id ? tokenizer->piece(*id) : std::string(); };
        const ChatTemplateVariables variables{.bosToken = spelled(tokenizer->bosId()),
                                              .eosToken = spelled(tokenizer->eosId())};
        const auto& text = tokenizer->chatTemplate().empty() ? kDefaultChatTemplate : tokenizer->chatTemplate();
        const auto rendered = renderChat(text, spec.messages, variables);
        // A template that spells BOS itself must not get a second one.
        const bool spellsBos = !variables.bosToken.empty() && rendered.starts_with(variables.bosToken);
        request.prompt = tokenizer->encode(rendered, spellsBos ? SpecialTokens::Omit : SpecialTokens::Add);
    }
    return generate(*model, tokenizer, request, spec.options, compared.get(), observer, progress);
}

} // namespace core
