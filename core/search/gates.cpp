// SPDX-License-Identifier: Apache-2.0
#include "core/search/gates.h"

#include <ATen/ATen.h>

#include <cmath>

namespace core {

namespace {

at::Tensor startOf(std::size_t candidates)
{
    if (candidates < 2)
        return {};
    return at::zeros({candidates == 2 ? 1 : std::int64_t(candidates)}, at::kDouble);
}

} // namespace

Gates::Gates(std::size_t candidates, double learningRate)
    : m_parameter(startOf(candidates))
    , m_adam(m_parameter.defined() ? std::vector{m_parameter} : std::vector<at::Tensor>(), 0.0, {0.5, 0.999})
    , m_learningRate(learningRate)
{
}

at::Tensor Gates::scaled(double temperature) const
{
    if (!m_parameter.defined())
        return at::zeros({1}, at::kDouble);
    const auto logits = m_parameter.numel() == 1 ? at::cat({at::zeros({1}, at::kDouble), m_parameter}) : m_parameter;
    return logits / temperature;
}

at::Tensor Gates::probabilities(double temperature) const
{
    return at::softmax(scaled(temperature), 0);
}

at::Tensor Gates::draw(double temperature, std::mt19937_64& random) const
{
    const auto logits = scaled(temperature);
    auto noise = at::empty_like(logits, at::TensorOptions().requires_grad(false));
    for (std::int64_t i = 0; i < noise.numel(); ++i) {
        const double uniform = (double(random() >> 11) + 0.5) / 9007199254740992.0; // in (0, 1)
        noise[i] = -std::log(-std::log(uniform));
    }
    const auto soft = at::softmax(logits + noise, 0);
    const auto hard = at::one_hot(soft.argmax(), soft.numel()).to(at::kDouble);
    return hard + soft - soft.detach();
}

std::vector<double> Gates::values(double temperature) const
{
    const at::NoGradGuard noGrad;
    const auto p = probabilities(temperature).contiguous();
    return {p.const_data_ptr<double>(), p.const_data_ptr<double>() + p.numel()};
}

void Gates::step(const at::Tensor& gradient)
{
    if (!m_parameter.defined() || !gradient.defined() || !at::isfinite(gradient).all().item<bool>())
        return;
    m_parameter.mutable_grad() = gradient;
    m_adam.step(m_learningRate);
}

at::Tensor expectedLoss(const at::Tensor& attention, const at::Tensor& mlp, const at::Tensor& losses)
{
    return at::dot(attention, at::mv(losses, mlp));
}

at::Tensor entropy(const at::Tensor& probabilities)
{
    return -at::xlogy(probabilities, probabilities).sum();
}

} // namespace core
