// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/search/candidate_block.h"
#include "core/search/gates.h"
#include "core/search/search_options.h"

#include <optional>

namespace core {

/** The gates of a block's two modules. */
struct BlockGates
{
    Gates attention;
    Gates mlp;
};

struct SearchBatch
{
    at::Tensor inputs;  // [batch, tokens, hidden]
    at::Tensor targets; // [batch, tokens, hidden]
};

/** What the passes of a block work on. `problem` gives weights and scheme; its windows are not used. */
struct SearchState
{
    const BlockProblem& problem;
    CandidateBlock& candidates;
    BlockGates& gates;
    double temperature = 1.0;
    std::mt19937_64 random;
    int notFinite = 0; // losses so far that were not finite: they are left out
};

/** One pass of the transforms and clips: leaves gradients in the candidates' parameters and returns the mode's objective, not finite
    where no candidate's is. Expected mode: the attention branch once for each candidate, the MLP branches on its detached
    output, gradients added up; memory is that of one attention and one MLP branch. Each candidate's gradient is that of the
    logarithm of its own expected loss, whatever its probability: AdamW does not feel a constant factor, but would stop a candidate
    whose probability falls, and held-out losses would then compare trained with half-trained ones. Soft mixing alone has one loss
    for all. A draw of GumbelSt leaves gradients in one pair. */
double trainingPass(SearchMode mode, SearchState& state, const SearchBatch& batch, Progress& progress);

/** What the gates lower on one batch, relative to its own value: a float64 scalar with gradients to the gates alone. Undefined where
    no loss is finite. */
at::Tensor gateObjective(SearchMode mode, SearchState& state, const SearchBatch& batch, Progress& progress);

} // namespace core
