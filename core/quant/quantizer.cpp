// SPDX-License-Identifier: Apache-2.0
#include "core/quant/quantizer.h"

#include "core/base/error.h"
#include "gpu/fake_quant.h"

#include <torch/csrc/autograd/custom_function.h>

namespace core {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

bool runsFused(const at::Tensor& x)
{
    return x.is_cpu() && x.scalar_type() == at::kFloat && x.numel() > 0;
}

at::Tensor asRows(const at::Tensor& x)
{
    return x.reshape({-1, x.size(-1)}).contiguous();
}

/** Rounds in the forward pass, passes the gradient unchanged. */
at::Tensor roundStraightThrough(const at::Tensor& x)
{
    return x + (x.round() - x).detach();
}

/** The operator's own sigmoid, so that fused and composed ranges agree to the last bit. */
double sigmoidOf(const at::Tensor& logit)
{
    return logit.defined() ? logit.sigmoid().item<double>() : 1.0;
}

at::Tensor logitGradient(const at::Tensor& logit, double shrink, double gradient)
{
    return logit.defined() ? at::full_like(logit, gradient * shrink * (1.0 - shrink)) : at::Tensor();
}

/** How a tensor that may be undefined goes through Function::apply, which refuses undefined ones. */
using MaybeTensor = std::optional<at::Tensor>;

MaybeTensor maybe(const at::Tensor& tensor)
{
    return tensor.defined() ? MaybeTensor(tensor) : std::nullopt;
}

class SymmetricRows : public torch::autograd::Function<SymmetricRows>
{
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const MaybeTensor& maybeMax,
                              const MaybeTensor& maybeMin, std::int64_t bits, bool floorScale)
    {
        const auto maxLogit = maybeMax.value_or(at::Tensor());
        const auto minLogit = maybeMin.value_or(at::Tensor());
        const auto rows = asRows(x);
        auto out = at::empty_like(rows);
        auto scales = at::empty({rows.size(0)}, rows.options());
        const double shrinkMax = sigmoidOf(maxLogit);
        const double shrinkMin = sigmoidOf(minLogit);
        const auto empty = floorScale ? gpu::EmptyRow::ScaleFloor : gpu::EmptyRow::ScaleOne;
        gpu::quantizeSymmetric(rows, int(bits), float(shrinkMax), float(shrinkMin), empty, out, scales);
        context->save_for_backward({rows, scales, maxLogit, minLogit});
        context->saved_data["bits"] = bits;
        context->saved_data["floor"] = floorScale;
        return out.view(x.sizes());
    }

    static variable_list backward(AutogradContext* context, variable_list gradients)
    {
        const auto saved = context->get_saved_variables();
        const double shrinkMax = sigmoidOf(saved[2]);
        const double shrinkMin = sigmoidOf(saved[3]);
        const auto empty = context->saved_data["floor"].toBool() ? gpu::EmptyRow::ScaleFloor : gpu::EmptyRow::ScaleOne;
        auto gradientX = at::empty_like(saved[0]);
        const auto shrink = gpu::quantizeSymmetricBackward(saved[0], saved[1], asRows(gradients[0]),
                                                           int(context->saved_data["bits"].toInt()), float(shrinkMax),
                                                           float(shrinkMin), empty, gradientX);
        return {gradientX.view(gradients[0].sizes()), logitGradient(saved[2], shrinkMax, shrink.max),
                logitGradient(saved[3], shrinkMin, shrink.min), at::Tensor(), at::Tensor()};
    }
};

class AsymmetricRows : public torch::autograd::Function<AsymmetricRows>
{
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const MaybeTensor& maybeMax,
                              const MaybeTensor& maybeMin, std::int64_t bits)
    {
        const auto maxLogit = maybeMax.value_or(at::Tensor());
        const auto minLogit = maybeMin.value_or(at::Tensor());
        const auto rows = asRows(x);
        auto out = at::empty_like(rows);
        auto scales = at::empty({rows.size(0)}, rows.options());
        auto zeros = at::empty_like(scales);
        gpu::quantizeAsymmetric(rows, int(bits), float(sigmoidOf(maxLogit)), float(sigmoidOf(minLogit)), out, scales,
                                zeros);
        context->save_for_backward({rows, scales, zeros, maxLogit, minLogit});
        context->saved_data["bits"] = bits;
        return out.view(x.sizes());
    }

    static variable_list backward(AutogradContext* context, variable_list gradients)
    {
        const auto saved = context->get_saved_variables();
        const double shrinkMax = sigmoidOf(saved[3]);
        const double shrinkMin = sigmoidOf(saved[4]);
        auto gradientX = at::empty_like(saved[0]);
        const auto shrink = gpu::quantizeAsymmetricBackward(saved[0], saved[1], saved[2], asRows(gradients[0]),
                                                            int(context->saved_data["bits"].toInt()), float(shrinkMax),
                                                            float(shrinkMin), gradientX);
        return {gradientX.view(gradients[0].sizes()), logitGradient(saved[3], shrinkMax, shrink.max),
                logitGradient(saved[4], shrinkMin, shrink.min), at::Tensor()};
    }
};

at::Tensor shrink(const at::Tensor& extreme, const at::Tensor& logit)
{
    return logit.defined() ? extreme * logit.sigmoid() : extreme;
}

