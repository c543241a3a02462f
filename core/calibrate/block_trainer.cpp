// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/block_trainer.h"

#include "core/base/error.h"
#include "core/base/log.h"

#include <torch/torch.h>

#include <chrono>
#include <cmath>
#include <numbers>

namespace core {

namespace {

/** One parameter group of AdamW with its state; steps run as one fused operator. */
class ParameterGroup
{
public:
    ParameterGroup(std::vector<at::Tensor> parameters, double learningRate)
        : m_parameters(std::move(parameters))
        , m_learningRate(learningRate)
    {
        for (auto& parameter : m_parameters) {
            parameter.set_requires_grad(true);
            m_mean.push_back(at::zeros_like(parameter));
            m_square.push_back(at::zeros_like(parameter));
            m_steps.push_back(at::zeros({}, at::kFloat));
        }
    }

    void step(double progress, double floor, double weightDecay)
    {
        const at::NoGradGuard noGrad;
        const double rate = floor + (m_learningRate - floor) * (1.0 + std::cos(std::numbers::pi * progress)) / 2.0;
        std::vector<at::Tensor> parameters, gradients, mean, square, steps;
        for (std::size_t i = 0; i < m_parameters.size(); ++i) {
            auto& gradient = m_parameters[i].mutable_grad();
            if (!gradient.defined())
                continue; // as the reference: what gets no gradient does not move, nor decay
            parameters.push_back(m_parameters[i]);
            gradients.push_back(gradient);
            mean.push_back(m_mean[i]);
            square.push_back(m_square[i]);
            steps.push_back(m_steps[i].add_(1));
            gradient.reset();
        }
        if (!parameters.empty())
            at::_fused_adamw_(parameters, gradients, mean, square, {}, steps, rate, 0.9, 0.999, weightDecay, 1e-8,
                              false, false);
    }

    void release()
    {
        for (auto& parameter : m_parameters) {
            parameter.mutable_grad().reset();
            parameter.set_requires_grad(false);
        }
    }

private:
    std::vector<at::Tensor> m_parameters;
    std::vector<at::Tensor> m_mean;
    std::vector<at::Tensor> m_square;
    std::vector<at::Tensor> m_steps;
    double m_learningRate;
};

at::Tensor batchLoss(const BlockProblem& problem, const BlockParameters& parameters, std::int64_t begin,
                     std::int64_t count)
{
    const auto transforms = evaluate(parameters.transforms);
    const auto weights = foldAndQuantize(problem.info, problem.weights, transforms, parameters.clips, problem.scheme);
    const QuantizedBlockHook hook(transforms, parameters.clips, problem.scheme);
    const BlockContext context{.info = problem.info, .rope = problem.rope, .block = problem.block, .hook = &hook};
    const auto output = forwardBlock(context, weights, problem.inputs.narrow(0, begin, count));
    return at::mse_loss(output, problem.targets.narrow(0, begin, count));
}

std::string stepText(const BlockProblem& problem, int epoch, int epochs)
{
    return "block " + std::to_string(problem.block + 1) + " of " + std::to_string(problem.info.blocks) + ", epoch "
        + std::to_string(epoch + 1) + " of " + std::to_string(epochs);
}

} // namespace

double blockError(const BlockProblem& problem, const BlockParameters& parameters, int batch, Progress& progress)
{
    const at::NoGradGuard noGrad;
    const auto transforms = evaluate(parameters.transforms);
    const auto weights = foldAndQuantize(problem.info, problem.weights, transforms, parameters.clips, problem.scheme);
    const QuantizedBlockHook hook(transforms, parameters.clips, problem.scheme);
    const BlockContext context{.info = problem.info, .rope = problem.rope, .block = problem.block, .hook = &hook};
    const auto windows = problem.inputs.size(0);
    double sum = 0.0;
    for (std::int64_t begin = 0; begin < windows; begin += batch) {
        progress.checkpoint();
        const auto count = std::min<std::int64_t>(batch, windows - begin);
        const auto output = forwardBlock(context, weights, problem.inputs.narrow(0, begin, count));
        sum += (output - problem.targets.narrow(0, begin, count)).square().sum(at::kDouble).item<double>();
    }
    return sum / double(problem.targets.numel());
}

BlockReport trainBlock(const BlockProblem& problem, BlockParameters& parameters, const CalibrationOptions& options,
                       const LossObserver& observer, Progress& progress)
{
    const auto begin = std::chrono::steady_clock::now();
    BlockReport report{.block = problem.block};
    report.errorStart = blockError(problem, parameters, options.batch, progress);
    const int batches = int(problem.inputs.size(0)) / options.batch;
    const int steps = options.epochs * batches;
    ParameterGroup transforms(transformParameters(parameters), options.learningRate);
    ParameterGroup clips(clipParameters(parameters), options.clipLearningRate);
    const double floor = 1e-3 * options.learningRate;
    int skipped = 0;
    for (int step = 0; step < steps; ++step) {
        progress.checkpoint();
        const auto loss = batchLoss(problem, parameters, std::int64_t(step % batches) * options.batch, options.batch);
        const double value = loss.item<double>();
        observer({problem.block, step, steps, value});
        if (step % batches == 0)
            report.lossTrace.push_back(0.0);
        report.lossTrace.back() += value / batches;
        if (!std::isfinite(value) || !loss.requires_grad()) {
            skipped += std::isfinite(value) ? 0 : 1;
            continue;
        }
        // From 1 / loss, so that the gradient is that of the loss's logarithm and its scale does not depend on the block.
        if (value > 0.0)
            loss.backward(at::full_like(loss, 1.0 / value));
        transforms.step(double(step) / steps, floor, options.weightDecay);
        clips.step(double(step) / steps, floor, options.weightDecay);
        progress.report(double(step + 1) / steps, stepText(problem, step / batches, options.epochs));
    }
    transforms.release();
    clips.release();
    if (skipped > 0)
        report.warnings.push_back(std::to_string(skipped) + " of " + std::to_string(steps)
                                  + " steps had a loss that is not finite and were skipped");
    report.errorEnd = blockError(problem, parameters, options.batch, progress);
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    logInfo("block " + std::to_string(problem.block) + ": error " + std::to_string(report.errorStart) + " -> "
            + std::to_string(report.errorEnd) + " in " + std::to_string(report.seconds) + " s, " + std::to_string(steps)
            + " steps");
    return report;
}

} // namespace core
