// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/what_if.h"

#include "core/base/error.h"
#include "core/calibrate/adamw.h"
#include "core/calibrate/channel_maxima.h"
#include "core/calibrate/quantized_block.h"
#include "core/stats/running_mean.h"

#include <ATen/ATen.h>

#include <chrono>
#include <cmath>
#include <numbers>

namespace core {

namespace {

at::Tensor forwardModule(const BlockContext& context, const BlockWeights& weights, ModuleKind module,
                         const at::Tensor& input)
{
    return module == ModuleKind::Attention ? forwardAttention(context, weights, input)
                                           : forwardMlp(context, weights, input);
}

/** What all kinds share: the module's inputs and full-precision outputs. */
struct Windows
{
    at::Tensor inputs, targets; // [windows, tokens, hidden]
    std::int64_t trained = 0;   // the first ones
    ChannelMaxima maxima;       // over those
};

Windows prepare(const ModuleProblem& problem, Progress& progress)
{
    const at::NoGradGuard noGrad;
    const auto count = problem.inputs.size(0);
    if (count < 2)
        throw Error(ErrorKind::InvalidArgument,
                    "kinds are compared on at least two windows, one of them held out: the text has "
                        + std::to_string(count));
    Windows windows;
    windows.trained = count - std::max<std::int64_t>(1, count / 4);
    std::vector<at::Tensor> inputs, targets;
    const auto tap = maximaTap(windows.maxima);
    for (std::int64_t window = 0; window < count; ++window) {
        progress.checkpoint();
        BlockContext context{.info = problem.info, .rope = problem.rope, .block = problem.module.block};
        if (window < windows.trained)
            context.tap = &tap;
        const auto input = problem.inputs.narrow(0, window, 1);
        const auto middle = forwardAttention(context, problem.weights, input);
        const auto output = forwardMlp(context, problem.weights, middle); // the tap wants both halves
        const bool attention = problem.module.kind == ModuleKind::Attention;
        inputs.push_back(attention ? input : middle);
        targets.push_back(attention ? middle : output);
    }
    windows.inputs = at::cat(inputs);
    windows.targets = at::cat(targets);
    return windows;
}

/** One kind on its way. */
class Contender
{
public:
    Contender(const ModuleProblem& problem, const Windows& windows, BlockParameters parameters)
        : m_problem(problem)
        , m_windows(windows)
        , m_parameters(std::move(parameters))
    {
    }

    void train(const CalibrationOptions& options, const std::string& text, Progress& progress)
    {
        AdamW transforms(transformParameters(m_parameters), options.weightDecay);
        AdamW clips(clipParameters(m_parameters), options.weightDecay);
        const auto batch = std::min<std::int64_t>(options.batch, m_windows.trained);
        const auto batches = m_windows.trained / batch;
        const auto steps = options.epochs * batches;
        for (std::int64_t step = 0; step < steps; ++step) {
            progress.checkpoint();
            const auto begin = step % batches * batch;
            const auto loss = at::mse_loss(output(begin, batch), m_windows.targets.narrow(0, begin, batch));
            const double value = loss.item<double>();
            if (!std::isfinite(value) || value == 0.0 || !loss.requires_grad())
                return; // what is left is measured as it is
            loss.backward(at::full_like(loss, 1.0 / value));
            const double cosine = (1.0 + std::cos(std::numbers::pi * double(step) / double(steps))) / 2.0;
            transforms.step(options.learningRate * cosine);
            clips.step(options.clipLearningRate * cosine);
            progress.report(double(step + 1) / double(steps), text);
        }
    }

    /** Errors of the held-out windows. */
    RunningMean errors(Progress& progress) const
    {
        const at::NoGradGuard noGrad;
        RunningMean errors;
        for (auto window = m_windows.trained; window < m_windows.inputs.size(0); ++window) {
            progress.checkpoint();
            errors.add(
                (output(window, 1) - m_windows.targets.narrow(0, window, 1)).square().mean(at::kDouble).item<double>());
        }
        return errors;
    }

    EvaluatedBlock transforms() const
    {
        const at::NoGradGuard noGrad;
        return evaluate(m_parameters.transforms);
    }

private:
    at::Tensor output(std::int64_t begin, std::int64_t count) const
    {
        const auto transforms = evaluate(m_parameters.transforms);
        const auto weights = foldAndQuantizeModule(m_problem.module.kind, m_problem.info, m_problem.weights, transforms,
                                                   m_parameters.clips, m_problem.scheme);
        const QuantizedBlockHook hook(transforms, m_parameters.clips, m_problem.scheme);
        const BlockContext context{
            .info = m_problem.info, .rope = m_problem.rope, .block = m_problem.module.block, .hook = &hook};
        return forwardModule(context, weights, m_problem.module.kind, m_windows.inputs.narrow(0, begin, count));
    }

