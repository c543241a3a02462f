// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model_info.h"
#include "gpu/kv_attention.h"

#include <ATen/core/Tensor.h>

#include <vector>

namespace core {

/** Keys or values as a cache keeps them: values [batch, kv_heads, tokens, head_dim], or codes in their place. */
struct CachedRows
{
    at::Tensor values;
    gpu::PackedRows codes = {};

    bool isPacked() const { return codes.bits > 0; }
    at::Tensor dense() const; // the values, or what the codes stand for
};

/** Keys and values of the tokens seen so far, as attention reads them (after RoPE, transform and quantization). */
class KvCache
{
public:
    /** Room for `capacity` tokens, made when the first are appended: of their batch, type, device and packing. */
    KvCache(const ModelInfo& info, std::int64_t capacity);

    std::int64_t length() const { return m_length; } // tokens every block has
    std::int64_t capacity() const { return m_capacity; }

    /** Appends keys and values of one block and returns all of them so far. The length grows when the last block has appended.
        Throws Error(InvalidArgument) where the capacity does not hold them. */
    std::pair<CachedRows, CachedRows> append(int block, const CachedRows& keys, const CachedRows& values);

    /** Forgets everything after the first `length` tokens, e.g. to share a prompt between continuations. */
    void truncate(std::int64_t length);

private:
    struct Layer
    {
        CachedRows keys;
        CachedRows values;
    };

    std::vector<Layer> m_layers;
    std::int64_t m_capacity = 0;
    std::int64_t m_length = 0;
};

} // namespace core
