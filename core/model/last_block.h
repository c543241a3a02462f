// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/decoder_block.h"

namespace core {

/** A block of which only some tokens' results are asked for, as of the last one where few positions are scored: forwardBlock's
    result [batch, tokens, hidden] at `wanted` [batch, n] (int64, indices of tokens), which is [batch, n, hidden]. Keys and values
    are computed for all tokens, everything else for the wanted ones alone. The context has no cache. */
at::Tensor forwardBlockAt(const BlockContext& context, const BlockWeights& weights, const at::Tensor& hidden,
                          const at::Tensor& wanted);

} // namespace core
