// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/adamw.h"

#include <random>
#include <vector>

namespace core {

/** The choice factor of one module: probabilities of its candidates, softmax(logits / temperature) in float64. Two candidates
    share one free logit, so that the second has sigmoid(a / temperature). Moved by Adam (0.5, 0.999). */
class Gates
{
public:
    Gates(std::size_t candidates, double learningRate);

    /** [K] float64, differentiable in parameter(). */
    at::Tensor probabilities(double temperature) const;

    /** A draw from these probabilities: one-hot in value, with the gradient of softmax(logits / temperature + Gumbel noise). */
    at::Tensor draw(double temperature, std::mt19937_64& random) const;

    std::vector<double> values(double temperature) const;

    /** [1] for two candidates, else [K]; all 0 at the start. Undefined for one candidate, which has no choice. */
    const at::Tensor& parameter() const { return m_parameter; }

    /** Nothing happens where the gradient is not finite. */
    void step(const at::Tensor& gradient);

private:
    at::Tensor scaled(double temperature) const;

    at::Tensor m_parameter;
    AdamW m_adam;
    double m_learningRate;
};

/** sum_ij p_i q_j L_ij; `losses` [K attention, K mlp]. */
at::Tensor expectedLoss(const at::Tensor& attention, const at::Tensor& mlp, const at::Tensor& losses);

/** -sum p ln p, 0 ln 0 = 0. */
at::Tensor entropy(const at::Tensor& probabilities);

} // namespace core
