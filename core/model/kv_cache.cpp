// SPDX-License-Identifier: Apache-2.0
#include "core/model/kv_cache.h"

#include "core/base/error.h"

#include <ATen/ATen.h>

namespace core {

KvCache::KvCache(const ModelInfo& info, std::int64_t batch, std::int64_t capacity, at::ScalarType dtype,
                 at::Device device)
    : m_capacity(capacity)
{
    const auto options = at::TensorOptions().dtype(dtype).device(device);
    for (int block = 0; block < info.blocks; ++block)
        m_layers.push_back({at::empty({batch, info.kvHeads, capacity, info.headDim}, options),
                            at::empty({batch, info.kvHeads, capacity, info.headDim}, options)});
}

std::pair<at::Tensor, at::Tensor> KvCache::append(int block, const at::Tensor& keys, const at::Tensor& values)
{
    const auto tokens = keys.size(2);
    const auto end = m_length + tokens;
    if (end > m_capacity)
        throw Error(ErrorKind::InvalidArgument,
                    "the key/value cache holds " + std::to_string(m_capacity) + " tokens, " + std::to_string(end)
                        + " are needed");
    auto& layer = m_layers.at(block);
    layer.keys.narrow(2, m_length, tokens).copy_(keys);
    layer.values.narrow(2, m_length, tokens).copy_(values);
    if (block + 1 == int(m_layers.size()))
        m_length = end;
    return {layer.keys.narrow(2, 0, end), layer.values.narrow(2, 0, end)};
}

void KvCache::truncate(std::int64_t length)
{
    m_length = std::min(m_length, length);
}

} // namespace core
