// SPDX-License-Identifier: Apache-2.0
#include "core/session/transform_comparison.h"

#include "core/base/error.h"
#include "core/calibrate/quantized_block.h"
#include "core/export/native_bundle.h"
#include "core/select/overrides.h"
#include "core/stats/accumulator.h"

#include <ATen/ATen.h>

namespace core {

namespace {

struct SiteValues
{
    at::Tensor attentionIn, attentionOut, mlpIn, mlpOut; // [tokens, channels]

    const at::Tensor& at(Site site) const
    {
        switch (site) {
        case Site::AttentionIn: return attentionIn;
        case Site::AttentionOut: return attentionOut;
        case Site::MlpIn: return mlpIn;
        default: return mlpOut;
        }
    }
};

SiteValues readSites(const Model& model, int block, const at::Tensor& windows, Progress& progress)
{
    auto hidden = model.embed(windows);
    for (int before = 0; before < block; ++before) {
        progress.checkpoint();
        hidden = model.forward(before, hidden);
    }
    SiteValues values;
    const Tap tap = [&](const SiteId& id, const at::Tensor& x) {
        if (id.site == Site::KeyCache || id.site == Site::ValueCache)
            return;
        const_cast<at::Tensor&>(values.at(id.site)) = x.reshape({-1, x.size(-1)});
    };
    model.forward(block, hidden, 0, nullptr, &tap);
    return values;
}

at::Tensor maximaOf(const at::Tensor& values, std::int64_t channels, at::Device device)
{
    return values.defined() ? values.abs().amax(0) : at::ones({channels}, device);
}

/** The transforms of the block: calibrated ones from the bundle, else the start of `kind`. */
EvaluatedBlock transformsFor(const Model& model, const CompareSpec& spec, const SiteValues& values)
{
    const auto& info = model.info();
    if (!spec.bundle.empty())
        return finalize(onDevice(loadBundleParameters(spec.bundle, spec.layer.block), model.device()).transforms);
    const auto plan = uniformPlan(spec.kind, info.blocks, spec.scheme);
    auto parameters = onDevice(makeBlockParameters(info, plan, spec.layer.block, {}), model.device());
    const ChannelMaxima maxima{maximaOf(values.attentionIn, info.hidden, model.device()),
                               maximaOf(values.mlpIn, info.hidden, model.device()),
                               maximaOf(values.mlpOut, info.intermediate, model.device())};
    startChannelScales(parameters.transforms, model.block(spec.layer.block).weights, maxima,
                       CalibrationOptions().scaleAlpha);
    return finalize(parameters.transforms);
}

Distribution distributionOf(const at::Tensor& values)
{
    Accumulator accumulator(values.size(-1));
    accumulator.add(values);
    return accumulator.distribution();
}

double relativeError(const at::Tensor& values, const at::Tensor& rounded)
{
    const auto power = values.square().mean(at::kDouble).item<double>();
    return power > 0.0 ? (values - rounded).square().mean(at::kDouble).item<double>() / power : 0.0;
}

} // namespace

EvaluatedTransform inputTransform(const EvaluatedBlock& block, Site site)
{
    if (site != Site::AttentionOut)
        return block.at(site);
    return {{}, block.attentionOut.left, block.value.right, block.attentionOut.leftInverse, block.value.rightInverse};
}

TransformComparison compareLayer(const Model& model, const CompareSpec& spec, const at::Tensor& windows,
                                 Progress& progress)
{
    const at::NoGradGuard noGrad;
    const auto& info = model.info();
    if (spec.layer.block < 0 || spec.layer.block >= info.blocks)
        throw Error(ErrorKind::InvalidArgument,
                    "layer " + toString(spec.layer) + " has no transform: blocks are 0 to "
                        + std::to_string(info.blocks - 1));
    checkScheme(spec.scheme);
    const auto values = windows.defined() ? readSites(model, spec.layer.block, windows, progress) : SiteValues{};
    progress.checkpoint();
    const auto transforms = transformsFor(model, spec, values);
    const auto& weights = model.block(spec.layer.block).weights;
    const auto site = inputSite(spec.layer.role);
    const auto transform = inputTransform(transforms, site);
    const auto before = weights.dense(spec.layer.role).to(at::kFloat);
    const auto after =
        foldWeights(info, weights.to(at::kDouble), transforms, {}).matrix(spec.layer.role).to(at::kFloat);
    const auto rounding = [&](const at::Tensor& weight) {
        return relativeError(
            weight,
            quantizeWeight(weight, spec.scheme.weightBits, spec.scheme.weightGroup, spec.scheme.weightAsymmetric));
    };
    TransformComparison result;
    result.weightBefore = distributionOf(before);
    result.weightAfter = distributionOf(after);
    result.weightErrorBefore = rounding(before);
    result.weightErrorAfter = rounding(after);
    if (const auto& x = values.at(site); x.defined()) {
        const auto moved = transform.to(at::kFloat).apply(x).contiguous();
        result.inputBefore = distributionOf(x.contiguous());
        result.inputAfter = distributionOf(moved);
        const auto roundingInput = [&](const at::Tensor& input) {
            return relativeError(
                input, quantizeActivation(input, spec.scheme.activationBits, {}, spec.scheme.activationAsymmetric));
        };
        result.inputErrorBefore = roundingInput(x);
        result.inputErrorAfter = roundingInput(moved);
    }
    return result;
}

} // namespace core
