// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/train_demo/optimizer.h"

namespace demo {

struct TrainingOptions
{
    int steps = 3000;
    std::int64_t batch = 4;
    std::int64_t window = 512; // tokens of a row: the whole context, so that every position is learned
    double warmup = 0.03;      // share of the steps
    int workers = 0;           // threads, each with its rows; 0: one a core
    OptimizerOptions optimizer;
    std::uint64_t seed = 1;
    std::filesystem::path checkpoint; // written once a minute and read at the start; empty: none
};

/** Tokens that the options need. */
std::size_t tokensNeeded(const TrainingOptions& options);

/** Trains `parts` in place on `tokens` by the project's own forward pass, in bfloat16 where the processor multiplies
    it, else in float32. Prints a line every 25 steps. */
void train(core::Model::Parts& parts, const std::vector<int>& tokens, const TrainingOptions& options);

} // namespace demo
