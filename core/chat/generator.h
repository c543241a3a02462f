// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/chat/generation.h"
#include "core/model/model.h"
#include "core/tokenizer/tokenizer.h"

#include <memory>
#include <vector>

namespace core {

/** What is to be continued. */
struct GenerationRequest
{
    enum class Text {
        Reply,        // the new tokens' text stands alone: a chat turn
        Continuation, // it goes on where the prompt's text ends: a space in front stays
    };

    std::vector<int> prompt; // ids with their special tokens
    std::vector<int> endIds; // a reply ends before the first of these; empty: only its length ends it
    Text text = Text::Reply;
};

/** Writes tokens one after another with a KV cache: the prompt in one pass, then one token a pass, until an end token, the
    longest length or the model's context. The end token is not part of the result. `compared`, which may be null, reads the
    same tokens and its divergence is noted at each of them; its vocabulary must be as large.

    `observer` (may be empty) is told each token as soon as it is chosen; where the text ends inside a character, the rest
    comes with the last token, or, before an end token, with that token's id.
    Throws Error(InvalidArgument) where the prompt is empty or leaves no room in the context, Error(Numeric) for NaN logits. */
ChatResult generate(const Model& model, const std::shared_ptr<const Tokenizer>& tokenizer,
                    const GenerationRequest& request, const GenerationOptions& options, const Model* compared,
                    const TokenObserver& observer, Progress& progress);

} // namespace core
