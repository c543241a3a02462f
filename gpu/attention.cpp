// SPDX-License-Identifier: Apache-2.0
#include "gpu/cpu/attention.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace gpu {

namespace {

void check(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& visible)
{
    const auto isRows = [](const at::Tensor& x) {
        return x.defined() && x.dim() == 4 && x.is_cpu() && x.scalar_type() == at::kFloat && x.numel() > 0;
    };
    const bool fits = isRows(q) && isRows(k) && isRows(v) && k.sizes() == v.sizes() && q.size(0) == k.size(0)
        && q.size(1) % k.size(1) == 0 && q.size(3) == k.size(3)
        && (visible.defined() ? visible.scalar_type() == at::kBool : q.size(2) <= k.size(2));
    if (!fits)
        throw std::invalid_argument("queries of " + c10::str(q.sizes()) + " do not go with keys of "
                                    + c10::str(k.sizes()) + " and values of " + c10::str(v.sizes())
                                    + ": float32 [batch, heads, tokens, width] on the CPU are needed");
}

/** Each row in one piece. */
at::Tensor withRows(const at::Tensor& x)
{
    return x.stride(3) == 1 || x.size(3) == 1 ? x : x.contiguous();
}

/** `visible` as bytes [batch or 1, heads or 1, keys, queries and a tile's worth of zeros]: the queries of a tile side by side. */
at::Tensor byKey(const at::Tensor& visible, std::int64_t queries, std::int64_t keys, std::int64_t tile)
{
    auto four = visible;
    while (four.dim() < 4)
        four = four.unsqueeze(0);
    four = four.expand({four.size(0), four.size(1), queries, keys});
    auto bytes = at::zeros({four.size(0), four.size(1), keys, queries + tile}, at::kByte);
    bytes.narrow(3, 0, queries).copy_(four.transpose(2, 3));
    return bytes;
}

} // namespace

namespace cpu {

at::Tensor attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, double scale, std::int64_t window,
                  const at::Tensor& visible, const AttentionSteps& steps)
{
    const auto [queries, keys, values] = std::tuple(withRows(q), withRows(k), withRows(v));
    const auto batch = q.size(0), heads = q.size(1), tokens = q.size(2), width = q.size(3);
    const auto group = heads / k.size(1);
    const auto mask = visible.defined() ? byKey(visible, tokens, k.size(2), steps.tileQueries) : at::Tensor();
    auto out = at::empty({batch, tokens, heads, width}, q.options());
    const auto tiles = (tokens + steps.tileQueries - 1) / steps.tileQueries;
    const auto* from = queries.const_data_ptr<float>();
    const auto* keyData = keys.const_data_ptr<float>();
    const auto* valueData = values.const_data_ptr<float>();
    auto* into = out.mutable_data_ptr<float>();
    at::parallel_for(0, batch * heads * tiles, 1, [&](std::int64_t first, std::int64_t last) {
        std::vector<float> scratch(std::size_t(steps.scratch(width)));
        for (auto i = first; i < last; ++i) {
            const auto text = i / (heads * tiles), head = i / tiles % heads, begin = i % tiles * steps.tileQueries;
            AttentionTile tile{.q = from + text * queries.stride(0) + head * queries.stride(1),
                               .k = keyData + text * keys.stride(0) + head / group * keys.stride(1),
                               .v = valueData + text * values.stride(0) + head / group * values.stride(1),
                               .out = into + text * out.stride(0) + head * out.stride(2),
                               .qStride = queries.stride(2),
                               .kStride = keys.stride(2),
                               .vStride = values.stride(2),
                               .outStride = out.stride(1),
                               .queries = tokens,
                               .keys = k.size(2),
                               .width = width,
                               .scale = float(scale),
                               .window = window,
                               .begin = begin,
                               .end = std::min(begin + steps.tileQueries, tokens)};
            if (mask.defined()) {
                tile.visible = mask.const_data_ptr<std::uint8_t>() + (mask.size(0) > 1 ? text * mask.stride(0) : 0)
                    + (mask.size(1) > 1 ? head * mask.stride(1) : 0);
                tile.visibleStride = mask.stride(2);
            }
            steps.attend(tile, scratch.data());
        }
    });
    return out.transpose(1, 2);
}

} // namespace cpu

at::Tensor attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, double scale, std::int64_t window,
                  const at::Tensor& visible)
{
    check(q, k, v, visible);
    int count = 0;
    return cpu::attend(q, k, v, scale, window, visible, cpu::allAttentionSteps(count)[0]);
}

} // namespace gpu
