// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/eval/score_request.h"
#include "core/model/model.h"
#include "core/tokenizer/tokenizer.h"

#include <span>

namespace core {

/** A request as tokens: those of `continuation` are scored, given `context` and their own predecessors. */
struct EncodedRequest
{
    std::vector<int> context;
    std::vector<int> continuation;
};

/** lm-evaluation-harness's rule for a causal model (HFLM of its commit 4e7e0d47): whitespace at the context's
    end moves to the front of the continuation; the continuation's tokens are those of encode(context + continuation)
    after as many as encode(context) has; both with the tokenizer's default special tokens, which are not added again where
    the text spells BOS itself. An empty context becomes one BOS (EOS where there is none).
    Throws Error(InvalidArgument) for an empty continuation. */
EncodedRequest encodeRequest(const Tokenizer& tokenizer, const ScoreRequest& request);

struct ScoringOptions
{
    std::int64_t maxLength = 0;       // tokens the model reads at most; 0: its context
    std::int64_t tokensInPass = 4096; // requests of similar length share passes of about so many tokens
};

/** Log-probabilities of many requests, in their order; the order of computing is by length. A request longer than
    maxLength + 1 tokens is cut on the left; one whose continuation alone is longer than maxLength is an Error(InvalidArgument)
    that names its number (from 1). `tokenizer` may be null where every request has ids. */
std::vector<ScoreResult> scoreRequests(const Model& model, const Tokenizer* tokenizer,
                                       std::span<const ScoreRequest> requests, const ScoringOptions& options,
                                       Progress& progress);

} // namespace core
