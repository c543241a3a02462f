// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/chat/generation.h"

#include <random>
#include <span>

namespace core {

/** Chooses the next token from logits. The same options and logits give the same tokens on every platform. */
class Sampler
{
public:
    struct Choice
    {
        int id = 0;
        double logProbability = 0.0; // under the model itself: temperature, top-k and top-p aside
    };

    /** Throws Error(InvalidArgument): temperature negative or not finite, topK negative, topP not in (0, 1]. */
    explicit Sampler(const GenerationOptions& options);

    /** `logits` [vocab]. Temperature 0: the most probable token, the first of equals. Else in this order: divided by the
        temperature, the topK best kept, then the fewest best whose probabilities reach topP; one of these is drawn.
        -infinity means never. Throws Error(Numeric) where a logit is NaN or +infinity, or none is finite. */
    Choice choose(std::span<const float> logits);

private:
    struct Candidate
    {
        int id = 0;
        double weight = 0.0; // probability, not normalised
    };

    int draw(std::span<const float> logits, float best);
    void keepTopK(std::vector<Candidate>& candidates) const;
    void keepTopP(std::vector<Candidate>& candidates) const;

    GenerationOptions m_options;
    std::mt19937_64 m_random;
};

} // namespace core
