// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model.h"

#include <functional>

namespace core {

/** What follows in the full model: blocks from `first` on and the final norm, [batch, tokens, hidden] -> the same. */
at::Tensor runRest(const Model& model, int first, at::Tensor hidden, Progress& progress);

/** Calls `use` with consecutive slices of `rows` positions, few enough that a float64 tensor [slice, vocab] stays below about
    8 MB, but at least 32: logits of a whole text never exist at once. */
void forEachSlice(std::int64_t rows, std::int64_t vocab,
                  const std::function<void(std::int64_t begin, std::int64_t count)>& use);

/** Log-probabilities over the vocabulary of `hidden` [rows, hidden]: [rows, vocab] float64, where the device has that type
    and from float32 logits as the reference implementations compute them. */
at::Tensor logProbabilities(const Model& model, const at::Tensor& hidden);

/** KL(p || q) of each row in nats, [rows, vocab] float64 -> [rows]; `p` is exp(logP). Where p is 0 the term is 0, however small q is. */
at::Tensor divergences(const at::Tensor& p, const at::Tensor& logP, const at::Tensor& logQ);

} // namespace core
