// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model_info.h"

#include <ATen/core/Tensor.h>

namespace core {

/** Rotary embedding in the half-split convention: pair (i, i + head_dim/2), angle = position * f_i. Angles are float32. The
    first positions are kept as a table; later ones, up to the model's context, are computed when asked for. */
class Rope
{
public:
    Rope(const ModelInfo& info, at::Device device);

    /** `x` [batch, heads, tokens, head_dim] at positions start, start + 1, ...; the result has x's type. Throws
        Error(InvalidArgument) beyond the context. */
    at::Tensor apply(const at::Tensor& x, std::int64_t start) const;

    /** The same at `positions` [batch, tokens] int64, each within the context. */
    at::Tensor apply(const at::Tensor& x, const at::Tensor& positions) const;

private:
    struct Tables
    {
        at::Tensor cos; // [positions, head_dim]
        at::Tensor sin; // [positions, head_dim], first half negated
    };

    Tables tables(std::int64_t start, std::int64_t count) const;
    Tables tables(const at::Tensor& positions) const; // [..., head_dim]

    at::Tensor m_frequencies; // [head_dim / 2], float32
    double m_scale = 1.0;
    std::int64_t m_context = 0;
    Tables m_kept;
};

/** f_i for i < head_dim / 2, [head_dim / 2], float64: theta^(-2i/head_dim), changed by linear, llama3 or yarn scaling. */
at::Tensor ropeFrequencies(const ModelInfo& info);

} // namespace core
