// SPDX-License-Identifier: Apache-2.0
#include "core/search/candidate_block.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include <functional>
#include <map>

namespace core {

CandidateHalf::CandidateHalf(const BlockProblem& problem, ModuleKind module, const BlockParameters& parameters)
    : m_problem(problem)
    , m_module(module)
    , m_transforms(evaluate(parameters.transforms))
    , m_clips(parameters.clips)
{
    m_weights =
        foldAndQuantizeModule(module, problem.info, problem.weights, m_transforms, m_clips, problem.scheme.of(module));
}

at::Tensor CandidateHalf::forward(const at::Tensor& x) const
{
    const QuantizedBlockHook hook(m_transforms, m_clips, m_problem.scheme);
    const BlockContext context{.info = m_problem.info, .rope = m_problem.rope, .block = m_problem.block, .hook = &hook};
    return m_module == ModuleKind::Attention ? forwardAttention(context, m_weights, x)
                                             : forwardMlp(context, m_weights, x);
}

void CandidateHalf::cut()
{
    const auto cutTensor = [&](at::Tensor& tensor) {
        if (!tensor.defined() || !tensor.requires_grad())
            return;
        auto leaf = tensor.detach().requires_grad_();
        m_cuts.emplace_back(tensor, leaf);
        tensor = leaf;
    };
    for (const auto site : kSites) {
        auto& transform = m_transforms.at(site);
        for (auto* tensor : {&transform.left, &transform.right, &transform.leftInverse, &transform.rightInverse})
            cutTensor(*tensor);
    }
    for (const auto role : kBlockRoles)
        cutTensor(m_weights.matrix(role));
    for (const auto& [name, tensor] : m_weights.extras())
        cutTensor(*tensor);
}

void CandidateHalf::finishBackward()
{
    torch::autograd::variable_list made, gradients;
    for (const auto& [tensor, leaf] : m_cuts)
        if (leaf.grad().defined()) {
            made.push_back(tensor);
            gradients.push_back(leaf.grad());
        }
    if (!made.empty())
        torch::autograd::backward(made, gradients);
    m_cuts.clear();
}

std::vector<CandidateHalf> makeHalves(const BlockProblem& problem, ModuleKind module,
                                      const std::vector<BlockParameters>& candidates)
{
    std::vector<CandidateHalf> halves;
    for (const auto& parameters : candidates)
        halves.emplace_back(problem, module, parameters);
    return halves;
}

namespace {

/** `measure` gets the outputs of a pair for windows [begin, begin + count) and gives a number for each. */
PairMeasures
measurePairs(const BlockProblem& problem, const CandidateBlock& candidates, int batch, Progress& progress,
             const std::function<std::vector<double>(const at::Tensor& outputs, std::int64_t begin)>& measure)
{
    const at::NoGradGuard noGrad;
    PairMeasures measures(candidates.attention.size(), std::vector<std::vector<double>>(candidates.mlp.size()));
    const auto mlps = makeHalves(problem, ModuleKind::Mlp, candidates.mlp);
    const auto windows = problem.inputs.size(0);
    for (std::size_t i = 0; i < measures.size(); ++i) {
        const CandidateHalf attention(problem, ModuleKind::Attention, candidates.attention[i]);
        for (std::int64_t begin = 0; begin < windows; begin += batch) {
            const auto after =
                attention.forward(problem.inputsOf(begin, std::min<std::int64_t>(batch, windows - begin)));
            for (std::size_t j = 0; j < mlps.size(); ++j) {
                progress.checkpoint();
                const auto values = measure(mlps[j].forward(after), begin);
                measures[i][j].insert(measures[i][j].end(), values.begin(), values.end());
            }
        }
    }
    return measures;
}

} // namespace

PairMeasures pairErrors(const BlockProblem& problem, const CandidateBlock& candidates, int batch, Progress& progress)
{
    return measurePairs(problem, candidates, batch, progress, [&](const at::Tensor& outputs, std::int64_t begin) {
        const auto difference = outputs - problem.targetsOf(begin, outputs.size(0));
        const auto means = difference.to(at::kDouble).square().mean({1, 2}).cpu().contiguous();
        const auto* values = means.const_data_ptr<double>();
        return std::vector<double>(values, values + means.numel());
    });
}

PairMeasures pairDivergences(const BlockProblem& problem, const CandidateBlock& candidates, const ModelTail& tail,
                             int batch, Progress& progress)
{
    const at::NoGradGuard noGrad;
    std::map<std::int64_t, at::Tensor> reference; // by first window: the same for all pairs
    return measurePairs(problem, candidates, batch, progress, [&](const at::Tensor& outputs, std::int64_t begin) {
        auto& full = reference[begin];
        if (!full.defined())
            full = tail.final(problem.targetsOf(begin, outputs.size(0)), progress);
        return tail.divergence(full, tail.final(outputs, progress), progress);
    });
}

at::Tensor pairLosses(const std::vector<CandidateHalf>& attention, const std::vector<CandidateHalf>& mlp,
                      const at::Tensor& inputs, const at::Tensor& targets, Progress& progress)
{
    const at::NoGradGuard noGrad;
    auto losses = at::empty({std::int64_t(attention.size()), std::int64_t(mlp.size())}, at::kDouble);
    for (std::size_t i = 0; i < attention.size(); ++i) {
        const auto after = attention[i].forward(inputs);
        for (std::size_t j = 0; j < mlp.size(); ++j) {
            progress.checkpoint();
            losses[std::int64_t(i)][std::int64_t(j)] = at::mse_loss(mlp[j].forward(after), targets).item<double>();
        }
    }
    return losses;
}

} // namespace core
