// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/block_weights.h"
#include "core/model/kv_cache.h"
#include "core/model/rope.h"
#include "gpu/packed_linear.h"

#include <functional>

namespace core {

/** What a matrix reads: values [batch, tokens, in], or in their place whole numbers and a scale for each token. */
struct LayerInput
{
    at::Tensor values;
    gpu::RowCodes codes = {}; // of batch * tokens rows
};

/** The one extension point of the forward pass: what a block's transforms and quantizers do to its activations. The default
    changes nothing. All tensors keep their shapes. */
class BlockHook
{
public:
    virtual ~BlockHook() = default;

    /** Once per site. AttentionIn, MlpIn: [batch, tokens, hidden] after RMSNorm; AttentionOut: [batch, tokens, heads * head_dim];
        MlpOut: [batch, tokens, intermediate]; KeyCache (after RoPE), ValueCache: [batch, kv_heads, tokens, head_dim]. */
    virtual at::Tensor atSite(Site site, const at::Tensor& x) const { return x; }

    /** Then once per matrix that reads the site: q, k, v may each quantize the shared input in their own way. Codes only for
        matrices that are packed. */
    virtual LayerInput intoLayer(Role role, const at::Tensor& x) const { return {x}; }

    /** True where two matrices that read one site would make the same of it: it is then made once. */
    virtual bool sharesInput(Role first, Role second) const { return false; }

    /** What a cache keeps of the keys or values that come to their site, in the place of atSite. */
    virtual CachedRows intoCache(Site site, const at::Tensor& x) const { return {atSite(site, x)}; }

    /** Queries after RoPE, [batch, heads, tokens, head_dim]: the inverse transpose of the keys' transform. */
    virtual at::Tensor atQuery(const at::Tensor& q) const { return q; }
};

/** Sees the value at each site before the hook, in the shapes of BlockHook::atSite. */
using Tap = std::function<void(const SiteId&, const at::Tensor&)>;

/** Where tokens stand that do not simply follow one another, such as several continuations of one beginning in one row. */
struct TokenLayout
{
    at::Tensor positions; // [batch, tokens] int64
    at::Tensor visible;   // [batch, 1, tokens, tokens] bool: the query token sees the key token
};

/** What surrounds a block in one forward pass. */
struct BlockContext
{
    const ModelInfo& info;
    const Rope& rope;
    int block = 0;
    std::int64_t start = 0; // position of the first token
    const BlockHook* hook = nullptr;
    KvCache* cache = nullptr;
    const Tap* tap = nullptr;
    at::ScalarType products = at::kFloat; // kBFloat16: inputs and weights of the matrix products are rounded to it
    const TokenLayout* layout =
        nullptr; // null: one after the other, causal; else it alone decides, sliding windows included
};

/** One decoder block: h1 = h + O(attention(norm(h))); h1 + Down(silu(Gate(x)) * Up(x)), x = norm(h1).
    `hidden` is [batch, tokens, hidden], so is the result. Causal, so padding at the end of a row changes nothing before it.
    Differentiable in everything. */
at::Tensor forwardBlock(const BlockContext& context, const BlockWeights& weights, const at::Tensor& hidden);

/** Its two halves: h1 = hidden + attention, then h1 + feed-forward. */
at::Tensor forwardAttention(const BlockContext& context, const BlockWeights& weights, const at::Tensor& hidden);
at::Tensor forwardMlp(const BlockContext& context, const BlockWeights& weights, const at::Tensor& afterAttention);

/** gamma * x / sqrt(mean(x^2) + eps) over the last axis, statistics in float32 (float64 for float64 input). */
at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& gamma, double eps);

} // namespace core
