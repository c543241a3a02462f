// SPDX-License-Identifier: Apache-2.0
// Composition: each call opens what it names, calls one function of a phase and hands the value on. Long, as the facade has
// every phase's calls, a line or two each.
#include "core/session/session.h"

#include "core/base/error.h"
#include "core/bench/bench.h"
#include "core/calibrate/calibration_json.h"
#include "core/calibrate/preflight.h"
#include "core/chat/block_errors.h"
#include "core/eval/scoring.h"
#include "core/export/native_bundle.h"
#include "core/io/json.h"
#include "core/search/search_json.h"
#include "core/select/plan_file.h"
#include "core/select/rule_file.h"
#include "core/session/analysis_jobs.h"
#include "core/session/calibrate_job.h"
#include "core/session/chat_job.h"
#include "core/session/demo_model.h"
#include "core/session/evaluation_job.h"
#include "core/session/export_job.h"
#include "core/session/guarded.h"
#include "core/session/inspector.h"
#include "core/session/model_description.h"
#include "core/session/model_store.h"
#include "core/session/profile_job.h"
#include "core/session/provenance.h"
#include "core/session/report_job.h"
#include "core/session/result_json.h"
#include "core/session/result_reading.h"
#include "core/session/select_job.h"
#include "core/session/session_texts.h"
#include "core/session/transform_comparison.h"
#include "core/stats/clip_error.h"
#include "core/stats/histogram_quantile.h"
#include "gpu/device.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

namespace core {

namespace {

namespace fs = std::filesystem;

class LocalSession final : public Session
{
public:
    void setDevice(const std::string& device) override
    {
        guarded([&] {
            auto chosen = gpu::chooseDevice(device);
            const auto launch = launchFromEnvironment();
            if (launch && chosen.is_cuda()
                && (device == "auto" || device == "cuda")) { // a GPU for each rank of a machine
                const auto all = gpu::listDevices();
                const auto count = std::count_if(all.begin(), all.end(),
                                                 [](const auto& entry) { return entry.name.starts_with("cuda"); });
                chosen = at::Device(at::kCUDA, c10::DeviceIndex(launch->localRank % std::max<std::int64_t>(count, 1)));
            }
            m_store.setDevice(chosen);
        });
    }

    void setThreads(int threads) override
    {
        const auto launch = launchFromEnvironment(); // ranks on one machine share its cores
        const int all = int(std::thread::hardware_concurrency()) / (launch ? launch->localSize : 1);
        at::set_num_threads(threads > 0 ? threads : std::max(1, all));
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
        return guarded([&] { return describeModel(model, m_store); });
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
        return guarded([&] { return profileModel(spec, observer, m_store, progress); });
    }

    Plan select(const SelectSpec& spec, Progress& progress) override
    {
        return guarded([&] {
            return spec.method == SelectMethod::Search ? searchedPlan(spec, m_store, ranks(), progress)
                                                       : chosenPlan(spec, m_store, progress);
        });
    }

