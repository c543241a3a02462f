// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/eval/perplexity.h"

namespace core {

/** What two models say about the same windows. */
struct PairedEvaluation
{
    PerplexityResult perplexity;
    PerplexityResult referencePerplexity;
    DivergenceResult divergence;
};

/** KL(reference || model) in nats a token, agreement of the most probable tokens and the paired difference of ln perplexity,
    over the tokens that the perplexity convention scores. Both models see the same windows; distributions of one slice of
    positions are in memory at a time, and 4 bytes are kept for each scored token (as many as its id takes), from which the
    percentiles are exact. Percentiles interpolate linearly between neighbours, as numpy and llama.cpp do. A KL below zero by
    rounding counts as it is. Throws Error(InvalidArgument) where the vocabularies differ in size. */
PairedEvaluation measureDivergence(const Model& model, const Model& reference, std::span<const int> ids,
                                   const PerplexityOptions& options, Progress& progress);

/** The value below which `percent` of the sorted, non-empty `values` lie. */
double percentile(std::span<const float> sorted, double percent);

} // namespace core
