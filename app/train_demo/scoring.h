// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model.h"
#include "core/tokenizer/tokenizer.h"

#include <map>

namespace demo {

/** Accuracies of the six tasks by the harness's rules (sums of log-probabilities; greedy for the last word). */
std::map<std::string, double> taskAccuracies(const core::Model& model, const core::Tokenizer& tokenizer,
                                             const std::filesystem::path& tasks);

struct TextScore
{
    double perplexity = 0.0;
    std::int64_t tokens = 0;
};

/** Windows of `window` tokens, the mean over all predictions but each window's first token. */
TextScore textPerplexity(const core::Model& model, const core::Tokenizer& tokenizer, const std::string& text,
                         std::int64_t window);

} // namespace demo
