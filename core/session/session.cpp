// SPDX-License-Identifier: Apache-2.0
// Composition: each call opens what it names, calls one function of a phase and hands the value on.
#include "core/session/session.h"

#include "core/base/error.h"
#include "core/calibrate/preflight.h"
#include "core/chat/block_errors.h"
#include "core/eval/scoring.h"
#include "core/export/native_bundle.h"
#include "core/io/json.h"
#include "core/select/overrides.h"
#include "core/select/plan_file.h"
#include "core/select/rule_file.h"
#include "core/session/analysis_jobs.h"
#include "core/session/calibrate_job.h"
#include "core/session/chat_job.h"
#include "core/session/demo_model.h"
#include "core/session/evaluation_job.h"
#include "core/session/export_job.h"
#include "core/session/model_store.h"
#include "core/session/provenance.h"
#include "core/session/report_job.h"
#include "core/session/result_reading.h"
#include "core/session/session_texts.h"
#include "core/session/transform_comparison.h"
#include "core/stats/profiler.h"
#include "gpu/device.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <new>
#include <thread>

namespace core {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, SelectMethod>, 6> kMethods{
    {{"kurtosis", SelectMethod::Kurtosis},
     {"search", SelectMethod::Search},
     {"all-affine", SelectMethod::AllAffine},
     {"all-rotation", SelectMethod::AllRotation},
     {"all-hadamard", SelectMethod::AllHadamard},
     {"all-identity", SelectMethod::AllIdentity}}};

/** LibTorch's exceptions end here: what leaves the session is core::Error or Cancelled. */
template <typename Work>
auto guarded(const Work& work)
{
    try {
        return work();
    } catch (const c10::OutOfMemoryError& error) {
        throw Error(ErrorKind::OutOfMemory, std::string("out of device memory: ") + error.what_without_backtrace());
    } catch (const c10::Error& error) {
        const std::string text = error.what_without_backtrace();
        const bool memory = text.find("allocate memory") != std::string::npos;
        throw Error(memory ? ErrorKind::OutOfMemory : ErrorKind::Internal, text);
    } catch (const std::bad_alloc&) {
        throw Error(ErrorKind::OutOfMemory, "out of memory: a smaller batch or shorter windows need less");
    } catch (const fs::filesystem_error& error) {
        throw Error(ErrorKind::Io, error.code().message(), error.path1().string());
    } catch (const std::invalid_argument& error) {
        throw Error(ErrorKind::InvalidArgument, error.what());
    }
}

TensorInfo describeTensor(const TensorView& tensor)
{
    return {tensor.name, std::string(toString(tensor.dtype)), tensor.shape, std::int64_t(tensor.bytes.size()),
            tensor.file};
}

TransformKind uniformKind(SelectMethod method)
{
    switch (method) {
    case SelectMethod::AllRotation: return TransformKind::Rotation;
    case SelectMethod::AllHadamard: return TransformKind::Hadamard;
    case SelectMethod::AllIdentity: return TransformKind::Identity;
    default: return TransformKind::Affine;
    }
}

class LocalSession final : public Session
{
public:
    void setDevice(const std::string& device) override
    {
        guarded([&] { m_store.setDevice(gpu::chooseDevice(device)); });
    }

    void setThreads(int threads) override
    {
        const int all = std::max(1, int(std::thread::hardware_concurrency()));
        at::set_num_threads(threads > 0 ? threads : all);
    }

    std::string deviceName() const override { return m_store.device().str(); }

    DeviceList devices() override
    {
        DeviceList list;
        for (const auto& device : gpu::listDevices())
            list.devices.push_back(
                {device.name, device.description, device.memoryBytes, device.computeCapability, device.driver});
        list.whyNoCuda = gpu::loadCuda();
        return list;
    }

    ModelDescription describe(const std::string& model) override
    {
        return guarded([&] {
            ModelDescription description{.path = model,
                                         .info = {},
                                         .tokenizerKind = {},
                                         .tensors = {},
                                         .plan = {},
                                         .calibration = {},
                                         .origin = {}};
            std::shared_ptr<const TensorSet> tensors;
            std::shared_ptr<const ModelFiles> files;
            if (isBundle(model)) {
                auto header = readBundleHeader(model);
                description.info = header.info;
                description.isBundle = true;
                description.plan = std::move(header.plan);
                description.calibration = std::move(header.report);
                description.origin = std::move(header.origin);
                tensors = header.tensors;
            } else {
                files = ModelFiles::open(model);
                description.info = files->info();
            }
            const auto& all = files ? files->tensors().tensors() : tensors->tensors();
            std::transform(all.begin(), all.end(), std::back_inserter(description.tensors), describeTensor);
            try {
                const auto tokenizer = m_store.tokenizer(model);
                description.tokenizerKind = tokenizer->kind();
                description.tokenizerVocab = tokenizer->vocabSize();
            } catch (const Error& error) {
                if (error.kind() != ErrorKind::NotFound) // a model without a tokenizer can still be looked at
                    throw;
            }
            return description;
        });
    }

