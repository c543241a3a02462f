// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/eval/evaluation_report.h"
#include "core/model/model.h"
#include "core/tokenizer/tokenizer.h"

#include <map>

namespace demo {

/** `acc` of each shipped task over the items in `tasks`. */
std::map<std::string, double> taskAccuracies(const core::Model& model, const core::Tokenizer& tokenizer,
                                             const std::filesystem::path& tasks);

/** Windows of the model's whole context, GPTQ's convention. */
core::PerplexityResult textPerplexity(const core::Model& model, const core::Tokenizer& tokenizer,
                                      const std::string& text);

} // namespace demo
