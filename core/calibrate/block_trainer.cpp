// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/block_trainer.h"

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/calibrate/adamw.h"
#include "core/calibrate/process_memory.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numbers>
#include <utility>

namespace core {

namespace {

at::Tensor batchLoss(const BlockProblem& problem, const BlockParameters& parameters, Precision precision,
                     std::int64_t begin, std::int64_t count)
{
    const auto transforms = evaluate(parameters.transforms);
    const auto weights = foldAndQuantize(problem.info, problem.weights, transforms, parameters.clips, problem.scheme);
    const QuantizedBlockHook hook(transforms, parameters.clips, problem.scheme);
    const BlockContext context{.info = problem.info,
                               .rope = problem.rope,
                               .block = problem.block,
                               .hook = &hook,
                               .products = precision == Precision::BFloat16 ? at::kBFloat16 : at::kFloat};
    const auto output = forwardBlock(context, weights, problem.inputsOf(begin, count));
    return at::mse_loss(output, problem.targetsOf(begin, count));
}

std::string stepText(const BlockProblem& problem, int epoch, int epochs)
{
    return "block " + std::to_string(problem.block + 1) + " of " + std::to_string(problem.info.blocks) + ", epoch "
        + std::to_string(epoch + 1) + " of " + std::to_string(epochs);
}

/** Halvings of the rate before a block is left at its last good state. */
constexpr int kMostHalvings = 5;

std::string shortNumber(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

/** The steps of one block, with the state they can go back to: the end of the best epoch, or the start. */
class BlockTraining
{
public:
    BlockTraining(const BlockProblem& problem, BlockParameters& parameters, const CalibrationOptions& options)
        : m_problem(problem)
        , m_parameters(parameters)
        , m_options(options)
        , m_precision(problem.precision)
        , m_batches(int(problem.inputs.size(0)) / options.batch)
        , m_part(options.microBatch > 0 ? std::min(options.microBatch, options.batch) : options.batch)
        , m_transforms(transformParameters(parameters), options.weightDecay)
        , m_clips(clipParameters(parameters), options.weightDecay)
        , m_start(snapshot())
        , m_good(m_start)
    {
    }

    /** Goes on from the good state to the end with all rates times `factor`. What stopped it, empty where nothing did. */
    std::string run(double factor, const LossObserver& observer, Progress& progress)
    {
        m_trace.resize(m_good.step / m_batches);
        const int steps = m_options.epochs * m_batches;
        for (int step = m_good.step; step < steps; ++step) {
            progress.checkpoint();
            if (auto failure = oneStep(step, steps, factor, observer); !failure.empty())
                return failure;
            if ((step + 1) % m_batches == 0 && m_trace.back() < m_good.loss) {
                if (!m_transforms.parametersAreFinite() || !m_clips.parametersAreFinite())
                    return "a parameter is not finite after step " + std::to_string(step);
                m_good = snapshot();
                m_good.step = step + 1;
                m_good.loss = m_trace.back();
            }
            progress.report(double(step + 1) / steps, stepText(m_problem, step / m_batches, m_options.epochs));
        }
        return {};
    }

    void backToGood() { restore(m_good); }
    void backToStart() { restore(m_good = m_start); }
    bool widen() // false where it is float32 already
    {
        return std::exchange(m_precision, Precision::Float32) != Precision::Float32;
    }
    int goodStep() const { return m_good.step; }
    int steps() const { return m_options.epochs * m_batches; }
    std::vector<double> trace() const { return m_trace; }
    std::uint64_t peakHostBytes() const { return m_peakHost; } // at the steps

private:
    struct State
    {
        AdamW::State transforms, clips;
        int step = 0;
        double loss = std::numeric_limits<double>::infinity(); // mean over the epoch that ends here
    };

    State snapshot() const { return {.transforms = m_transforms.state(), .clips = m_clips.state()}; }
    void restore(const State& state)
    {
        m_transforms.restore(state.transforms);
        m_clips.restore(state.clips);
        m_trace.resize(state.step / m_batches);
    }

    LossPoint pointAt(int step, int steps, double loss)
    {
        const auto resident = residentMemoryBytes();
        m_peakHost = std::max(m_peakHost, resident);
        return {.block = m_problem.block,
                .step = step,
                .steps = steps,
                .loss = loss,
                .seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - m_begin).count(),
                .memoryBytes = m_problem.device().is_cpu() ? resident : peakDeviceMemory(m_problem.device())};
    }

    std::string oneStep(int step, int steps, double factor, const LossObserver& observer)
    {
        const double value = addGradients(std::int64_t(step % m_batches) * m_options.batch);
        observer(pointAt(step, steps, value));
        if (!std::isfinite(value))
            return "the loss of step " + std::to_string(step) + " is " + shortNumber(value);
        if (step % m_batches == 0)
            m_trace.push_back(0.0);
        m_trace.back() += value / m_batches;
        if (value <= 0.0)
            return {};
        if (!m_transforms.gradientsAreFinite() || !m_clips.gradientsAreFinite())
            return "a gradient of step " + std::to_string(step) + " is not finite at a loss of " + shortNumber(value);
        const double floor = 1e-3 * m_options.learningRate;
        const double cosine = (1.0 + std::cos(std::numbers::pi * double(step) / steps)) / 2.0;
        m_transforms.step(factor * (floor + (m_options.learningRate - floor) * cosine));
        m_clips.step(factor * (floor + (m_options.clipLearningRate - floor) * cosine));
        return {};
    }

    /** Leaves the gradients of the logarithm of the batch's loss, so that their scale does not depend on the block, and returns the
        loss; no gradients where it is 0 or not finite. A batch that the device's memory does not hold is done in parts: a
        part's gradients are divided by the first part's loss, and all of them by the whole's at the end. */
    double addGradients(std::int64_t begin)
    {
        for (;; m_part = (m_part + 1) / 2) {
            try {
                return addGradientsOfParts(begin);
            } catch (const c10::OutOfMemoryError&) {
                if (m_part == 1)
                    throw;
            }
            m_transforms.clearGradients();
            m_clips.clearGradients();
            releaseCachedMemory(m_problem.device());
            logWarning("block " + std::to_string(m_problem.block) + ": the memory of " + m_problem.device().str()
                       + " does not hold " + std::to_string(m_part) + " windows at once, going on with "
                       + std::to_string((m_part + 1) / 2));
        }
    }

    double addGradientsOfParts(std::int64_t begin)
    {
        double sum = 0.0;
        double seed = 0.0;
        for (std::int64_t done = 0; done < m_options.batch; done += m_part) {
            const auto count = std::min<std::int64_t>(m_part, m_options.batch - done);
            const auto loss = batchLoss(m_problem, m_parameters, m_precision, begin + done, count);
            const double value = loss.item<double>();
            const double share = double(count) / m_options.batch;
            sum += value * share;
            if (!std::isfinite(value) || value <= 0.0 || !loss.requires_grad())
                continue;
            if (seed == 0.0)
                seed = 1.0 / value;
            loss.backward(at::full_like(loss, seed * share));
        }
        if (m_part < m_options.batch && seed > 0.0 && std::isfinite(sum)) {
            m_transforms.scaleGradients(1.0 / (sum * seed));
            m_clips.scaleGradients(1.0 / (sum * seed));
        }
        return sum;
    }

    const BlockProblem& m_problem;
    BlockParameters& m_parameters;
    const CalibrationOptions& m_options;
    Precision m_precision;
    int m_batches;
    std::int64_t m_part; // windows at once
    AdamW m_transforms;
    AdamW m_clips;
    State m_start;
    State m_good;
    std::vector<double> m_trace;
    std::uint64_t m_peakHost = 0;
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
};

/** Trains until it ends below the error it started with, or leaves the last good state; says in the report what it did. */
void trainWithGuard(BlockTraining& training, const BlockProblem& problem, const BlockParameters& parameters,
                    const CalibrationOptions& options, const LossObserver& observer, BlockReport& report,
                    Progress& progress)
{
    double factor = 1.0;
    int failedFrom = -1; // the good step that training last went back to
    for (int halvings = 0;; ++halvings) {
        auto failure = training.run(factor, observer, progress);
        if (failure.empty()) {
            report.errorEnd = blockError(problem, parameters, options.batch, progress);
            if (report.errorEnd <= report.errorStart)
                return;
            failure = "the error ended at " + shortNumber(report.errorEnd) + ", above the start's "
                + shortNumber(report.errorStart);
            training.backToStart();
        } else if (training.goodStep() == failedFrom) {
            training.backToStart(); // what looked good leads nowhere at any rate
        } else {
            training.backToGood();
        }
        failedFrom = training.goodStep();
        const auto back = failure + ": back to the parameters of step " + std::to_string(training.goodStep()) + " of "
            + std::to_string(training.steps());
        if (training.widen()) {
            report.warnings.push_back(back + ", in fp32 instead of bf16 from here on");
            --halvings;
            continue;
        }
        if (halvings == kMostHalvings || !std::isfinite(report.errorStart)) {
            report.warnings.push_back(back + ", which are kept");
            break;
        }
        factor /= 2.0;
        report.warnings.push_back(back + ", rates halved to " + shortNumber(factor * options.learningRate) + " and "
                                  + shortNumber(factor * options.clipLearningRate));
    }
    report.errorEnd = blockError(problem, parameters, options.batch, progress);
    if (!(report.errorEnd <= report.errorStart) && training.goodStep() > 0) {
        training.backToStart();
        report.warnings.push_back("their error of " + shortNumber(report.errorEnd)
                                  + " is above the start's: the start is kept");
        report.errorEnd = report.errorStart;
    }
}

} // namespace

Precision trainingPrecision(const Plan& plan, Precision asked)
{
    const auto narrow = [](const QuantScheme& scheme) {
        return std::min({scheme.weightBits, scheme.activationBits, scheme.keyBits, scheme.valueBits}) <= 3;
    };
    const bool any = std::any_of(plan.modules.begin(), plan.modules.end(),
                                 [&](const Choice& choice) { return narrow(plan.schemeOf(choice.module)); });
    return any ? Precision::Float32 : asked;
}

double blockError(const BlockProblem& problem, const BlockParameters& parameters, int batch, Progress& progress)
{
    const at::NoGradGuard noGrad;
    const auto transforms = evaluate(parameters.transforms);
    const auto weights = foldAndQuantize(problem.info, problem.weights, transforms, parameters.clips, problem.scheme);
    const QuantizedBlockHook hook(transforms, parameters.clips, problem.scheme);
    const BlockContext context{.info = problem.info, .rope = problem.rope, .block = problem.block, .hook = &hook};
    const auto windows = problem.inputs.size(0);
    double sum = 0.0;
    std::int64_t most = batch;
    inParts(problem.device(), windows, most, [&](std::int64_t begin, std::int64_t count) {
        progress.checkpoint();
        const auto output = forwardBlock(context, weights, problem.inputsOf(begin, count));
        sum += (output - problem.targetsOf(begin, count)).square().sum(at::kDouble).item<double>();
    });
    return sum / double(problem.targets.numel());
}

BlockReport trainBlock(const BlockProblem& problem, BlockParameters& parameters, const CalibrationOptions& options,
                       const LossObserver& observer, Progress& progress)
{
    const auto begin = std::chrono::steady_clock::now();
    BlockReport report;
    report.block = problem.block;
    resetPeakDeviceMemory(problem.device());
    report.errorStart = blockError(problem, parameters, options.batch, progress);
    {
        BlockTraining training(problem, parameters, options);
        if (training.steps() > 0)
            trainWithGuard(training, problem, parameters, options, observer, report, progress);
        else
            report.errorEnd = report.errorStart;
        report.lossTrace = training.trace();
        report.peakHostBytes = training.peakHostBytes();
    }
    report.peakDeviceBytes = peakDeviceMemory(problem.device());
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    logInfo("block " + std::to_string(problem.block) + ": error " + std::to_string(report.errorStart) + " -> "
            + std::to_string(report.errorEnd) + " in " + std::to_string(report.seconds) + " s");
    return report;
}

} // namespace core