    TokenizeResult tokenize(const std::string& model, const std::string& text, bool addSpecial) override
    {
        return guarded([&] {
            const auto tokenizer = m_store.tokenizer(model);
            TokenizeResult result;
            result.ids = tokenizer->encode(text, addSpecial ? SpecialTokens::Add : SpecialTokens::Omit);
            for (const int id : result.ids)
                result.pieces.push_back(tokenizer->piece(id));
            return result;
        });
    }

    std::string detokenize(const std::string& model, const std::vector<int>& ids) override
    {
        return guarded([&] { return m_store.tokenizer(model)->decode(ids); });
    }

    std::vector<ScoreResult> score(const std::string& model, const std::vector<ScoreRequest>& requests,
                                   Progress& progress) override
    {
        return guarded([&] {
            const bool needsText =
                std::any_of(requests.begin(), requests.end(), [](const auto& request) { return request.ids.empty(); });
            const auto tokenizer = needsText ? m_store.tokenizer(model) : nullptr;
            return scoreRequests(*m_store.model(model, progress), tokenizer.get(), requests, {}, progress);
        });
    }

    Profile profile(const ProfileSpec& spec, const ProfileObserver& observer, Progress& progress) override
    {
        return guarded([&] {
            if (isBundle(spec.model))
                throw Error(ErrorKind::InvalidArgument,
                            "a bundle's weights are codes: profile the model it was made from", spec.model);
            const auto files = ModelFiles::open(spec.model);
            ProgressPart weights(progress, 0.0, spec.text.empty() ? 1.0 : 0.5);
            auto profile = profileWeights(*files, observer.onLayer, weights);
            profile.model = spec.model;
            if (spec.text.empty())
                return profile;
            ProgressPart activations(progress, 0.5, 1.0);
            const auto seqlen = std::min(spec.seqlen, files->info().context);
            const auto windows =
                leadingWindows(encodeText(m_store, spec.model, spec.text).ids, seqlen, spec.tokens, spec.text);
            profile.activations =
                profileActivations(*m_store.model(spec.model, activations), windows, observer.onSite, activations);
            return profile;
        });
    }

    Plan select(const SelectSpec& spec, Progress& progress) override
    {
        return guarded([&] {
            checkScheme(spec.scheme);
            const auto files = ModelFiles::open(spec.model);
            Plan plan;
            if (spec.method == SelectMethod::Search)
                throw Error(ErrorKind::Unsupported,
                            "the differentiable search is not available yet: choose kurtosis or all-KIND");
            if (spec.method == SelectMethod::Kurtosis) {
                plan = selectByKurtosis(*files, spec.ruleFile, spec.statistic, spec.scheme, spec.text, spec.tokens,
                                        m_store, progress);
            } else {
                plan = uniformPlan(uniformKind(spec.method), files->info().blocks, spec.scheme);
            }
            plan.model = files->hash();
            plan.kronecker = spec.kronecker;
            applyOverrides(plan, spec.overrides);
            return plan;
        });
    }

    PreflightReport preflight(const CalibrateSpec& spec, Progress& progress) override;
    CalibrationReport calibrate(const CalibrateSpec& spec, const LossObserver& observer, Progress& progress) override;
    EvaluationReport evaluate(const EvaluateSpec& spec, Progress& progress) override
    {
        return guarded([&] { return runEvaluation(m_store, spec, progress); });
    }
    ExportResult exportModel(const ExportSpec& spec, Progress& progress) override
    {
        return guarded([&] { return exportBundle(m_store, spec, progress); });
    }
    RunComparison compareRuns(const std::string& a, const std::string& b, std::uint64_t seed) const override
    {
        return core::compareRuns(readEvaluation(a), readEvaluation(b), seed);
    }
    std::uint64_t writeReport(const ReportSpec& spec) const override { return core::writeReport(spec); }
    ChatResult chat(const ChatSpec& spec, const TokenObserver& observer, Progress& progress) override
    {
        return guarded([&] { return reply(m_store, spec, observer, progress); });
    }

    std::vector<BlockError> traceToken(const TraceSpec& spec, Progress& progress) override
    {
        return guarded([&] {
            const auto reference = m_store.model(spec.reference, progress);
            const auto model = m_store.model(spec.model, progress);
            return blockErrorsAt(*reference, *model, spec.ids, spec.position, progress);
        });
    }

