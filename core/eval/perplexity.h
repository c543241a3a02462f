// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/eval/text_windows.h"
#include "core/stats/running_mean.h"

namespace core {

/** Gathers the losses of windows, each of the same number of scored tokens. */
class PerplexityAccumulator
{
public:
    void addWindow(std::span<const double> negativeLogLikelihoods);
    double value() const { return std::exp(m_tokens.mean()); }
    PerplexityResult result(PerplexityConvention convention) const;

private:
    RunningMean m_tokens;
    std::vector<double> m_windowMeans;
};

/** exp of the mean negative log-likelihood of a text's scored tokens. Every window scores equally
    many tokens, so the mean over tokens is the mean over windows. Losses are float64 log-sum-exps of float32 logits. NaN
    where the model's logits are. `ids` are the tokens of the whole text, BOS in front where the tokenizer adds one. */
PerplexityResult measurePerplexity(const Model& model, std::span<const int> ids, const PerplexityOptions& options,
                                   Progress& progress);

} // namespace core
