// SPDX-License-Identifier: Apache-2.0
#include "core/model/decoder_block.h"

#include "core/model/last_block.h"
#include "gpu/attention.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cmath>

namespace core {

namespace {

const BlockHook kNoHook;

/** Without gradients to come, tensors that nobody else holds are written over: new ones would have to be fetched from memory. */
bool isTraining()
{
    return at::GradMode::is_enabled();
}

/** a + b, where `b` is nobody else's. */
at::Tensor sum(const at::Tensor& a, at::Tensor b)
{
    return isTraining() ? a + b : b.add_(a);
}

at::Tensor narrowed(const BlockContext& context, const at::Tensor& x)
{
    return context.products == at::kBFloat16 ? x.to(at::kBFloat16) : x;
}

at::Tensor packedProduct(const LayerInput& input, const gpu::PackedMatrix& weight, const at::Tensor& bias,
                         at::IntArrayRef rows)
{
    const auto product = input.codes.codes.defined()
        ? gpu::packedLinear(input.codes, weight, bias)
        : gpu::packedLinear(input.values.reshape({-1, weight.columns}), weight, bias);
    return product.view({rows[0], rows[1], weight.rows});
}

/** The product of the matrix of `role`; `rows`: batch and tokens. */
at::Tensor linear(const BlockContext& context, const BlockWeights& weights, Role role, const LayerInput& input,
                  at::IntArrayRef rows)
{
    const auto& bias = weights.bias(role);
    if (const auto& packed = weights.packed[static_cast<std::size_t>(role)])
        return packedProduct(input, *packed, bias, rows);
    const auto& x = input.values;
    const auto& weight = weights.matrix(role);
    if (context.products != at::kBFloat16)
        return bias.defined() ? at::linear(x, weight, bias) : at::linear(x, weight);
    const auto product = at::linear(narrowed(context, x), narrowed(context, weight)).to(x.scalar_type());
    return bias.defined() ? product + bias : product;
}

/** What the block does at a site: show the value, then let the hook change it. */
at::Tensor visit(const BlockContext& context, Site site, const at::Tensor& x)
{
    if (context.tap)
        (*context.tap)({context.block, site}, x);
    return (context.hook ? *context.hook : kNoHook).atSite(site, x);
}

/** What the matrix of `role` reads; `other` is what the matrix of `first` was given for the same x. */
LayerInput intoLayer(const BlockContext& context, Role role, const at::Tensor& x, Role first = Role::Head,
                     const LayerInput* other = nullptr)
{
    const auto& hook = context.hook ? *context.hook : kNoHook;
    return other && hook.sharesInput(first, role) ? *other : hook.intoLayer(role, x);
}

/** [batch, tokens, heads * head_dim] -> [batch, heads, tokens, head_dim]. */
at::Tensor splitHeads(const at::Tensor& x, std::int64_t headDim)
{
    return x.view({x.size(0), x.size(1), -1, headDim}).transpose(1, 2);
}

/** Keys a query sees at most; 0: all before it. */
std::int64_t slidingWindow(const BlockContext& context)
{
    const auto& slides = context.info.slides;
    return slides.empty() || slides[static_cast<std::size_t>(context.block)] ? context.info.slidingWindow : 0;
}

/** True where a query at position `query` may see the key at `key`, both [.., tokens] and broadcast. */
at::Tensor mayPositionsSee(const BlockContext& context, const at::Tensor& query, const at::Tensor& key)
{
    const auto visible = key <= query;
    const auto window = slidingWindow(context);
    return window > 0 ? visible & (key > query - window) : visible;
}

/** Whether gpu::attend computes it: on a processor it is faster than LibTorch, most of all for narrow heads; for a few queries it is not. */
bool hasOwnAttention(const BlockContext& context, const at::Tensor& q)
{
    constexpr std::int64_t kFewQueries = 8;
    return q.is_cpu() && q.scalar_type() == at::kFloat && context.products != at::kBFloat16 && !isTraining()
        && q.size(2) >= kFewQueries;
}

/** True where query position may see key position, [tokens, keys] or as the layout has it; undefined where plain causality without an offset
    (or no mask at all) says the same, and where gpu::attend knows it. */
at::Tensor visibility(const BlockContext& context, const at::Tensor& q, std::int64_t keys)
{
    if (context.layout)
        return context.layout->visible;
    const auto tokens = q.size(2);
    const auto window = slidingWindow(context);
    const bool slides = window > 0 && keys > window;
    if ((!slides && (tokens == 1 || keys == tokens)) || hasOwnAttention(context, q))
        return {};
    const auto options = at::TensorOptions().dtype(at::kLong).device(q.device());
    return mayPositionsSee(context, at::arange(keys - tokens, keys, options).unsqueeze(1), at::arange(keys, options));
}

/** The same for the queries at `wanted` [batch, queries] alone: [batch, 1, queries, tokens]. */
at::Tensor visibilityAt(const BlockContext& context, const at::Tensor& wanted, std::int64_t tokens)
{
    if (context.layout)
        return context.layout->visible.take_along_dim(wanted.unsqueeze(1).unsqueeze(-1), 2);
    return mayPositionsSee(context, wanted.unsqueeze(1).unsqueeze(-1), at::arange(tokens, wanted.options()));
}

at::Tensor attend(const BlockContext& context, const at::Tensor& q, at::Tensor k, at::Tensor v, const at::Tensor& mask)
{
    const double scale = 1.0 / std::sqrt(double(context.info.headDim));
    if (hasOwnAttention(context, q))
        return gpu::attend(q, k, v, scale, slidingWindow(context), mask);
    const auto groups = context.info.heads / context.info.kvHeads;
    if (groups > 1) { // query head j reads key/value head j / groups
        k = k.repeat_interleave(groups, 1);
        v = v.repeat_interleave(groups, 1);
    }
    const bool causal = !mask.defined() && q.size(2) > 1;
    return at::scaled_dot_product_attention(narrowed(context, q), narrowed(context, k), narrowed(context, v),
                                            mask.defined() ? std::optional(mask) : std::nullopt, 0.0, causal, scale)
        .to(q.scalar_type());
}

CachedRows forCache(const BlockContext& context, Site site, const at::Tensor& x)
{
    if (context.tap)
        (*context.tap)({context.block, site}, x);
    return (context.hook ? *context.hook : kNoHook).intoCache(site, x);
}

/** Attention to everything in the cache, `k` and `v` of these tokens included. */
at::Tensor attendCached(const BlockContext& context, const at::Tensor& q, const at::Tensor& k, const at::Tensor& v)
{
    const auto [keys, values] = context.cache->append(context.block, forCache(context, Site::KeyCache, k),
                                                      forCache(context, Site::ValueCache, v));
    if (keys.isPacked() && values.isPacked() && q.size(2) <= gpu::kFewTokens && !context.layout)
        return gpu::attendPacked(q, keys.codes, values.codes, 1.0 / std::sqrt(double(context.info.headDim)),
                                 slidingWindow(context));
    const auto all = keys.dense();
    return attend(context, q, all, values.dense(), visibility(context, q, all.size(2)));
}

at::Tensor positionsOf(const BlockContext& context, const at::Tensor& wanted)
{
    return context.layout ? context.layout->positions.take_along_dim(wanted, 1) : wanted;
}

at::Tensor turned(const BlockContext& context, const at::Tensor& x)
{
    return context.layout ? context.rope.apply(x, context.layout->positions) : context.rope.apply(x, context.start);
}

/** Of x [batch, tokens, n] the tokens at `wanted` [batch, queries]; all where that is null. */
at::Tensor tokensAt(const at::Tensor& x, const at::Tensor* wanted)
{
    return wanted ? x.take_along_dim(wanted->unsqueeze(-1), 1) : x;
}

/** With `wanted` (and no cache) the result of these tokens alone: they are the queries, all tokens are keys and values. */
at::Tensor attention(const BlockContext& context, const BlockWeights& weights, const at::Tensor& hidden,
                     const at::Tensor* wanted = nullptr)
{
    const auto& info = context.info;
    const auto& hook = context.hook ? *context.hook : kNoHook;
    const auto x = visit(context, Site::AttentionIn, rmsNorm(hidden, weights.inputNorm, info.normEps));
    const auto asking = tokensAt(x, wanted);
    const auto intoQ = intoLayer(context, Role::Q, asking);
    const auto intoK = intoLayer(context, Role::K, x, Role::Q, wanted ? nullptr : &intoQ);
    const auto intoV = intoLayer(context, Role::V, x, Role::K, &intoK);
    auto q = splitHeads(linear(context, weights, Role::Q, intoQ, asking.sizes()), info.headDim);
    auto k = splitHeads(linear(context, weights, Role::K, intoK, x.sizes()), info.headDim);
    auto v = splitHeads(linear(context, weights, Role::V, intoV, x.sizes()), info.headDim);
    if (info.headNorms) {
        q = rmsNorm(q, weights.qNorm, info.normEps);
        k = rmsNorm(k, weights.kNorm, info.normEps);
    }
    q = hook.atQuery(wanted ? context.rope.apply(q, positionsOf(context, *wanted)) : turned(context, q));
    k = turned(context, k);
    const auto heads = context.cache
        ? attendCached(context, q, k, v)
        : attend(context, q, visit(context, Site::KeyCache, k), visit(context, Site::ValueCache, v),
                 wanted ? visibilityAt(context, *wanted, x.size(1)) : visibility(context, q, x.size(1)));
    const auto mixed = heads.transpose(1, 2).reshape({asking.size(0), asking.size(1), -1});
    const auto intoO = intoLayer(context, Role::O, visit(context, Site::AttentionOut, mixed));
    return linear(context, weights, Role::O, intoO, asking.sizes());
}

at::Tensor feedForward(const BlockContext& context, const BlockWeights& weights, const at::Tensor& hidden)
{
    const auto x = visit(context, Site::MlpIn, rmsNorm(hidden, weights.postNorm, context.info.normEps));
    const auto intoGate = intoLayer(context, Role::Gate, x);
    const auto intoUp = intoLayer(context, Role::Up, x, Role::Gate, &intoGate);
    auto gate = linear(context, weights, Role::Gate, intoGate, x.sizes());
    const auto up = linear(context, weights, Role::Up, intoUp, x.sizes());
    const auto inner = visit(context, Site::MlpOut, isTraining() ? at::silu(gate) * up : at::silu_(gate).mul_(up));
    return linear(context, weights, Role::Down, intoLayer(context, Role::Down, inner), x.sizes());
}

} // namespace

at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& gamma, double eps)
{
    const auto type = x.scalar_type();
    if (type == at::kFloat || type == at::kDouble) {
        if (isTraining() || !x.is_cpu())
            return at::rms_norm(x, gamma.sizes(), gamma, eps);
        const auto meanSquare = at::linalg_vector_norm(x, 2, -1, true).square_().div_(x.size(-1)); // x is read once
        return (x * meanSquare.add_(eps).rsqrt_()).mul_(gamma);
    }
    const auto wide = x.to(at::kFloat);
    const auto scale = at::rsqrt(wide.square().mean(-1, true) + eps);
    return gamma * (wide * scale).to(type); // narrowed before the gain, as transformers does
}

at::Tensor forwardBlock(const BlockContext& context, const BlockWeights& weights, const at::Tensor& hidden)
{
    return forwardMlp(context, weights, forwardAttention(context, weights, hidden));
}

at::Tensor forwardBlockAt(const BlockContext& context, const BlockWeights& weights, const at::Tensor& hidden,
                          const at::Tensor& wanted)
{
    return forwardMlp(context, weights, sum(tokensAt(hidden, &wanted), attention(context, weights, hidden, &wanted)));
}

at::Tensor forwardAttention(const BlockContext& context, const BlockWeights& weights, const at::Tensor& hidden)
{
    return sum(hidden, attention(context, weights, hidden));
}

at::Tensor forwardMlp(const BlockContext& context, const BlockWeights& weights, const at::Tensor& afterAttention)
{
    return sum(afterAttention, feedForward(context, weights, afterAttention));
}

} // namespace core
