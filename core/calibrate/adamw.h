// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace core {

/** AdamW (eps 1e-8, decoupled decay) over a list of parameters; a step is one fused operator. Parameters require gradients while
    it lives. */
class AdamW
{
public:
    struct Betas
    {
        double mean = 0.9;
        double square = 0.999;
    };

    AdamW(std::vector<at::Tensor> parameters, double weightDecay, Betas betas = {0.9, 0.999});
    AdamW(const AdamW&) = delete;
    AdamW& operator=(const AdamW&) = delete;
    ~AdamW();

    /** Moves the parameters that got a gradient (others neither move nor decay) and clears the gradients. */
    void step(double rate);

    void scaleGradients(double factor);
    void clearGradients();

    /** True where no gradient is NaN or infinite. */
    bool gradientsAreFinite() const;
    bool parametersAreFinite() const;

    /** A copy of parameters and moments, to go back to. */
    struct State
    {
        std::vector<at::Tensor> tensors;
    };
    State state() const;
    void restore(const State& state);

private:
    std::vector<at::Tensor> everything() const;

    std::vector<at::Tensor> m_parameters;
    std::vector<at::Tensor> m_mean;
    std::vector<at::Tensor> m_square;
    std::vector<at::Tensor> m_steps;
    double m_weightDecay;
    Betas m_betas;
};

} // namespace core
