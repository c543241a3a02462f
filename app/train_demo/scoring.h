// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/eval/evaluation_report.h"
#include "core/model/model.h"
#include "core/tokenizer/tokenizer.h"

#include <map>

namespace demo {

/** Accuracies of the six tasks by the harness's rules (sums of log-probabilities; greedy for the last word). */
std::map<std::string, double> taskAccuracies(const core::Model& model, const core::Tokenizer& tokenizer,
                                             const std::filesystem::path& tasks);

/** Windows of the model's whole context, GPTQ's convention. */
core::PerplexityResult textPerplexity(const core::Model& model, const core::Tokenizer& tokenizer,
                                      const std::string& text);

} // namespace demo
