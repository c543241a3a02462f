// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/search/candidate_block.h"
#include "core/search/search_result.h"

namespace core {

/** One block's search. Transforms and clips of all candidates are trained on the windows of `training` as calibration trains
    them (AdamW, cosine, fixed order); from the second epoch on, every second step is followed by one of the gates, on a batch
    of the windows of `heldOut`, in turn. At the end every pair is measured on all windows of `heldOut`: by `tail` where that
    is not null, else by the error of the block's output. The candidates come in at their start and leave trained. Bit-
    identical for equal arguments. */
BlockSearch searchBlock(const BlockProblem& training, const BlockProblem& heldOut, CandidateBlock& candidates,
                        const SearchOptions& options, const ModelTail* tail, const SearchObserver& observer,
                        Progress& progress);

/** The same measurements after training each candidate in full, in both modules at once: what a search should find. */
BlockSearch trainEveryCandidate(const BlockProblem& training, const BlockProblem& heldOut, CandidateBlock& candidates,
                                const SearchOptions& options, const ModelTail* tail, const SearchObserver& observer,
                                Progress& progress);

} // namespace core
