// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_session.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <thread>

namespace fake {

double zOf(const core::ModuleId& module)
{
    if (module == core::ModuleId{2, core::ModuleKind::Attention})
        return 4.0;
    if (module == core::ModuleId{5, core::ModuleKind::Mlp})
        return 7.5;
    return 0.3 * ((module.block * 5 + 2 * static_cast<int>(module.kind)) % 7) - 0.9;
}

double tailsOf(const core::LayerId& layer)
{
    if (layer.block < 0)
        return 0.0;
    return std::max(0.0, zOf({layer.block, core::moduleOf(layer.role)}));
}

} // namespace fake

namespace {

using fake::kHidden;
using fake::tailsOf;
using fake::zOf;

QString text(std::string_view value)
{
    return QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size()));
}

} // namespace

FakeSession::FakeSession(std::shared_ptr<FakeBehaviour> behaviour)
    : m_behaviour(std::move(behaviour))
{
    if (m_behaviour->engineError)
        throw *m_behaviour->engineError;
}

void FakeSession::burn(std::chrono::microseconds duration)
{
    const auto until = std::chrono::steady_clock::now() + duration;
    while (std::chrono::steady_clock::now() < until)
        continue;
}

void FakeSession::waitFor(const std::atomic<int>& allowed, int wanted, core::Progress& progress) const
{
    // Polling stands for work: it reaches a checkpoint every millisecond.
    while (true) {
        try {
            progress.checkpoint();
        } catch (const core::Cancelled&) {
            ++m_behaviour->cancellations;
            throw;
        }
        if (wanted < allowed.load())
            return;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

core::DeviceList FakeSession::devices()
{
    return {.devices = {{.name = "cpu",
                         .description = "2 threads",
                         .memoryBytes = 8ull << 30,
                         .computeCapability = {},
                         .driver = {}}},
            .whyNoCuda = "no NVIDIA driver"};
}

core::ModelDescription FakeSession::describe(const std::string& model)
{
    if (m_behaviour->describeError)
        throw *m_behaviour->describeError;
    core::ModelDescription description;
    description.path = model;
    description.info.architecture = "LlamaForCausalLM";
    description.info.blocks = m_behaviour->blocks;
    description.info.hidden = kHidden;
    description.info.intermediate = m_behaviour->intermediate;
    description.info.vocab = 512;
    description.info.context = 512;
    description.info.parameters = 260'032;
    description.info.bytes = 1'040'128;
    description.tokenizerKind = "sentencepiece";
    description.tokenizerVocab = 512;
    if (text(model).endsWith(QStringLiteral(".bundle"))) {
        description.isBundle = true;
        description.origin.source = QFileInfo(text(model)).dir().filePath(QStringLiteral("toy-8b")).toStdString();
        description.info.blocks = m_behaviour->bundleBlocks;
        description.plan.scheme.weightBits = 3;
        for (int block = 0; block < m_behaviour->bundleBlocks; ++block)
            for (const auto kind : {core::ModuleKind::Attention, core::ModuleKind::Mlp}) {
                core::Choice choice;
                choice.module = {block, kind};
                choice.kind = core::TransformKind::Affine;
                description.plan.modules.push_back(choice);
            }
        for (int block = 0; block < m_behaviour->bundleBlocks; ++block)
            description.calibration.blocks.push_back(
                {.block = block, .errorStart = 0.1, .errorEnd = 0.01, .lossTrace = {}, .seconds = 1.0, .warnings = {}});
    }
    const auto add = [&](const core::LayerId& layer) {
        const std::int64_t inputs = layer.role == core::Role::Down ? m_behaviour->intermediate : kHidden;
        const std::int64_t outputs = layer.block < 0 ? 512 : kHidden;
        description.layers.push_back({layer, "F32", {outputs, inputs}, outputs * inputs * 4});
    };
    for (int block = 0; block < m_behaviour->blocks; ++block)
        for (const auto role : core::kBlockRoles)
            add({block, role});
    add({-1, core::Role::Embedding});
    add({-1, core::Role::Head});
    return description;
}

core::Profile FakeSession::profile(const core::ProfileSpec& spec, const core::ProfileObserver& observer,
                                   core::Progress& progress)
{
    core::Profile profile;
    profile.model = spec.model;
    const int total = m_behaviour->blocks * 7 + 2;
    const auto add = [&](const core::LayerId& layer) {
        const int index = static_cast<int>(profile.weights.size());
        waitFor(m_behaviour->layersAllowed, index, progress);
        if (m_behaviour->profileError && index == 2)
            throw *m_behaviour->profileError;
        burn(std::chrono::milliseconds(m_behaviour->burnMsPerLayer.load()));
        const bool isDown = layer.role == core::Role::Down;
        profile.weights.push_back(
            {.layer = layer,
             .dtype = "F32",
             .shape = {layer.block < 0 ? 512 : kHidden, isDown ? m_behaviour->intermediate : kHidden},
             .weight = distribution(0.02, tailsOf(layer), isDown ? m_behaviour->intermediate : kHidden)});
        if (observer.onLayer)
            observer.onLayer(profile.weights.back());
        progress.report(static_cast<double>(index + 1) / total, core::toString(layer));
    };
    for (int block = 0; block < m_behaviour->blocks; ++block)
        for (const auto role : core::kBlockRoles)
            add({block, role});
    add({-1, core::Role::Embedding});
    add({-1, core::Role::Head});
    for (int block = 0; block < m_behaviour->blocks; ++block)
        for (const auto kind : {core::ModuleKind::Attention, core::ModuleKind::Mlp})
            profile.modules.push_back({.module = {block, kind},
                                       .kurtosis = 1.7 * std::max(0.0, zOf({block, kind})),
                                       .robustZ = zOf({block, kind})});
    if (!spec.text.empty()) {
        for (int block = 0; block < m_behaviour->blocks; ++block) {
            for (const auto site : core::kSites) {
                progress.checkpoint();
                profile.activations.push_back(
                    {.site = {block, site}, .tokens = spec.tokens, .activation = distribution(1.0, 2.5, kHidden)});
                if (observer.onSite)
                    observer.onSite(profile.activations.back());
            }
        }
    }
    return profile;
}

core::Plan FakeSession::select(const core::SelectSpec&, core::Progress&)
{
    return {};
}

/** Block 3 is the largest. */
static std::uint64_t memoryOf(int block)
{
    return (200ull + (block == 3 ? 100 : 2 * static_cast<std::uint64_t>(block))) << 20;
}

core::CalibrationReport FakeSession::calibrate(const core::CalibrateSpec& spec, const core::LossObserver& observer,
                                               core::Progress& progress)
{
    if (m_behaviour->calibrateError)
        throw *m_behaviour->calibrateError;
    core::CalibrationReport report;
    const int steps = spec.options.epochs * std::max(1, spec.options.samples / spec.options.batch);
    const int total = steps * m_behaviour->blocks;
    for (int block = 0; block < m_behaviour->blocks; ++block) {
        const double start = 0.02 * (1 + block);
        for (int step = 0; step < steps; ++step) {
            const int done = block * steps + step;
            waitFor(m_behaviour->stepsAllowed, done, progress);
            burn(std::chrono::microseconds(m_behaviour->burnUsPerStep.load()));
            const double loss =
                start * (0.15 + 0.85 * std::exp(-4.0 * step / steps)) * (1.0 + 0.08 * std::sin(step * 1.3));
            observer({.block = block,
                      .step = step,
                      .steps = steps,
                      .loss = loss,
                      .seconds = 2.5 * (step + 1) / steps,
                      .memoryBytes = memoryOf(block)});
            m_behaviour->stepsDone.store(done + 1);
            progress.report(static_cast<double>(done + 1) / total,
                            "block " + std::to_string(block) + ", step " + std::to_string(step + 1));
        }
        report.blocks.push_back({.block = block,
                                 .errorStart = start,
                                 .errorEnd = start * 0.16,
                                 .lossTrace = {start, start * 0.16},
                                 .seconds = 2.5,
                                 .peakHostBytes = memoryOf(block),
                                 .warnings = {}});
    }
    report.peakMemoryBytes = 300ull << 20;
    report.bundle = spec.out;
    QDir().mkpath(text(spec.out));
    if (spec.refine)
        report.refinement = refined(spec);
    return report;
}

/** Ten items: the model alone has the first eight right, a bundle loses the eighth and gains the tenth. */
core::TaskResult taskResult(const std::string& name, bool isBundle)
{
    core::TaskResult result;
    result.task = name;
    for (int i = 0; i < 10; ++i) {
        const bool right = isBundle ? i < 7 || i == 9 : i < 8;
        core::TaskItemResult item;
        item.index = i;
        item.question = "Question " + std::to_string(i + 1);
        item.choices = {" yes", " no"};
        item.logProbabilities = {right ? -1.0 : -3.0, -2.0};
        item.gold = 0;
        item.chosen = right ? 0 : 1;
        item.correct = right;
        result.itemResults.push_back(std::move(item));
    }
    result.items = 10;
    result.acc = 0.8;
    result.accStderr = 0.1333; // sqrt(0.8 * 0.2 / 9)
    if (name == "lambada_openai") {
        result.perplexity = isBundle ? 12.5 : 10.25;
        result.perplexityStderr = 0.5;
    }
    return result;
}

/** As if over 100 windows: the figures' own errors, and a p that is small. */
core::EvaluationReport FakeSession::evaluate(const core::EvaluateSpec& spec, core::Progress& progress)
{
    core::EvaluationReport report;
    ++m_behaviour->evaluations;
    const bool isBundle = spec.model.find("quantized") != std::string::npos;
    for (const auto& task : spec.tasks)
        report.tasks.push_back(taskResult(task, isBundle));
    if (spec.text.empty())
        return report;
    for (int window = 0; window < 20; ++window) {
        waitFor(m_behaviour->windowsAllowed, window, progress);
        progress.checkpoint();
        progress.report((window + 1) / 20.0, "window " + std::to_string(window + 1) + " of 20");
    }
    const auto result = [](double value) {
        core::PerplexityResult perplexity;
        perplexity.value = value;
        perplexity.stderror = value * 0.008;
        perplexity.tokens = 20'480;
        perplexity.windows = 20;
        return perplexity;
    };
    report.perplexity = result(spec.reference.empty() ? 5.25 : 5.81);
    if (!spec.reference.empty()) {
        report.referencePerplexity = result(5.25);
        core::DivergenceResult divergence;
        divergence.klMean = 0.081;
        divergence.klStderr = 0.003;
        divergence.top1Agreement = 0.91;
        divergence.top1Stderr = 0.002;
        divergence.tokens = 20'480;
        report.divergence = divergence;
    }
    return report;
}

core::ExportOutlook FakeSession::exportOutlook(const core::ExportSpec& spec) const
{
    return {.bytes = spec.dtype == core::DType::F16 ? 1'572'864u : 3'145'728u,
            .lost = {"activation quantizers (4 bits)"},
            .obstacle = m_behaviour->exportObstacle};
}

core::ExportResult FakeSession::exportModel(const core::ExportSpec& spec, core::Progress& progress)
{
    if (m_behaviour->exportError)
        throw *m_behaviour->exportError;
    const int total = m_behaviour->blocks * 7;
    for (int tensor = 0; tensor < total; ++tensor) {
        waitFor(m_behaviour->tensorsAllowed, tensor, progress);
        progress.report(static_cast<double>(tensor + 1) / total, "tensor " + std::to_string(tensor + 1));
    }
    core::ExportResult result;
    result.path = spec.out;
    result.bytes = 1'040'128;
    result.dtype = spec.dtype.value_or(core::DType::F32);
    result.files = {"config.json", "model.safetensors"};
    result.lost = {"activation quantizers (4 bits)"};
    if (spec.verify)
        result.verified = core::ExportVerification{.maxAbsWeightDifference = 0.0,
                                                   .perplexityBefore = 5.81,
                                                   .perplexityAfter = 5.81,
                                                   .tokens = spec.tokens,
                                                   .text = "built-in",
                                                   .textHash = {}};
    return result;
}

core::ChatResult FakeSession::chat(const core::ChatSpec& spec, const core::TokenObserver& observer,
                                   core::Progress& progress)
{
    if (m_behaviour->chatError)
        throw *m_behaviour->chatError;
    core::ChatResult result;
    const std::vector<std::string> words{"Once", " upon",   " a",  " time", " there", " was",
                                         " a",   " cooper", " in", " Velm", "."};
    for (int i = 0; i < static_cast<int>(words.size()) && i < spec.options.maxTokens; ++i) {
        waitFor(m_behaviour->tokensAllowed, i, progress);
        const auto& word = words[static_cast<std::size_t>(i)];
        core::GeneratedToken token{.id = i, .text = word, .logProbability = -0.5};
        if (!spec.compare.empty()) { // the compared model would have chosen otherwise at every third token
            const bool differs = i % 3 == 2;
            token.divergence = core::TokenDivergence{.id = i,
                                                     .kl = differs ? 1.5 : 0.02,
                                                     .otherTop = differs ? 100 + i : i,
                                                     .otherText = differs ? " other" : word,
                                                     .alternatives = {{i, word, 0.6}, {100 + i, " other", 0.2}},
                                                     .otherAlternatives = {{100 + i, " other", 0.5}, {i, word, 0.3}}};
            result.divergence.push_back(*token.divergence);
        }
        observer(token);
        result.text += word;
        result.ids.push_back(i);
    }
    result.promptIds.assign(spec.messages.size() * 5, 1);
    result.promptTokens = static_cast<int>(result.promptIds.size());
    result.tokensPerSecond = 123.4;
    result.stopReason = "eos";
    return result;
}

std::vector<core::BlockError> FakeSession::traceToken(const core::TraceSpec& spec, core::Progress& progress)
{
    progress.checkpoint();
    std::vector<core::BlockError> errors;
    for (int block = 0; block < 8; ++block)
        errors.push_back({.block = block, .atToken = block == 5 ? 0.4 : 0.01 * block, .typical = 0.02});
    return errors;
}

core::TransformComparison FakeSession::compareTransform(const core::CompareSpec& spec, core::Progress& progress)
{
    progress.checkpoint();
    ++m_behaviour->comparisons;
    core::TransformComparison comparison;
    comparison.weightBefore = distribution(0.02, tailsOf(spec.layer), kHidden);
    comparison.weightAfter = distribution(0.02, 0.0, kHidden);
    if (!spec.text.empty()) {
        comparison.inputBefore = distribution(1.0, 2.5, kHidden);
        comparison.inputAfter = distribution(1.0, 0.1, kHidden);
    }
    comparison.weightErrorBefore = 0.021;
    comparison.weightErrorAfter = 0.009;
    comparison.inputErrorBefore = 0.094;
    comparison.inputErrorAfter = 0.012;
    return comparison;
}

void FakeSession::writeDemo(const std::string& folder)
{
    QDir().mkpath(text(folder));
}
