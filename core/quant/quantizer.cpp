// SPDX-License-Identifier: Apache-2.0
#include "core/quant/quantizer.h"

#include "core/base/error.h"
#include "gpu/fake_quant.h"

#include <torch/csrc/autograd/custom_function.h>

namespace core {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/** A clip that the kernels take: float32 beside the values. */
bool fits(const at::Tensor& logit, const at::Tensor& x)
{
    return !logit.defined() || (logit.scalar_type() == at::kFloat && logit.device() == x.device());
}

bool runsFused(const at::Tensor& x, const ClipLogits& clip = {})
{
    return x.numel() > 0 && gpu::quantizesRows(x) && fits(clip.max, x) && fits(clip.min, x);
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

/** How a tensor that may be undefined goes through Function::apply, which refuses undefined ones. */
using MaybeTensor = std::optional<at::Tensor>;

MaybeTensor maybe(const at::Tensor& tensor)
{
    return tensor.defined() ? MaybeTensor(tensor) : std::nullopt;
}

class FusedRows : public torch::autograd::Function<FusedRows>
{
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const MaybeTensor& maxLogit,
                              const MaybeTensor& minLogit, std::int64_t grid, std::int64_t bits, bool clampsValues)
    {
        const auto rows = asRows(x);
        const auto quantizer =
            quantizerOf(maxLogit.value_or(at::Tensor()), minLogit.value_or(at::Tensor()), grid, bits, clampsValues);
        const auto result = gpu::quantizeRows(rows, quantizer);
        context->save_for_backward({rows, result.extremes, quantizer.maxLogit, quantizer.minLogit});
        context->saved_data["grid"] = grid;
        context->saved_data["bits"] = bits;
        context->saved_data["clamps"] = clampsValues;
        return result.values.view(x.sizes());
    }

    static variable_list backward(AutogradContext* context, variable_list gradients)
    {
        const auto saved = context->get_saved_variables();
        const auto quantizer = quantizerOf(saved[2], saved[3], context->saved_data["grid"].toInt(),
                                           context->saved_data["bits"].toInt(), context->saved_data["clamps"].toBool());
        const auto result = gpu::quantizeRowsBackward(saved[0], saved[1], asRows(gradients[0]), quantizer);
        return {result.x.view(gradients[0].sizes()),
                result.maxLogit,
                result.minLogit,
                at::Tensor(),
                at::Tensor(),
                at::Tensor()};
    }

private:
    static gpu::RowQuantizer quantizerOf(const at::Tensor& maxLogit, const at::Tensor& minLogit, std::int64_t grid,
                                         std::int64_t bits, bool clampsValues)
    {
        return {.grid = gpu::Grid(grid),
                .bits = int(bits),
                .clip = clampsValues ? gpu::Clip::Values : gpu::Clip::Range,
                .maxLogit = maxLogit,
                .minLogit = minLogit};
    }
};

at::Tensor fused(const at::Tensor& x, gpu::Grid grid, int bits, const ClipLogits& clip, bool clampsValues = false)
{
    return FusedRows::apply(x, maybe(clip.max), maybe(clip.min), std::int64_t(grid), std::int64_t(bits), clampsValues);
}

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
    return runsFused(x, clip) ? fused(x, gpu::Grid::Symmetric, bits, clip) : quantizeActivationComposed(x, bits, clip);
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
    return runsFused(x, clip) ? fused(x, gpu::Grid::Asymmetric, bits, clip) : quantizeCacheComposed(x, bits, clip);
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
    return fused(grouped(weight, group), gpu::Grid::SymmetricFloor, bits, {}).view(weight.sizes());
}

at::Tensor clampAndQuantizeWeight(const at::Tensor& weight, const ClipLogits& clip, int bits, int group,
                                  bool asymmetric)
{
    const auto& any = clip.min.defined() ? clip.min : clip.max;
    const auto rows = group > 0 ? weight.numel() / group : weight.size(0);
    // One kernel where each clip has its own grid.
    if (bits >= kFullPrecisionBits || !any.defined() || any.numel() != rows || !runsFused(weight, clip))
        return quantizeWeight(clampWeight(weight, clip), bits, group, asymmetric);
    const auto grid = asymmetric ? gpu::Grid::Asymmetric : gpu::Grid::SymmetricFloor;
    return fused(grouped(weight, group), grid, bits, clip, true).view(weight.sizes());
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
