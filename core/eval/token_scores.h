// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model.h"

#include <functional>
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

/** Calls `use` with consecutive slices of `rows` positions, few enough that a float64 tensor [slice, vocab] stays below about
    8 MB, but at least 32: logits of a whole text never exist at once. */
void forEachSlice(std::int64_t rows, std::int64_t vocab,
                  const std::function<void(std::int64_t begin, std::int64_t count)>& use);

/** Log-probabilities over the vocabulary of `hidden` [rows, hidden]: [rows, vocab] float64, where the device has that type
    and from float32 logits as the reference implementations compute them. */
at::Tensor logProbabilities(const Model& model, const at::Tensor& hidden);

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
