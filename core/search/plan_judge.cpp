// SPDX-License-Identifier: Apache-2.0
#include "core/search/plan_judge.h"

#include "core/model/predictions.h"
#include "core/search/model_tail.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

namespace core {

PlanJudge::PlanJudge(const at::Tensor& windows, const Model& fullPrecision, std::vector<Model::Block> blocks,
                     Progress& progress)
    : m_parts(fullPrecision.parts())
{
    const at::NoGradGuard noGrad; // as evaluation runs: another path through the block rounds otherwise
    m_hidden = fullPrecision.embed(windows.narrow(1, 0, windows.size(1) - 1).to(fullPrecision.device()));
    for (std::int64_t window = 0; window < m_hidden.size(0); ++window)
        m_reference.push_back(runRest(fullPrecision, 0, m_hidden.narrow(0, window, 1), progress));
    m_parts.blocks = std::move(blocks);
}

std::vector<double> PlanJudge::divergences(const Model::Block* candidate, Progress& progress) const
{
    const at::NoGradGuard noGrad;
    auto parts = m_parts;
    if (candidate)
        parts.blocks[std::size_t(m_next)] = *candidate;
    const Model model(std::move(parts));
    const ModelTail tail(model, m_next - 1);
    std::vector<double> windows;
    for (std::int64_t window = 0; window < m_hidden.size(0); ++window) {
        const auto final = tail.final(m_hidden.narrow(0, window, 1), progress);
        windows.push_back(tail.divergence(m_reference[std::size_t(window)], final, progress).front());
    }
    return windows;
}

void PlanJudge::set(Model::Block chosen)
{
    m_parts.blocks[std::size_t(m_next)] = std::move(chosen);
}

void PlanJudge::advance()
{
    const at::NoGradGuard noGrad;
    const Model model(m_parts);
    for (std::int64_t window = 0; window < m_hidden.size(0); ++window) {
        auto hidden = m_hidden.narrow(0, window, 1);
        hidden.copy_(model.forward(m_next, hidden));
    }
    ++m_next;
}

} // namespace core
