// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model.h"

#include <vector>

namespace core {

/** A quantized model block by block, and how far its predictions are from full precision on some windows. */
class PlanJudge
{
public:
    /** `windows` [windows, tokens] int64; `blocks` are the quantized model's. */
    PlanJudge(const at::Tensor& windows, const Model& fullPrecision, std::vector<Model::Block> blocks,
              Progress& progress);

    /** KL(full precision || quantized) in nats a token, mean of each window over the positions that evaluation scores (the last one
        predicts none of the window's tokens); with `candidate` as the next block where it is given. */
    std::vector<double> divergences(const Model::Block* candidate, Progress& progress) const;

    /** The next block is this one from now on. The first block is the first `next`. */
    void set(Model::Block chosen);

    /** The windows go through the next block, and the one behind it is the next. */
    void advance();

private:
    Model::Parts m_parts;
    at::Tensor m_hidden;                 // [windows, tokens - 1, hidden]: what the next block reads
    std::vector<at::Tensor> m_reference; // by window: final hidden states of the full-precision model
    int m_next = 0;
};

} // namespace core
