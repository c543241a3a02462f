// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/eval/perplexity.h"
#include "core/eval/reference_scores.h"

#include <functional>

namespace core {

/** What two models say about the same windows. */
struct PairedEvaluation
{
    PerplexityResult perplexity;
    PerplexityResult referencePerplexity;
    DivergenceResult divergence;
};

/** What is known of one scored token. */
struct TokenRecord
{
    std::int64_t window = 0;
    std::int64_t position = 0; // of the token in its window
    int id = 0;
    double loss = 0.0; // -ln p of the token
    double referenceLoss = 0.0;
    double divergence = 0.0; // KL(reference || model) of the distributions in front of it
    int top = 0;             // what the model would have said, the first of equals
    int referenceTop = 0;
};

using TokenRecordObserver = std::function<void(const TokenRecord&)>;

/** KL(reference || model) in nats a token, agreement of the most probable tokens, differences of the text's own tokens'
    probabilities and the paired difference of ln perplexity, over the tokens that the perplexity convention scores. Both models
    see the same windows; distributions of one slice of positions are in memory at a time, and 8 bytes are kept for each scored
    token (the text's ids take 12), from which the percentiles are exact. Percentiles interpolate linearly between neighbours, as
    numpy and llama.cpp do. A KL below zero by rounding counts as it is. Of equal probabilities any may be among the five
    first. `onToken` may be empty; it hears every scored token in order. Throws Error(InvalidArgument) where the vocabularies
    differ in size. */
PairedEvaluation measureDivergence(const Model& model, const Model& reference, std::span<const int> ids,
                                   const PerplexityOptions& options, const TokenRecordObserver& onToken,
                                   Progress& progress);

/** The same against a stored run, whose windows `ids` and `options` must give (seqlen 0: the file's); Error(InvalidArgument)
    says what differs. */
PairedEvaluation measureDivergence(const Model& model, const ReferenceScores& reference, std::span<const int> ids,
                                   PerplexityOptions options, const TokenRecordObserver& onToken, Progress& progress);

/** The value below which `percent` of the sorted, non-empty `values` lie. */
double percentile(std::span<const float> sorted, double percent);

} // namespace core
