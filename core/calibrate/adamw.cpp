// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/adamw.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

namespace core {

namespace {

bool allFinite(const std::vector<at::Tensor>& tensors)
{
    if (tensors.empty())
        return true;
    const at::NoGradGuard noGrad;
    // The largest absolute value passes NaN and infinity on, and cannot overflow as a sum of squares would.
    const auto largest = at::_foreach_norm(tensors, std::numeric_limits<double>::infinity());
    return std::isfinite(at::stack(largest).sum(at::kDouble).item<double>());
}

} // namespace

AdamW::AdamW(std::vector<at::Tensor> parameters, double weightDecay, Betas betas)
    : m_parameters(std::move(parameters))
    , m_weightDecay(weightDecay)
    , m_betas(betas)
{
    for (auto& parameter : m_parameters) {
        parameter.set_requires_grad(true);
        m_mean.push_back(at::zeros_like(parameter));
        m_square.push_back(at::zeros_like(parameter));
        m_steps.push_back(at::zeros({}, parameter.options().dtype(at::kFloat)));
    }
}

AdamW::~AdamW()
{
    for (auto& parameter : m_parameters) {
        parameter.mutable_grad().reset();
        parameter.set_requires_grad(false);
    }
}

void AdamW::step(double rate)
{
    const at::NoGradGuard noGrad;
    std::vector<at::Tensor> parameters, gradients, mean, square, steps;
    for (std::size_t i = 0; i < m_parameters.size(); ++i) {
        auto& gradient = m_parameters[i].mutable_grad();
        if (!gradient.defined())
            continue;
        parameters.push_back(m_parameters[i]);
        gradients.push_back(gradient);
        mean.push_back(m_mean[i]);
        square.push_back(m_square[i]);
        steps.push_back(m_steps[i].add_(1));
        gradient.reset();
    }
    if (!parameters.empty())
        at::_fused_adamw_(parameters, gradients, mean, square, {}, steps, rate, m_betas.mean, m_betas.square,
                          m_weightDecay, 1e-8, false, false);
}

void AdamW::scaleGradients(double factor)
{
    const at::NoGradGuard noGrad;
    for (auto& parameter : m_parameters)
        if (auto& gradient = parameter.mutable_grad(); gradient.defined())
            gradient.mul_(factor);
}

void AdamW::clearGradients()
{
    for (auto& parameter : m_parameters)
        parameter.mutable_grad().reset();
}

bool AdamW::gradientsAreFinite() const
{
    std::vector<at::Tensor> gradients;
    for (const auto& parameter : m_parameters)
        if (parameter.grad().defined())
            gradients.push_back(parameter.grad());
    return allFinite(gradients);
}

bool AdamW::parametersAreFinite() const
{
    return allFinite(m_parameters);
}

AdamW::State AdamW::state() const
{
    const at::NoGradGuard noGrad;
    State state;
    for (const auto& tensor : everything())
        state.tensors.push_back(tensor.detach().clone());
    return state;
}

void AdamW::restore(const State& state)
{
    const at::NoGradGuard noGrad;
    const auto tensors = everything();
    for (std::size_t i = 0; i < tensors.size(); ++i)
        tensors[i].copy_(state.tensors[i]);
    clearGradients();
}

std::vector<at::Tensor> AdamW::everything() const
{
    std::vector<at::Tensor> all;
    for (const auto* list : {&m_parameters, &m_mean, &m_square, &m_steps})
        all.insert(all.end(), list->begin(), list->end());
    return all;
}

} // namespace core
