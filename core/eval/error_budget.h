// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/eval/budget_report.h"
#include "core/eval/text_windows.h"

namespace core {

/** Quantizes one module after another while all others compute at full precision, and compares each such model with the reference
    over the text. The inputs of all blocks are computed once per batch of windows and only what follows the module is run
    again: about blocks / 2 + 1 passes instead of 2 * blocks. Memory: the hidden states of one batch, 3 * blocks times. The
    kinds of the report are left as they are. Throws Error(InvalidArgument) where the two models are not of one shape. */
BudgetReport measureBudget(const Model& quantized, const Model& reference, std::span<const int> ids,
                           const PerplexityOptions& options, Progress& progress);

} // namespace core
