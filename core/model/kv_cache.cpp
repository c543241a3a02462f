// SPDX-License-Identifier: Apache-2.0
#include "core/model/kv_cache.h"

#include "core/base/error.h"

#include <ATen/ATen.h>

namespace core {

namespace {

/** Writes `rows` [batch, heads, tokens, n] behind the first `start` tokens of `store`, which is made with room for `capacity`
    at first, and returns all so far. */
at::Tensor extend(at::Tensor& store, const at::Tensor& rows, std::int64_t start, std::int64_t capacity)
{
    if (!rows.defined())
        return {};
    if (!store.defined())
        store = at::empty({rows.size(0), rows.size(1), capacity, rows.size(3)}, rows.options());
    const auto tokens = rows.size(2);
    store.narrow(2, start, tokens).copy_(rows);
    return store.narrow(2, 0, start + tokens);
}

CachedRows extend(CachedRows& store, const CachedRows& rows, std::int64_t start, std::int64_t capacity)
{
    const auto& codes = rows.codes;
    return {extend(store.values, rows.values, start, capacity),
            {codes.bits, codes.width, extend(store.codes.data, codes.data, start, capacity),
             extend(store.codes.scales, codes.scales, start, capacity),
             extend(store.codes.zeros, codes.zeros, start, capacity)}};
}

} // namespace

at::Tensor CachedRows::dense() const
{
    return isPacked() ? gpu::unpackRows(codes) : values;
}

KvCache::KvCache(const ModelInfo& info, std::int64_t capacity)
    : m_layers(static_cast<std::size_t>(info.blocks))
    , m_capacity(capacity)
{
}

std::pair<CachedRows, CachedRows> KvCache::append(int block, const CachedRows& keys, const CachedRows& values)
{
    const auto end = m_length + (keys.isPacked() ? keys.codes.data : keys.values).size(2);
    if (end > m_capacity)
        throw Error(ErrorKind::InvalidArgument,
                    "the key/value cache holds " + std::to_string(m_capacity) + " tokens, " + std::to_string(end)
                        + " are needed");
    auto& layer = m_layers.at(block);
    auto result =
        std::pair{extend(layer.keys, keys, m_length, m_capacity), extend(layer.values, values, m_length, m_capacity)};
    if (block + 1 == int(m_layers.size()))
        m_length = end;
    return result;
}

void KvCache::truncate(std::int64_t length)
{
    m_length = std::min(m_length, length);
}

} // namespace core