    PreflightReport preflight(const CalibrateSpec& spec, Progress& progress) override;
    ExportOutlook exportOutlook(const ExportSpec& spec) const override { return core::exportOutlook(spec); }
    SearchResult search(const SelectSpec& spec, const SearchObserver& observer, Progress& progress) override
    {
        return guarded([&] { return runSearch(spec, m_store, ranks(), observer, progress); });
    }
    CalibrationReport calibrate(const CalibrateSpec& spec, const LossObserver& observer, Progress& progress) override;
    EvaluationReport evaluate(const EvaluateSpec& spec, Progress& progress) override
    {
        return guarded([&] { return runEvaluation(m_store, spec, ranks().get(), progress); });
    }
    ExportResult exportModel(const ExportSpec& spec, Progress& progress) override
    {
        return guarded([&] { return exportBundle(m_store, spec, progress); });
    }
    RunComparison compareRuns(const std::string& a, const std::string& b, std::uint64_t seed) const override
    {
        return core::compareRuns(readEvaluation(a), readEvaluation(b), seed);
    }
    RunComparison compareReports(const EvaluationReport& a, const EvaluationReport& b,
                                 std::uint64_t seed) const override
    {
        return core::compareRuns(a, b, seed);
    }
    std::optional<PairedMean> differenceFromReference(const EvaluationReport& report) const override
    {
        return core::differenceFromReference(report);
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
    BenchReport bench(const BenchSpec& spec, const BenchObserver& observer, Progress& progress) override
    {
        return guarded([&] { return runBench(spec, m_store.device(), observer, progress); });
    }
    MagnitudeMap magnitudeMap(const MapSpec& spec, Progress& progress) override
    {
        return guarded([&] { return m_inspector.map(spec, progress); });
    }
    QuantilePlot quantiles(const QuantileSpec& spec, Progress& progress) override
    {
        return guarded([&] { return m_inspector.quantiles(spec, progress); });
    }
    BundleProfile profileBundle(const BundleProfileSpec& spec, const BundleProfileObserver& observer,
                                Progress& progress) override
    {
        return guarded([&] { return m_inspector.profileBundle(spec, observer, progress); });
    }

    void writeDemo(const std::string& folder) override
    {
        guarded([&] { writeDemoModel(folder); });
    }

    Plan applyRule(const Profile& profile, const KurtosisRule& rule, const QuantScheme& scheme) const override
    {
        return applyKurtosisRule(profile, rule, scheme);
    }
    double clippedSqnr(const Distribution& values, int bits, double clip) const override
    {
        return core::clippedSqnr(values, bits, clip);
    }
    std::vector<double> histogramQuantiles(const Distribution& values, const std::vector<double>& shares) const override
    {
        return core::histogramQuantiles(values, shares);
    }
    void writeRules(const std::string& path, const std::vector<RuleProfile>& profiles) const override
    {
        writeRuleProfiles(path, profiles);
    }
    Plan readPlan(const std::string& path) const override { return core::readPlan(path); }
    void writePlan(const std::string& path, const Plan& plan) const override { core::writePlan(path, plan); }
    std::string planToText(const Plan& plan) const override { return planToJson(plan).dump(1) + "\n"; }
    Plan planFromText(const std::string& text) const override { return planFromJson(parseJson(text, "plan"), "plan"); }
    std::string evaluationToText(const EvaluationReport& report) const override { return toJson(report).dump(); }
    EvaluationReport evaluationFromText(const std::string& text) const override
    {
        return evaluationFromJson(parseJson(text, "evaluation"), "evaluation");
    }
    std::string calibrationToText(const CalibrationReport& report) const override
    {
        return reportToJson(report).dump();
    }
    CalibrationReport calibrationFromText(const std::string& text) const override
    {
        return reportFromJson(parseJson(text, "calibration"), "calibration");
    }
    std::string searchToText(const SearchResult& result) const override { return searchToJson(result).dump(); }
    SearchResult searchFromText(const std::string& text) const override
    {
        return searchFromJson(parseJson(text, "search"), "search");
    }

private:
    CalibrationJob jobFor(const CalibrateSpec& spec, const fs::path& folder, const std::vector<int>& ids);

    /** The processes that share this one's work; null where it is alone. Joined once. */
    std::shared_ptr<Ranks> ranks()
    {
        if (!m_ranks)
            m_ranks = Ranks::fromEnvironment();
        return m_ranks;
    }

    ModelStore m_store;
    BlockInputs m_inputs;
    Inspector m_inspector{m_store};
    std::shared_ptr<Ranks> m_ranks;
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
        auto estimate =
            estimateRun(jobFor(spec, folder, readCalibrationTexts(m_store, spec).training), folder, progress);
        if (spec.refine)
            estimate.seconds *= refiningFactor(*spec.refine);
        return estimate;
    });
}

CalibrationReport LocalSession::calibrate(const CalibrateSpec& spec, const LossObserver& observer, Progress& progress)
{
    return guarded([&] {
        const auto folder = bundleFolder(spec);
        const auto texts = readCalibrationTexts(m_store, spec);
        const BundleOrigin origin{.text = spec.text,
                                  .libtorch = libtorchVersion(),
                                  .device = m_store.device().str(),
                                  .command = spec.command,
                                  .time = timeNow()};
        auto job = jobFor(spec, folder, texts.training);
        job.ranks = ranks();
        std::optional<Judging> judging;
        if (spec.refine)
            judging = judgingOf(spec, texts, m_store.model(spec.model, progress));
        return calibrateIntoBundle(job, judging, folder, texts.hash, origin, observer, progress);
    });
}

} // namespace

std::unique_ptr<Session> createSession()
{
    // Products of MKL that do not depend on the number of threads: so that ranks, threads and machines of one kind agree to the
    // bit, at a cost of about 5 %. MKL reads it once, at its first product; a value that is set already stays.
    ::setenv("MKL_CBWR", "AUTO,STRICT", 0);
    gpu::loadCuda(); // before the first tensor: LibTorch looks for CUDA once
    return std::make_unique<LocalSession>();
}

} // namespace core
