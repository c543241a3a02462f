// SPDX-License-Identifier: Apache-2.0
#include "core/search/block_search.h"

#include "core/base/log.h"
#include "core/calibrate/adamw.h"
#include "core/search/search_passes.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include <chrono>
#include <cmath>
#include <numbers>

namespace core {

namespace {

double secondsSince(std::chrono::steady_clock::time_point begin)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/** From `start` to `end` by a cosine over `fraction` in [0, 1]. */
double cosine(double start, double end, double fraction)
{
    return end + (start - end) * (1.0 + std::cos(std::numbers::pi * fraction)) / 2.0;
}

std::vector<at::Tensor> allParameters(const CandidateBlock& candidates,
                                      std::vector<at::Tensor> (*parametersOf)(const BlockParameters&))
{
    std::vector<at::Tensor> all;
    for (const auto* module : {&candidates.attention, &candidates.mlp})
        for (const auto& parameters : *module)
            for (const auto& tensor : parametersOf(parameters))
                all.push_back(tensor);
    return all;
}

std::vector<at::Tensor> allParameters(const BlockParameters& parameters)
{
    auto all = transformParameters(parameters);
    for (const auto& tensor : clipParameters(parameters))
        all.push_back(tensor);
    return all;
}

/** Copies of what training moves. */
std::vector<at::Tensor> valuesOf(const BlockParameters& parameters)
{
    std::vector<at::Tensor> values;
    for (const auto& tensor : allParameters(parameters))
        values.push_back(tensor.detach().clone());
    return values;
}

void setValues(const BlockParameters& parameters, const std::vector<at::Tensor>& values)
{
    const at::NoGradGuard noGrad;
    const auto tensors = allParameters(parameters);
    for (std::size_t i = 0; i < tensors.size(); ++i)
        tensors[i].copy_(values[i]);
}

SearchBatch batchAt(const BlockProblem& problem, std::int64_t index, std::int64_t batch)
{
    const auto windows = problem.inputs.size(0);
    const auto count = std::min(batch, windows);
    const auto begin = (index % std::max<std::int64_t>(1, windows / count)) * count;
    return {problem.inputsOf(begin, count), problem.targetsOf(begin, count)};
}

/** The gates' side of a search: when they move, on what, and what they did. */
class GateTraining
{
public:
    GateTraining(const SearchOptions& options, int block, int batches)
        : m_options(options)
        , m_block(block)
        , m_batches(batches)
        , m_steps(std::max(0, options.training.epochs - 1) * batches / 2)
    {
    }

    /** Frozen in the first epoch, then one step after every second one of the transforms. */
    bool isDue(int trainingStep) const { return trainingStep >= m_batches && (trainingStep - m_batches) % 2 == 1; }

    std::vector<GatePoint> step(SearchState& state, const SearchBatch& batch, Progress& progress)
    {
        const double done = m_steps > 1 ? double(m_done) / (m_steps - 1) : 1.0;
        state.temperature = cosine(m_options.temperatureStart, m_options.temperatureEnd, done);
        std::vector<Gates*> gates; // of modules with a choice
        for (auto* module : {&state.gates.attention, &state.gates.mlp})
            if (module->parameter().defined())
                gates.push_back(module);
        auto objective = gateObjective(m_options.mode, state, batch, progress);
        if (objective.defined() && !gates.empty()) {
            const double weight = m_options.entropy * std::max(0.0, 3.0 * done - 2.0);
            objective = objective
                + weight
                    * (entropy(state.gates.attention.probabilities(state.temperature))
                       + entropy(state.gates.mlp.probabilities(state.temperature)));
            // The gates alone: nothing is left in the gradients of transforms and clips.
            torch::autograd::variable_list parameters;
            for (const auto* module : gates)
                parameters.push_back(module->parameter());
            const auto gradients = torch::autograd::grad({objective}, parameters);
            for (std::size_t i = 0; i < gates.size(); ++i)
                gates[i]->step(gradients[i]);
        }
        std::vector<GatePoint> points;
        for (const auto module : {ModuleKind::Attention, ModuleKind::Mlp})
            points.push_back({{m_block, module},
                              m_done,
                              m_steps,
                              state.temperature,
                              (module == ModuleKind::Attention ? state.gates.attention : state.gates.mlp)
                                  .values(state.temperature)});
        ++m_done;
        return points;
    }

