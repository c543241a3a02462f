// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model.h"
#include "core/model/predictions.h"

#include <span>
#include <vector>

namespace core {

/** Model::hiddenStates without a cache, with checkpoints inside the pass: one pass of a large model takes minutes. */
at::Tensor interruptibleHiddenStates(const Model& model, const at::Tensor& ids, Progress& progress,
                                     const TokenLayout* layout = nullptr);

/** The same at `wanted` alone (indices in [batch * tokens], each once, row after row, at least one): [wanted, hidden]. The last
    block computes nothing else. */
at::Tensor hiddenStatesAt(const Model& model, const at::Tensor& ids, std::span<const std::int64_t> wanted,
                          Progress& progress, const TokenLayout* layout = nullptr);

struct TokenScores
{
    std::vector<double> logProbabilities; // of each target
    std::vector<bool> greedy;             // the target is the most probable token (the first of equals)
};

/** How probable `targets` [rows] int64 are after `hidden` [rows, hidden]. NaN where the logits hold one. */
TokenScores scoreTokens(const Model& model, const at::Tensor& hidden, const at::Tensor& targets, Progress& progress);

/** The same where a position may predict several targets, or none: target i follows position from[i] of `hidden`. */
TokenScores scoreTargets(const Model& model, const at::Tensor& hidden, std::span<const std::int64_t> from,
                         std::span<const std::int64_t> targets, Progress& progress);

} // namespace core
