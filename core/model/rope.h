// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model_info.h"

#include <ATen/core/Tensor.h>

namespace core {

/** Rotary embedding in the half-split convention: pair (i, i + head_dim/2), angle = position * f_i. Tables are float32,
    [positions, head_dim], and grow with the positions asked for. */
class Rope
{
public:
    Rope(const ModelInfo& info, at::Device device, std::int64_t positions);

    /** `x` [batch, heads, tokens, head_dim] at positions start, start + 1, ...; the result has x's type. */
    at::Tensor apply(const at::Tensor& x, std::int64_t start) const;

    std::int64_t positions() const { return m_cos.size(0); }

private:
    at::Tensor m_cos; // [positions, head_dim]
    at::Tensor m_sin; // [positions, head_dim], first half negated
};

/** f_i for i < head_dim / 2, [head_dim / 2], float64: theta^(-2i/head_dim), changed by linear, llama3 or yarn scaling. */
at::Tensor ropeFrequencies(const ModelInfo& info);

} // namespace core
