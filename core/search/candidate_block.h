// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/block_trainer.h"
#include "core/calibrate/quantized_block.h"
#include "core/search/model_tail.h"

namespace core {

/** One half of a block with one candidate's transforms and quantizers, ready to run. */
class CandidateHalf
{
public:
    CandidateHalf(const BlockProblem& problem, ModuleKind module, const BlockParameters& parameters);

    /** [batch, tokens, hidden] -> the same: the input of the half with what the half adds. */
    at::Tensor forward(const at::Tensor& x) const;

    /** Separates this half from how its weights were made: several backward passes then end at its folded weights, and
        finishBackward() sends their sum on to the parameters, once. */
    void cut();
    void finishBackward();

private:
    const BlockProblem& m_problem;
    ModuleKind m_module;
    BlockWeights m_weights;
    EvaluatedBlock m_transforms;
    BlockClips m_clips;
    std::vector<std::pair<at::Tensor, at::Tensor>> m_cuts; // made tensor, leaf in its place
};

/** All candidates of one block: parameters by module and candidate, only the module's own half filled; a module that is not
    searched has one. */
struct CandidateBlock
{
    std::vector<BlockParameters> attention;
    std::vector<BlockParameters> mlp;

    std::vector<BlockParameters>& of(ModuleKind module) { return module == ModuleKind::Attention ? attention : mlp; }
};

/** The halves of one module, by candidate. */
std::vector<CandidateHalf> makeHalves(const BlockProblem& problem, ModuleKind module,
                                      const std::vector<BlockParameters>& candidates);

/** A number of every pair on every window: [attention][mlp][window]. */
using PairMeasures = std::vector<std::vector<std::vector<double>>>;

/** Mean squared error of every pair, without relaxation, float64 sums. */
PairMeasures pairErrors(const BlockProblem& problem, const CandidateBlock& candidates, int batch, Progress& progress);

/** The divergence of the predictions that `tail` makes of every pair's outputs from those it makes of the targets. */
PairMeasures pairDivergences(const BlockProblem& problem, const CandidateBlock& candidates, const ModelTail& tail,
                             int batch, Progress& progress);

/** The same of one batch as means: [K attention, K mlp] float64. */
at::Tensor pairLosses(const std::vector<CandidateHalf>& attention, const std::vector<CandidateHalf>& mlp,
                      const at::Tensor& inputs, const at::Tensor& targets, Progress& progress);

} // namespace core
