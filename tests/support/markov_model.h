// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

namespace support {

/** A model without blocks whose next-token distribution depends on the last token alone: `table[a][b]` is p(b | a). Its
    logits are exactly ln p (in float32), so that what is computed from them can be checked by hand. A
    probability of 0 has logit -1e4, whose exponential is 0 in float64 too; an infinity would make NaN of the product. */
inline std::shared_ptr<const core::Model> markovModel(const std::vector<std::vector<double>>& table,
                                                      std::int64_t context = 64)
{
    const auto vocab = static_cast<std::int64_t>(table.size());
    core::Model::Parts parts;
    parts.info.vocab = vocab;
    parts.info.hidden = vocab;
    parts.info.intermediate = vocab;
    parts.info.heads = 1;
    parts.info.kvHeads = 1;
    parts.info.headDim = 2;
    parts.info.context = context;
    parts.info.normEps = 0.0;
    parts.embedding = at::eye(vocab);
    // RMSNorm makes sqrt(vocab) of the one in each row; the final norm takes it away again.
    parts.finalNorm = at::full({vocab}, 1.0 / std::sqrt(static_cast<double>(vocab)));
    parts.head = at::empty({vocab, vocab});
    for (std::int64_t from = 0; from < vocab; ++from)
        for (std::int64_t to = 0; to < vocab; ++to)
            parts.head.index_put_(
                {at::tensor(to), at::tensor(from)},
                std::max(-1e4, std::log(table[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)])));
    return std::make_shared<const core::Model>(std::move(parts));
}

} // namespace support
