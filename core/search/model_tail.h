// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model.h"

#include <vector>

namespace core {

/** What follows a block in the full-precision model: it tells how far the model's predictions move when the block's output does. */
class ModelTail
{
public:
    ModelTail(const Model& model, int block)
        : m_model(model)
        , m_block(block)
    {
    }

    /** Outputs of the block [windows, tokens, hidden] -> the model's final hidden states, normed, of the same shape. */
    at::Tensor final(const at::Tensor& outputs, Progress& progress) const;

    /** KL(p || q) in nats, mean over the tokens of each window, of predictions from the final hidden states `reference` and `other`,
        [windows, tokens, hidden]; float64 sums. NaN where logits hold one. */
    std::vector<double> divergence(const at::Tensor& reference, const at::Tensor& other, Progress& progress) const;

private:
    const Model& m_model;
    int m_block;
};

} // namespace core