void checkGroup(const at::Tensor& weight, int group)
{
    if (group > 0 && weight.size(-1) % group != 0)
        throw Error(ErrorKind::InvalidArgument,
                    "weight groups of " + std::to_string(group) + " do not divide a row of "
                        + std::to_string(weight.size(-1)));
}

at::Tensor grouped(const at::Tensor& weight, int group)
{
    checkGroup(weight, group);
    return group > 0 ? weight.reshape({-1, group}) : weight;
}

void checkBits(int bits, const char* what)
{
    if ((bits < 2 || bits > 8) && bits != kFullPrecisionBits)
        throw Error(ErrorKind::InvalidArgument,
                    std::string(what) + " bits are " + std::to_string(bits) + ": 2 to 8, or 16 for full precision");
}

} // namespace

at::Tensor quantizeActivation(const at::Tensor& x, int bits, const ClipLogits& clip, bool asymmetric)
{
    if (bits >= kFullPrecisionBits)
        return x;
    if (asymmetric)
        return quantizeCache(x, bits, clip);
    return runsFused(x) ? SymmetricRows::apply(x, maybe(clip.max), maybe(clip.min), std::int64_t(bits), false)
                        : quantizeActivationComposed(x, bits, clip);
}

at::Tensor quantizeActivationComposed(const at::Tensor& x, int bits, const ClipLogits& clip)
{
    const double qmax = double((1 << (bits - 1)) - 1);
    const auto high = shrink(x.amax(-1, true).clamp_min(0.0), clip.max);
    const auto low = shrink(x.amin(-1, true).clamp_max(0.0), clip.min);
    const auto reach = at::maximum(-low, high);
    auto scale = reach / qmax;
    scale = at::where(scale == 0.0, at::ones_like(scale), scale); // also where a subnormal row leaves no scale
    return roundStraightThrough(x / scale).clamp(-qmax - 1.0, qmax) * scale;
}

at::Tensor quantizeCache(const at::Tensor& x, int bits, const ClipLogits& clip, int group)
{
    if (bits >= kFullPrecisionBits)
        return x;
    if (group > 0 && group != x.size(-1))
        return quantizeCache(x.reshape({-1, group}), bits, clip).view(x.sizes());
    return runsFused(x) ? AsymmetricRows::apply(x, maybe(clip.max), maybe(clip.min), std::int64_t(bits))
                        : quantizeCacheComposed(x, bits, clip);
}

at::Tensor quantizeCacheComposed(const at::Tensor& x, int bits, const ClipLogits& clip)
{
    const double levels = double((1 << bits) - 1);
    const auto high = shrink(x.amax(-1, true).clamp_min(0.0), clip.max);
    auto low = shrink(x.amin(-1, true).clamp_max(0.0), clip.min);
    auto scale = (high - low) / levels;
    const auto degenerate = scale == 0.0; // also where a subnormal row leaves no scale
    scale = at::where(degenerate, at::full_like(scale, 2.0 / levels), scale);
    low = at::where(degenerate, -at::ones_like(low), low);
    const auto zero = (-low / scale).round().detach();
    return ((roundStraightThrough(x / scale) + zero).clamp(0.0, levels) - zero) * scale;
}

at::Tensor clampWeight(const at::Tensor& weight, const ClipLogits& clip)
{
    const auto& any = clip.min.defined() ? clip.min : clip.max;
    if (!any.defined())
        return weight;
    const auto rows = any.dim() == 2 ? weight.reshape({weight.size(0), any.size(1), -1}) : weight;
    std::optional<at::Tensor> low;
    std::optional<at::Tensor> high;
    if (clip.min.defined())
        low = rows.amin(-1, true) * clip.min.sigmoid().unsqueeze(-1);
    if (clip.max.defined())
        high = rows.amax(-1, true) * clip.max.sigmoid().unsqueeze(-1);
    return at::clamp(rows, low, high).view(weight.sizes());
}

at::Tensor quantizeWeight(const at::Tensor& weight, int bits, int group, bool asymmetric)
{
    if (bits >= kFullPrecisionBits)
        return weight;
    if (asymmetric)
        return quantizeCache(grouped(weight, group), bits, {}).view(weight.sizes());
    if (!runsFused(weight))
        return quantizeWeightComposed(weight, bits, group);
    return SymmetricRows::apply(grouped(weight, group), MaybeTensor(), MaybeTensor(), std::int64_t(bits), true)
        .view(weight.sizes());
}

at::Tensor quantizeWeightComposed(const at::Tensor& weight, int bits, int group)
{
    const double qmax = double((1 << (bits - 1)) - 1);
    const auto rows = grouped(weight, group);
    const auto reach = at::maximum(-rows.amin(-1, true), rows.amax(-1, true)).clamp_min(1e-5);
    const auto scale = reach / qmax;
    return (roundStraightThrough(rows / scale).clamp(-qmax - 1.0, qmax) * scale).view(weight.sizes());
}

void checkScheme(const QuantScheme& scheme)
{
    checkBits(scheme.weightBits, "weight");
    checkBits(scheme.activationBits, "activation");
    checkBits(scheme.keyBits, "key");
    checkBits(scheme.valueBits, "value");
    for (const auto& [group, what] :
         {std::pair{scheme.weightGroup, "weight"}, std::pair{scheme.kvGroup, "key and value"}})
        if (group < 0)
            throw Error(ErrorKind::InvalidArgument,
                        std::string("the ") + what + " group is " + std::to_string(group) + ": at least 0");
}

} // namespace core
