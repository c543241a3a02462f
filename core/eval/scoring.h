// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/eval/evaluation_journal.h"
#include "core/eval/passes.h"
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
    the text spells BOS itself. An empty context becomes one BOS (EOS where there is none). */
class RequestEncoder
{
public:
    explicit RequestEncoder(const Tokenizer& tokenizer)
        : m_tokenizer(tokenizer)
    {
    }

    /** Quicker where requests with one context follow one another. Throws Error(InvalidArgument) for an empty continuation. */
    EncodedRequest encode(const ScoreRequest& request);

private:
    const Tokenizer& m_tokenizer;
    std::string m_context; // of the last request, and its ids
    std::vector<int> m_contextIds;
};

EncodedRequest encodeRequest(const Tokenizer& tokenizer, const ScoreRequest& request);

/** What the model reads of a request: `ids` in full, of which the last `scored` are targets; the very last is never an input. */
struct ScoringRow
{
    std::vector<int> ids;
    std::int64_t scored = 0;

    std::int64_t inputs() const { return static_cast<std::int64_t>(ids.size()) - 1; }
};

/** A request longer than maxLength + 1 tokens is cut on the left. Throws Error(InvalidArgument): the continuation alone is
    longer than maxLength, an id is outside the vocabulary. */
ScoringRow makeRow(const EncodedRequest& encoded, std::int64_t maxLength, std::int64_t vocab);

struct ScoringOptions
{
    std::int64_t maxLength = 0;           // tokens the model reads at most; 0: its context
    std::int64_t tokensInPass = 4096;     // requests of similar length share passes of about so many tokens
    EvaluationJournal* journal = nullptr; // passes it holds are not computed again; new ones are added
    Ranks* ranks = nullptr;               // the processes that share the passes; null: this one alone
};

/** Log-probabilities of many rows, in their order. Neighbours with one beginning are read together, so that it is computed once;
    lines of similar length share passes, the longest first; only the positions that predict something reach the head. The
    passes depend on rows and options alone: a run that goes on from its journal gives the same numbers, bit by bit. */
std::vector<ScoreResult> scoreRows(const Model& model, std::span<const ScoringRow> rows, const ScoringOptions& options,
                                   Progress& progress);

/** The same for requests; errors name a request's number (from 1). `tokenizer` may be null where every request has ids. */
std::vector<ScoreResult> scoreRequests(const Model& model, const Tokenizer* tokenizer,
                                       std::span<const ScoreRequest> requests, const ScoringOptions& options,
                                       Progress& progress);

} // namespace core
