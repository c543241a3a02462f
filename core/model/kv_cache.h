// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model_info.h"

#include <ATen/core/Tensor.h>

#include <vector>

namespace core {

/** Keys and values of the tokens seen so far, as attention reads them (after RoPE, transform and quantization). */
class KvCache
{
public:
    KvCache(const ModelInfo& info, std::int64_t batch, std::int64_t capacity, at::ScalarType dtype, at::Device device);

    std::int64_t length() const { return m_length; } // tokens every block has
    std::int64_t capacity() const { return m_capacity; }

    /** Appends `keys`, `values` [batch, kv_heads, tokens, head_dim] of one block and returns all of them so far. The length
        grows when the last block has appended. Throws Error(InvalidArgument) where the capacity does not hold them. */
    std::pair<at::Tensor, at::Tensor> append(int block, const at::Tensor& keys, const at::Tensor& values);

    /** Forgets everything after the first `length` tokens, e.g. to share a prompt between continuations. */
    void truncate(std::int64_t length);

private:
    struct Layer
    {
        at::Tensor keys;   // [batch, kv_heads, capacity, head_dim]
        at::Tensor values; // [batch, kv_heads, capacity, head_dim]
    };

    std::vector<Layer> m_layers;
    std::int64_t m_capacity = 0;
    std::int64_t m_length = 0;
};

} // namespace core
