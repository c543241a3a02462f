// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>

/** How the fake engine behaves; shared between a test and the session on the working thread. Gates are opened by the test
    while work runs, everything else is set before. */
struct FakeBehaviour
{
    int blocks = 8;
    int bundleBlocks = 8; // of what ends in .bundle
    int intermediate = 172;
    std::atomic<int> layersAllowed{1 << 20}; // profile waits behind this many layers
    std::atomic<int> stepsAllowed{1 << 20};  // calibrate waits behind this many steps in all
    std::atomic<int> evaluations{0};
    std::atomic<int> verdicts{0};
    std::atomic<int> tokensAllowed{1 << 20};  // chat waits behind this many tokens
    std::atomic<int> tensorsAllowed{1 << 20}; // exportModel waits behind this many tensors
    std::atomic<int> burnMsPerLayer{0};       // real work on the worker, for the heartbeat
    std::atomic<int> burnUsPerStep{0};
    std::atomic<int> stepsDone{0};
    std::atomic<int> kindsAllowed{1 << 20};     // whatIf waits behind this many kinds
    std::atomic<int> gateStepsAllowed{1 << 20}; // search waits behind this many steps in all
    std::atomic<int> windowsAllowed{1 << 20};   // evaluate waits behind this many windows of each run
    std::atomic<int> gateStepsDone{0};
    std::atomic<int> searches{0};
    std::atomic<int> preflights{0};
    std::atomic<int> comparisons{0};
    std::atomic<int> maps{0};
    int textTokens = 32;                    // of any text
    std::atomic<int> cancellations{0};      // how often work noticed the request to stop
    std::optional<core::Error> engineError; // thrown by the factory
    std::optional<core::Error> describeError;
    std::optional<core::Error> profileError; // after two layers
    std::optional<core::Error> calibrateError;
    std::uint64_t memoryNeeded = 3ull << 29; // by preflight, of 8 GiB
    std::optional<core::Error> chatError;
    std::optional<core::Error> exportError;
    std::string exportObstacle; // of any format
};

namespace fake {

inline constexpr int kHidden = 64;
double zOf(const core::ModuleId& module);   // robust z
double tailsOf(const core::LayerId& layer); // 0: a normal distribution

} // namespace fake

/** An engine with small deterministic data: a Gaussian body whose tails grow with the block, so that kurtosis and robust z
    have outliers in blocks 2 (attention) and 5 (mlp). */
class FakeSession : public core::Session
{
public:
    explicit FakeSession(std::shared_ptr<FakeBehaviour> behaviour);

    void setDevice(const std::string&) override {}
    void setThreads(int) override {}
    std::string deviceName() const override { return "cpu"; }
    core::DeviceList devices() override;
    core::ModelDescription describe(const std::string& model) override;
    core::TokenizeResult tokenize(const std::string&, const std::string&, bool) override { return {}; }
    std::string detokenize(const std::string&, const std::vector<int>&) override { return {}; }
    std::vector<core::ScoreResult> score(const std::string&, const std::vector<core::ScoreRequest>&,
                                         core::Progress&) override
    {
        return {};
    }
    core::Profile profile(const core::ProfileSpec& spec, const core::ProfileObserver& observer,
                          core::Progress& progress) override;
    core::Plan select(const core::SelectSpec& spec, core::Progress& progress) override;
    core::PreflightReport preflight(const core::CalibrateSpec& spec, core::Progress& progress) override;
    core::SearchResult search(const core::SelectSpec& spec, const core::SearchObserver& observer,
                              core::Progress& progress) override;
    core::CalibrationReport calibrate(const core::CalibrateSpec& spec, const core::LossObserver& observer,
                                      core::Progress& progress) override;
    core::EvaluationReport evaluate(const core::EvaluateSpec& spec, core::Progress& progress) override;
    core::RunComparison compareReports(const core::EvaluationReport& a, const core::EvaluationReport& b,
                                       std::uint64_t seed) const override;
    std::vector<core::BlockError> traceToken(const core::TraceSpec& spec, core::Progress& progress) override;
    core::ExportOutlook exportOutlook(const core::ExportSpec& spec) const override;
    core::ExportResult exportModel(const core::ExportSpec& spec, core::Progress& progress) override;
    std::optional<core::PairedMean> differenceFromReference(const core::EvaluationReport& report) const override;
    core::RunComparison compareRuns(const std::string&, const std::string&, std::uint64_t) const override { return {}; }
    std::uint64_t writeReport(const core::ReportSpec& spec) const override; // names its inputs
    core::ChatResult chat(const core::ChatSpec& spec, const core::TokenObserver& observer,
                          core::Progress& progress) override;
    core::TransformComparison compareTransform(const core::CompareSpec& spec, core::Progress& progress) override;
    std::vector<core::RuleProfile> fitRule(const core::FitRuleSpec&, core::Progress&) override { return {}; }
    std::vector<core::ModuleId> probeModules(const core::ProbeSpec&, core::Progress&) override { return {}; }
    core::BudgetReport budget(const core::BudgetSpec&, core::Progress&) override { return {}; }
    core::WhatIf whatIf(const core::WhatIfSpec& spec, core::Progress& progress) override;
    core::BenchReport bench(const core::BenchSpec&, const core::BenchObserver&, core::Progress&) override { return {}; }
    core::InvarianceReport checkInvariance(const core::InvarianceSpec&, core::Progress&) override { return {}; }
    core::MagnitudeMap magnitudeMap(const core::MapSpec& spec, core::Progress& progress) override;
    core::QuantilePlot quantiles(const core::QuantileSpec& spec, core::Progress& progress) override;
    core::BundleProfile profileBundle(const core::BundleProfileSpec& spec, const core::BundleProfileObserver& observer,
                                      core::Progress& progress) override;
    void writeDemo(const std::string& folder) override;

    core::Plan applyRule(const core::Profile& profile, const core::KurtosisRule& rule,
                         const core::QuantScheme& scheme) const override;
    double clippedSqnr(const core::Distribution& values, int bits, double clip) const override;
    std::vector<double> histogramQuantiles(const core::Distribution& values,
                                           const std::vector<double>& shares) const override;
    void writeRules(const std::string&, const std::vector<core::RuleProfile>&) const override {}
    core::Plan readPlan(const std::string& path) const override;
    void writePlan(const std::string& path, const core::Plan& plan) const override;
    std::string planToText(const core::Plan& plan) const override;
    core::Plan planFromText(const std::string& text) const override;
    std::string evaluationToText(const core::EvaluationReport& report) const override;
    core::EvaluationReport evaluationFromText(const std::string& text) const override;
    std::string calibrationToText(const core::CalibrationReport& report) const override;
    core::CalibrationReport calibrationFromText(const std::string& text) const override;
    std::string searchToText(const core::SearchResult& result) const override;
    core::SearchResult searchFromText(const std::string& text) const override;

private:
    /** The first module becomes a rotation; the plan lies in the bundle. */
    core::RefinementReport refined(const core::CalibrateSpec& spec) const;
    static void burn(std::chrono::microseconds duration);
    void waitFor(const std::atomic<int>& allowed, int wanted, core::Progress& progress) const;
    core::Distribution distribution(double scale, double tails, int channels) const;

    std::shared_ptr<FakeBehaviour> m_behaviour;
};
