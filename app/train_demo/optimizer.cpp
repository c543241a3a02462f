// SPDX-License-Identifier: Apache-2.0
#include "app/train_demo/optimizer.h"

#include <torch/torch.h>

#include <cmath>
#include <map>

namespace demo {

namespace {

constexpr double kMuonMomentum = 0.95;
constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.99;
constexpr double kEpsilon = 1e-8;

/** [n, rows, columns] -> matrices of the same singular vectors with singular values near one: five steps of the quintic
    iteration with Jordan's coefficients. */
at::Tensor orthogonalized(const at::Tensor& matrices)
{
    const bool tall = matrices.size(1) > matrices.size(2);
    auto x = tall ? matrices.transpose(1, 2) : matrices;
    x = x / (x.flatten(1).norm(2, 1).view({-1, 1, 1}) + 1e-7);
    for (int i = 0; i < 5; ++i) {
        const auto a = at::bmm(x, x.transpose(1, 2));
        x = 3.4445 * x + at::bmm(-4.7750 * a + 2.0315 * at::bmm(a, a), x);
    }
    return tall ? x.transpose(1, 2) : x;
}

} // namespace

Optimizer::Optimizer(core::Model::Parts& parts, const OptimizerOptions& options)
    : m_options(options)
{
    std::map<std::vector<std::int64_t>, std::vector<std::size_t>> byShape;
    for (const auto& named : namedTensors(parts)) {
        if (named.blockMatrix)
            byShape[named.tensor->sizes().vec()].push_back(m_slots.size());
        m_slots.push_back({named, at::zeros_like(*named.tensor, at::kFloat),
                           named.blockMatrix ? at::Tensor() : at::zeros_like(*named.tensor, at::kFloat)});
    }
    for (auto& [shape, slots] : byShape)
        m_sameShape.push_back(slots);
}

double Optimizer::step(double schedule)
{
    const at::NoGradGuard noGradients;
    ++m_steps;
    at::Tensor square = at::zeros({});
    for (const auto& slot : m_slots)
        square += slot.weight.tensor->grad().square().sum();
    const double norm = std::sqrt(square.item<double>());
    const double cut = std::min(1.0, m_options.gradientNorm / (norm + 1e-6));
    for (auto& slot : m_slots)
        slot.weight.tensor->mutable_grad().mul_(cut);
    stepMuon(schedule);
    for (auto& slot : m_slots) {
        if (!slot.weight.blockMatrix)
            stepAdam(slot, schedule);
        slot.weight.tensor->mutable_grad() = at::Tensor();
    }
    return norm;
}

void Optimizer::stepMuon(double schedule)
{
    for (const auto& group : m_sameShape) {
        std::vector<at::Tensor> directions;
        for (const auto index : group) {
            Slot& slot = m_slots[index];
            const auto& gradient = slot.weight.tensor->grad();
            slot.momentum.mul_(kMuonMomentum).add_(gradient, 1.0 - kMuonMomentum);
            directions.push_back(gradient * (1.0 - kMuonMomentum) + slot.momentum * kMuonMomentum);
        }
        const auto updates = orthogonalized(at::stack(directions));
        const double aspect = std::max(1.0, double(updates.size(1)) / double(updates.size(2)));
        for (std::size_t i = 0; i < group.size(); ++i) {
            auto& weight = *m_slots[group[i]].weight.tensor;
            weight.mul_(1.0 - m_options.muonRate * schedule * m_options.weightDecay);
            weight.add_(updates[static_cast<std::int64_t>(i)], -m_options.muonRate * schedule * std::sqrt(aspect));
        }
    }
}

void Optimizer::stepAdam(Slot& slot, double schedule)
{
    auto& weight = *slot.weight.tensor;
    const auto& gradient = weight.grad();
    slot.momentum.mul_(kBeta1).add_(gradient, 1.0 - kBeta1);
    slot.second.mul_(kBeta2).addcmul_(gradient, gradient, 1.0 - kBeta2);
    const auto mean = slot.momentum / (1.0 - std::pow(kBeta1, m_steps));
    const auto deviation = (slot.second / (1.0 - std::pow(kBeta2, m_steps))).sqrt() + kEpsilon;
    if (weight.dim() == 2)
        weight.mul_(1.0 - m_options.adamRate * schedule * m_options.weightDecay);
    weight.addcdiv_(mean, deviation, -m_options.adamRate * schedule);
}

std::vector<at::Tensor> Optimizer::state() const
{
    std::vector<at::Tensor> tensors;
    for (const auto& slot : m_slots) {
        tensors.push_back(slot.weight.tensor->detach());
        tensors.push_back(slot.momentum);
        if (slot.second.defined())
            tensors.push_back(slot.second);
    }
    return tensors;
}

void Optimizer::restore(const std::vector<at::Tensor>& state, int steps)
{
    const at::NoGradGuard noGradients;
    const auto own = this->state();
    TORCH_CHECK(own.size() == state.size(), "the checkpoint holds ", state.size(), " tensors, not ", own.size());
    for (std::size_t i = 0; i < own.size(); ++i)
        own[i].copy_(state[i]);
    m_steps = steps;
}

} // namespace demo