    int done() const { return m_done; }

private:
    const SearchOptions& m_options;
    int m_block;
    int m_batches;
    int m_steps;
    int m_done = 0;
};

std::string stepText(const BlockProblem& problem, const char* what, int epoch, int epochs)
{
    return std::string(what) + " block " + std::to_string(problem.block + 1) + " of "
        + std::to_string(problem.info.blocks) + ", epoch " + std::to_string(epoch + 1) + " of "
        + std::to_string(epochs);
}

PairMeasures measured(const BlockProblem& heldOut, const CandidateBlock& candidates, int batch, const ModelTail* tail,
                      Progress& progress)
{
    return tail ? pairDivergences(heldOut, candidates, *tail, batch, progress)
                : pairErrors(heldOut, candidates, batch, progress);
}

} // namespace

BlockSearch searchBlock(const BlockProblem& training, const BlockProblem& heldOut, CandidateBlock& candidates,
                        const SearchOptions& options, const ModelTail* tail, const SearchObserver& observer,
                        Progress& progress)
{
    const auto begin = std::chrono::steady_clock::now();
    const auto& recipe = options.training;
    BlockSearch result{.block = training.block, .gates = {}, .lossTrace = {}, .heldOut = {}, .warnings = {}};
    const int batches = int(training.inputs.size(0)) / recipe.batch;
    const int steps = recipe.epochs * batches;
    AdamW transforms(allParameters(candidates, transformParameters), recipe.weightDecay);
    AdamW clips(allParameters(candidates, clipParameters), recipe.weightDecay);
    BlockGates gates{Gates(candidates.attention.size(), options.gateLearningRate),
                     Gates(candidates.mlp.size(), options.gateLearningRate)};
    SearchState state{training, candidates, gates, options.temperatureStart,
                      std::mt19937_64(recipe.seed * 0x9E3779B97F4A7C15ull + std::uint64_t(training.block))};
    GateTraining gateTraining(options, training.block, batches);
    const double floor = 1e-3 * recipe.learningRate;
    for (int step = 0; step < steps; ++step) {
        const auto batch = batchAt(training, step % batches, recipe.batch);
        const double objective = trainingPass(options.mode, state, batch, progress);
        if (observer.onLoss)
            observer.onLoss({training.block, step, steps, objective});
        if (step % batches == 0)
            result.lossTrace.push_back(0.0);
        result.lossTrace.back() += objective / batches;
        transforms.step(cosine(recipe.learningRate, floor, double(step) / steps));
        clips.step(cosine(recipe.clipLearningRate, floor, double(step) / steps));
        if (gateTraining.isDue(step)) {
            const bool joint = options.gateWindows == GateWindows::Training;
            const auto gateBatch = joint ? batch : batchAt(heldOut, gateTraining.done(), recipe.batch);
            for (const auto& point : gateTraining.step(state, gateBatch, progress)) {
                if (observer.onGate)
                    observer.onGate(point);
                result.gates.push_back(point);
            }
        }
        progress.report(double(step + 1) / steps, stepText(training, "search", step / batches, recipe.epochs));
    }
    if (state.notFinite > 0)
        result.warnings.push_back(std::to_string(state.notFinite) + " losses were not finite and were left out");
    result.heldOut = measured(heldOut, candidates, recipe.batch, tail, progress);
    result.seconds = secondsSince(begin);
    logInfo("search of block " + std::to_string(training.block) + ": " + std::to_string(candidates.attention.size())
            + " and " + std::to_string(candidates.mlp.size()) + " candidates, " + std::to_string(steps) + " steps in "
            + std::to_string(result.seconds) + " s");
    return result;
}

BlockSearch trainEveryCandidate(const BlockProblem& training, const BlockProblem& heldOut, CandidateBlock& candidates,
                                const SearchOptions& options, const ModelTail* tail, const SearchObserver& observer,
                                Progress& progress)
{
    const auto begin = std::chrono::steady_clock::now();
    BlockSearch result{.block = training.block, .gates = {}, .lossTrace = {}, .heldOut = {}, .warnings = {}};
    // The only candidate of a module that is not searched starts anew beside each one of the other's; the first pair's remains.
    auto& single = candidates.attention.size() < candidates.mlp.size() ? candidates.attention : candidates.mlp;
    const auto start = valuesOf(single.front());
    std::vector<at::Tensor> trained;
    const auto count = int(std::max(candidates.attention.size(), candidates.mlp.size()));
    for (int k = 0; k < count; ++k) {
        ProgressPart part(progress, double(k) / count, double(k + 1) / count);
        const auto at = [k](const std::vector<BlockParameters>& all) {
            return all[std::min(std::size_t(k), all.size() - 1)];
        };
        if (k > 0 && single.size() == 1)
            setValues(single.front(), start);
        auto parameters = joined(at(candidates.attention), at(candidates.mlp));
        const auto onLoss = [&](const LossPoint& point) {
            if (observer.onLoss)
                observer.onLoss({point.block, k * point.steps + point.step, count * point.steps, point.loss});
        };
        const auto report = trainBlock(training, parameters, options.training, onLoss, part);
        result.lossTrace.insert(result.lossTrace.end(), report.lossTrace.begin(), report.lossTrace.end());
        result.warnings.insert(result.warnings.end(), report.warnings.begin(), report.warnings.end());
        if (k == 0)
            trained = valuesOf(single.front());
    }
    if (single.size() == 1)
        setValues(single.front(), trained);
    result.heldOut = measured(heldOut, candidates, options.training.batch, tail, progress);
    result.seconds = secondsSince(begin);
    return result;
}

} // namespace core
