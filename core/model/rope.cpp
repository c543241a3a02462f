// SPDX-License-Identifier: Apache-2.0
#include "core/model/rope.h"

#include "core/base/error.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cmath>
#include <numbers>

namespace core {

namespace {

/** Positions whose angles are kept: enough for most runs, 8 MB at a head size of 128. */
constexpr std::int64_t kKeptPositions = 8192;

/** llama3: wavelengths up to original / high stay, those above original / low are slowed by the factor, between them the
    two are blended. */
at::Tensor scaleLlama3(const at::Tensor& frequencies, const RopeScaling& scaling)
{
    const auto wavelength = 2.0 * std::numbers::pi / frequencies;
    const auto blend = (scaling.originalContext / wavelength - scaling.lowFrequencyFactor)
        / (scaling.highFrequencyFactor - scaling.lowFrequencyFactor);
    const auto t = blend.clamp(0.0, 1.0);
    return (1.0 - t) * frequencies / scaling.factor + t * frequencies;
}

/** YaRN: dimensions that turn more than betaFast times within the original context stay, those that turn less than
    betaSlow times are interpolated, a linear ramp between (arXiv 2309.00071, as transformers computes it). */
at::Tensor scaleYarn(const at::Tensor& frequencies, const ModelInfo& info)
{
    const auto& scaling = info.ropeScaling;
    const double dim = double(info.headDim);
    const auto correction = [&](double rotations) {
        return dim * std::log(scaling.originalContext / (rotations * 2.0 * std::numbers::pi))
            / (2.0 * std::log(info.ropeTheta));
    };
    const double fast = correction(scaling.betaFast);
    const double slow = correction(scaling.betaSlow);
    const double low = std::max(scaling.truncates ? std::floor(fast) : fast, 0.0);
    double high = std::min(scaling.truncates ? std::ceil(slow) : slow, dim - 1.0);
    if (low == high)
        high += 0.001;
    const auto ramp = ((at::arange(info.headDim / 2, frequencies.options()) - low) / (high - low)).clamp(0.0, 1.0);
    return frequencies / scaling.factor * ramp + frequencies * (1.0 - ramp);
}

} // namespace

at::Tensor ropeFrequencies(const ModelInfo& info)
{
    const auto exponent = at::arange(0, info.headDim, 2, at::kDouble) / double(info.headDim);
    const auto frequencies = at::pow(info.ropeTheta, -exponent);
    switch (info.ropeScaling.kind) {
    case RopeScaling::Kind::None: return frequencies;
    case RopeScaling::Kind::Linear: return frequencies / info.ropeScaling.factor;
    case RopeScaling::Kind::Llama3: return scaleLlama3(frequencies, info.ropeScaling);
    case RopeScaling::Kind::Yarn: return scaleYarn(frequencies, info);
    case RopeScaling::Kind::Factors:
        return frequencies / at::tensor(at::ArrayRef<double>(info.ropeScaling.factors), at::kDouble);
    }
    return frequencies;
}

Rope::Rope(const ModelInfo& info, at::Device device)
    // Rounded to float32 before the product with the position, as every published implementation does: the model was
    // trained with these angles.
    : m_frequencies(ropeFrequencies(info).to(device, at::kFloat))
    , m_scale(info.ropeScaling.attentionFactor)
    , m_context(info.context)
    , m_kept(tables(0, std::min(info.context, kKeptPositions)))
{
}

Rope::Tables Rope::tables(std::int64_t start, std::int64_t count) const
{
    return tables(at::arange(start, start + count, m_frequencies.options()));
}

Rope::Tables Rope::tables(const at::Tensor& positions) const
{
    const auto angles = positions.to(m_frequencies.scalar_type()).unsqueeze(-1) * m_frequencies; // [..., head_dim / 2]
    const auto sine = angles.sin() * m_scale;
    return {at::cat({angles, angles}, -1).cos() * m_scale, at::cat({-sine, sine}, -1)};
}

namespace {

/** Rolling by half a head swaps the halves; the sign is in the table. */
at::Tensor rotate(const at::Tensor& x, const at::Tensor& cosine, const at::Tensor& sine)
{
    const auto cos = cosine.to(x.scalar_type());
    const auto sin = sine.to(x.scalar_type());
    const auto half = x.size(-1) / 2;
    if (at::GradMode::is_enabled())
        return x * cos + at::roll(x, half, -1) * sin;
    auto turned = x * cos; // the same with fewer passes through memory
    turned.narrow(-1, 0, half).addcmul_(x.narrow(-1, half, half), sin.narrow(-1, 0, half));
    turned.narrow(-1, half, half).addcmul_(x.narrow(-1, 0, half), sin.narrow(-1, half, half));
    return turned;
}

} // namespace

at::Tensor Rope::apply(const at::Tensor& x, std::int64_t start) const
{
    const auto tokens = x.size(-2);
    if (start + tokens > m_context)
        throw Error(ErrorKind::InvalidArgument,
                    "position " + std::to_string(start + tokens - 1) + " is beyond the model's context of "
                        + std::to_string(m_context) + " tokens");
    const bool kept = start + tokens <= m_kept.cos.size(0);
    const auto [cos, sin] =
        kept ? Tables{m_kept.cos.narrow(0, start, tokens), m_kept.sin.narrow(0, start, tokens)} : tables(start, tokens);
    return rotate(x, cos, sin);
}

at::Tensor Rope::apply(const at::Tensor& x, const at::Tensor& positions) const
{
    const auto [cos, sin] = tables(positions);
    return rotate(x, cos.unsqueeze(1), sin.unsqueeze(1)); // the same for all heads
}

} // namespace core