    const ModuleProblem& m_problem;
    const Windows& m_windows;
    BlockParameters m_parameters;
};

/** A plan for this one block, both halves of one kind. */
BlockParameters startOf(const ModuleProblem& problem, const Windows& windows, TransformKind kind,
                        const CalibrationOptions& options)
{
    Plan plan;
    plan.scheme = problem.scheme;
    plan.kronecker = problem.kronecker;
    for (const auto half : {ModuleKind::Attention, ModuleKind::Mlp}) {
        Choice choice;
        choice.module = {problem.module.block, half};
        choice.kind = kind;
        plan.modules.push_back(choice);
    }
    auto parameters =
        onDevice(makeBlockParameters(problem.info, plan, problem.module.block, options), problem.weights.q.device());
    startChannelScales(parameters.transforms, problem.weights, windows.maxima, options);
    return parameters;
}

double matrixMacs(const BlockWeights& weights, ModuleKind module)
{
    double macs = 0.0;
    for (const auto role : kBlockRoles)
        if (moduleOf(role) == module)
            macs += double(weights.matrix(role).numel());
    return macs;
}

/** Numbers of a module's transforms that run time reads; P_v is in the weights. */
std::uint64_t onlineBytes(const EvaluatedBlock& transforms, ModuleKind module)
{
    std::int64_t numbers = 0;
    for (const auto site : kSites) {
        if (moduleOf(site) != module || site == Site::ValueCache)
            continue;
        const auto& transform = transforms.at(site);
        for (const auto& matrix : {transform.left, transform.right})
            numbers += matrix.defined() ? matrix.numel() : 0;
        if (site == Site::KeyCache && transform.rightInverse.defined()
            && !transform.rightInverse.is_same(transform.right))
            numbers += transform.rightInverse.numel(); // the queries'
    }
    return std::uint64_t(numbers) * sizeof(float);
}

} // namespace

double onlineMacs(const ModelInfo& info, const EvaluatedBlock& transforms, ModuleKind module)
{
    const auto width = [](const at::Tensor& matrix) { return matrix.defined() ? double(matrix.size(0)) : 0.0; };
    const auto ofSite = [&](const EvaluatedTransform& transform, std::int64_t channels) {
        return double(channels) * (width(transform.left) + width(transform.right));
    };
    if (module == ModuleKind::Mlp)
        return ofSite(transforms.mlpIn, info.hidden) + ofSite(transforms.mlpOut, info.intermediate);
    return ofSite(transforms.attentionIn, info.hidden) + ofSite(transforms.attentionOut, info.heads * info.headDim)
        + ofSite(transforms.key, (info.heads + info.kvHeads) * info.headDim);
}

WhatIf compareKinds(const ModuleProblem& problem, const CalibrationOptions& options, Progress& progress)
{
    checkScheme(problem.scheme);
    const auto windows = prepare(problem, progress);
    WhatIf result{.module = problem.module,
                  .scheme = problem.scheme,
                  .trainedWindows = int(windows.trained),
                  .heldOutWindows = int(windows.inputs.size(0) - windows.trained),
                  .steps =
                      int(options.epochs * (windows.trained / std::min<std::int64_t>(options.batch, windows.trained))),
                  .kinds = {}};
    const auto held = [&](const at::Tensor& all) { return all.narrow(0, windows.trained, result.heldOutWindows); };
    const double signal = (held(windows.targets) - held(windows.inputs)).square().mean(at::kDouble).item<double>();
    for (const auto kind : kTransformKinds) {
        const auto begin = std::chrono::steady_clock::now();
        const double done = double(result.kinds.size()) / double(kTransformKinds.size());
        const auto text = "trying " + std::string(toString(kind)) + " in " + toString(problem.module);
        progress.report(done, text);
        ProgressPart part(progress, done, done + 1.0 / double(kTransformKinds.size()));
        Contender contender(problem, windows, startOf(problem, windows, kind, options));
        WhatIfKind row{.kind = kind};
        row.errorStart = contender.errors(part).mean();
        contender.train(options, text, part);
        const auto errors = contender.errors(part);
        row.error = errors.mean();
        row.errorStderr = errors.standardError();
        row.sqnr = 10.0 * std::log10(signal / row.error);
        const auto transforms = contender.transforms();
        row.onlineMacs = onlineMacs(problem.info, transforms, problem.module.kind);
        row.onlineShare = row.onlineMacs / matrixMacs(problem.weights, problem.module.kind);
        row.addedBytes = onlineBytes(transforms, problem.module.kind);
        row.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        result.kinds.push_back(row);
    }
    return result;
}

} // namespace core
