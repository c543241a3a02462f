// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace gpu {

/** softmax(scale * q k^T) v for whole texts, without the matrix of scores: scores of a tile of queries and a block of keys at a time, the
    sum rescaled when a larger one comes (Dao et al. 2022, FlashAttention, arXiv 2205.14135, algorithm 1). On the CPU, float32, no
    gradients. `q` [batch, heads, queries, width] are the last of the tokens of `k` and `v` [batch, kv_heads, tokens, width]; any
    strides as long as a row lies in one piece. Query head j reads key/value head j / (heads / kv_heads).

    `visible` bool, [queries, tokens] or with batch and heads in front that broadcast: which keys a query sees, every position
    apart from the others. Undefined: those up to the query's own, the last `window` of them (0: all).

    float32 [batch, heads, queries, width], heads within tokens in memory; errors about 1e-6 of the largest value, 0 where a query sees
    nothing. NaN where it sees one; one in a value may reach those beside it that do not. The same bits for any number of threads. Throws std::invalid_argument for sizes that do not go
    together. */
at::Tensor attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, double scale, std::int64_t window = 0,
                  const at::Tensor& visible = {});

} // namespace gpu
