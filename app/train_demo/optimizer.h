// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/train_demo/weights.h"

namespace demo {

struct OptimizerOptions
{
    double muonRate = 0.02;  // block matrices
    double adamRate = 0.004; // embedding, head, gains
    double weightDecay = 0.02;
    double gradientNorm = 1.0; // longer gradients are cut to it
};

/** Muon (Jordan 2024: momentum whose singular values are all made one by a Newton-Schulz iteration) for the matrices of
    the blocks, AdamW (Loshchilov and Hutter 2019) for the rest. */
class Optimizer
{
public:
    Optimizer(core::Model::Parts& parts, const OptimizerOptions& options);

    /** One step by the gradients that are there, at `schedule` times the rates; clears them. Returns their norm. */
    double step(double schedule);

    /** Everything that a later run needs to go on; the tensors are the optimizer's own. */
    std::vector<at::Tensor> state() const;
    void restore(const std::vector<at::Tensor>& state, int steps);

private:
    struct Slot
    {
        NamedTensor weight;
        at::Tensor momentum; // Muon, or first moment
        at::Tensor second;   // second moment; undefined for Muon
    };

    void stepMuon(double schedule);
    void stepAdam(Slot& slot, double schedule);

    OptimizerOptions m_options;
    std::vector<Slot> m_slots;
    std::vector<std::vector<std::size_t>> m_sameShape; // Muon's slots, by shape
    int m_steps = 0;
};

} // namespace demo