    TransformComparison compareTransform(const CompareSpec& spec, Progress& progress) override
    {
        return guarded([&] {
            const auto model = m_store.model(spec.model, progress);
            at::Tensor windows;
            if (!spec.text.empty()) {
                constexpr std::int64_t kWindow = 256;
                windows = leadingWindows(encodeText(m_store, spec.model, spec.text).ids,
                                         std::min(kWindow, model->info().context), spec.tokens, spec.text);
            }
            return compareLayer(*model, spec, windows, progress);
        });
    }

    std::vector<RuleProfile> fitRule(const FitRuleSpec& spec, Progress& progress) override
    {
        return guarded([&] { return core::fitRule(spec, m_store, progress); });
    }
    std::vector<ModuleId> probeModules(const ProbeSpec& spec, Progress& progress) override
    {
        return guarded([&] { return core::probeModules(spec, m_store, progress); });
    }
    BudgetReport budget(const BudgetSpec& spec, Progress& progress) override
    {
        return guarded([&] { return core::budget(spec, m_store, progress); });
    }
    WhatIf whatIf(const WhatIfSpec& spec, Progress& progress) override
    {
        return guarded([&] { return core::whatIf(spec, m_store, m_inputs, progress); });
    }
    InvarianceReport checkInvariance(const InvarianceSpec& spec, Progress& progress) override
    {
        return guarded([&] { return core::checkInvariance(spec, m_store, progress); });
    }

    void writeDemo(const std::string& folder) override
    {
        guarded([&] { writeDemoModel(folder); });
    }

    Plan applyRule(const Profile& profile, const KurtosisRule& rule, const QuantScheme& scheme) const override
    {
        return applyKurtosisRule(profile, rule, scheme);
    }
    std::vector<ModuleScore> ruleScores(const Profile& profile, RuleStatistic statistic) const override
    {
        return moduleScores(profile, statistic);
    }
    KurtosisRule readRule(const std::string& path) const override { return readKurtosisRule(path); }
    void writeRules(const std::string& path, const std::vector<RuleProfile>& profiles) const override
    {
        writeRuleProfiles(path, profiles);
    }
    Plan readPlan(const std::string& path) const override { return core::readPlan(path); }
    void writePlan(const std::string& path, const Plan& plan) const override { core::writePlan(path, plan); }
    std::string planToText(const Plan& plan) const override { return planToJson(plan).dump(1) + "\n"; }
    Plan planFromText(const std::string& text) const override { return planFromJson(parseJson(text, "plan"), "plan"); }

private:
    CalibrationJob jobFor(const CalibrateSpec& spec, const fs::path& folder, const std::vector<int>& ids);

    ModelStore m_store;
    BlockInputs m_inputs;
};

CalibrationJob LocalSession::jobFor(const CalibrateSpec& spec, const fs::path& folder, const std::vector<int>& ids)
{
    const auto files = ModelFiles::open(spec.model);
    checkPlanFits(spec, *files);
    CalibrationJob job{.files = files,
                       .plan = spec.plan,
                       .windows = sampleWindows(ids, spec.options.samples, spec.options.seqlen, spec.options.seed),
                       .options = spec.options,
                       .device = m_store.device(),
                       .checkpoints = folder.string() + ".work",
                       .oldCheckpoints = folder / "calibration"};
    requireValid(job);
    return job;
}

PreflightReport LocalSession::preflight(const CalibrateSpec& spec, Progress& progress)
{
    return guarded([&] {
        const auto folder = bundleFolder(spec);
        return estimateRun(jobFor(spec, folder, encodeText(m_store, spec.model, spec.text).ids), folder, progress);
    });
}

CalibrationReport LocalSession::calibrate(const CalibrateSpec& spec, const LossObserver& observer, Progress& progress)
{
    return guarded([&] {
        const auto folder = bundleFolder(spec);
        const auto text = encodeText(m_store, spec.model, spec.text);
        const BundleOrigin origin{.text = spec.text,
                                  .libtorch = libtorchVersion(),
                                  .device = m_store.device().str(),
                                  .command = spec.command,
                                  .time = timeNow()};
        return calibrateIntoBundle(jobFor(spec, folder, text.ids), folder, text.hash, origin, observer, progress);
    });
}

} // namespace

std::string_view toString(SelectMethod method)
{
    for (const auto& [text, value] : kMethods)
        if (value == method)
            return text;
    return {};
}

SelectMethod parseSelectMethod(std::string_view text)
{
    for (const auto& [name, value] : kMethods)
        if (name == text)
            return value;
    throw Error(ErrorKind::InvalidArgument,
                "'" + std::string(text)
                    + "' is no method: kurtosis, search, all-affine, all-rotation, all-hadamard or all-identity");
}

std::unique_ptr<Session> createSession()
{
    gpu::loadCuda(); // before the first tensor: LibTorch looks for CUDA once
    return std::make_unique<LocalSession>();
}

} // namespace core
