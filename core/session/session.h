// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/progress.h"
#include "core/bench/bench_report.h"
#include "core/calibrate/calibration_options.h"
#include "core/calibrate/invariance_report.h"
#include "core/calibrate/what_if_report.h"
#include "core/chat/generation.h"
#include "core/chat/message.h"
#include "core/eval/budget_report.h"
#include "core/eval/evaluation_report.h"
#include "core/eval/run_comparison.h"
#include "core/eval/score_request.h"
#include "core/export/bundle_origin.h"
#include "core/model/model_info.h"
#include "core/search/search_result.h"
#include "core/select/overrides.h"
#include "core/select/rule_fit.h"
#include "core/session/analysis_specs.h"
#include "core/session/inspection.h"
#include "core/stats/profile.h"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace core {

struct DeviceInfo
{
    std::string name; // "cpu", "cuda:0"
    std::string description;
    std::uint64_t memoryBytes = 0;
    std::string computeCapability; // empty for the CPU
    std::string driver;
};

struct DeviceList
{
    std::vector<DeviceInfo> devices;
    std::string whyNoCuda; // empty where CUDA works
};

struct TensorInfo
{
    std::string name;
    std::string dtype;
    std::vector<std::int64_t> shape;
    std::int64_t bytes = 0;
    std::string file;
};

/** A matrix as the header describes it. */
struct LayerInfo
{
    LayerId layer;
    std::string dtype;
    std::vector<std::int64_t> shape; // [out, in]
    std::int64_t bytes = 0;          // in the file
};

/** What the header tells, in milliseconds at any size. */
struct ModelDescription
{
    std::string path;
    ModelInfo info;
    std::string tokenizerKind; // empty where there is none
    int tokenizerVocab = 0;
    std::vector<TensorInfo> tensors;
    std::vector<LayerInfo> layers; // in the order of a profile; empty for a bundle
    bool isBundle = false;         // written by Planish: the following are then filled
    Plan plan;
    CalibrationReport calibration;
    BundleOrigin origin;
};

struct TokenizeResult
{
    std::vector<int> ids;
    std::vector<std::string> pieces;
};

struct ProfileSpec
{
    std::string model;
    std::string text; // empty: weights only
    std::int64_t tokens = 2048;
    std::int64_t seqlen = 256;
};

/** Told as soon as each part is known, on the working thread. */
struct ProfileObserver
{
    std::function<void(const LayerProfile&)> onLayer;
    std::function<void(const SiteProfile&)> onSite;
};

enum class SelectMethod { Kurtosis, Search, AllAffine, AllRotation, AllHadamard, AllIdentity };
inline constexpr Words<SelectMethod, 6> kSelectMethods{{{"kurtosis", SelectMethod::Kurtosis},
                                                        {"search", SelectMethod::Search},
                                                        {"all-affine", SelectMethod::AllAffine},
                                                        {"all-rotation", SelectMethod::AllRotation},
                                                        {"all-hadamard", SelectMethod::AllHadamard},
                                                        {"all-identity", SelectMethod::AllIdentity}}};

struct SelectSpec
{
    std::string model;
    SelectMethod method = SelectMethod::Kurtosis;
    std::string ruleFile;                   // a kurtosis profile; empty: the shipped default
    std::optional<RuleStatistic> statistic; // what the rule looks at, where the profile does not say
    std::string text; // where that needs activations; what the search trains on and holds out from
    std::int64_t tokens = 4096;
    std::vector<std::pair<ModuleId, TransformKind>> overrides;
    QuantScheme scheme;
    KroneckerRule kronecker = KroneckerRule::Balanced;
    int keepFirst = 0; // blocks at both ends that stay at `keepBits` where the scheme has less
    int keepLast = 0;
    int keepBits = 8;
    std::vector<std::pair<ModuleId, ModuleBits>> moduleBits; // modules with widths of their own

    // Of the search alone:
    SearchOptions search = {};
    std::string checkpoints = {};  // folder of finished blocks; empty: none are kept
    std::string oracleLosses = {}; // held-out losses of an oracle run to compare with; empty: none
};

struct CalibrateSpec
{
    std::string model;
    Plan plan;
    std::string text;
    std::string out; // bundle folder
    CalibrationOptions options;
    std::string command = {};                 // for the record
    std::optional<RefineOptions> refine = {}; // choose anew by what the quantized model loses; nothing: the plan stays
};

struct EvaluateSpec
{
    std::string model;
    std::string reference;   // a model, or a run stored with saveReference; empty: no divergence
    std::string text;        // empty: no perplexity
    std::int64_t seqlen = 0; // 0: the smaller of 2048 and the model's context
    PerplexityConvention convention = PerplexityConvention::Gptq;
    std::int64_t limitTokens = 0;     // 0: all
    std::vector<std::string> tasks;   // shipped ones by name, or definition files; "TASK=FILE" names the items too
    std::string tasksDir;             // where the tasks' items lie, DIR/TASK/FILE or DIR/FILE
    std::int64_t limit = 0;           // only so many items of each task; 0: all
    std::string itemsFile;            // own items, {"query", "choices", "gold"} a line; empty: none
    std::int64_t tokensInPass = 4096; // less needs less memory
    std::string journal;              // keeps finished items, so that a run that was stopped goes on; empty: none
    std::string saveReference;        // store the model's own distributions in this file, as a later reference
    std::string perToken;   // with a reference: a JSON record of every scored token, a line each, in this file
    std::uint64_t seed = 0; // of bootstraps
    std::string command;    // for the record
};

inline constexpr std::array kExportFormats{"hf", "compressed-tensors", "gptq", "awq", "gguf"};

/** A bundle for other programs. */
struct ExportSpec
{
    std::string bundle;
    std::string format = "hf";  // plain, the rounded weights folded back; or compressed-tensors, gptq, awq, gguf
    std::string out;            // a folder; gguf: the file, or the folder that model.gguf is written into
    std::optional<DType> dtype; // F32, BF16 or F16; none: the source's
    bool verify = false;        // read it back and compare weights and perplexity
    std::string text;           // to verify on; empty: a text inside the program
    std::int64_t tokens = 8192; // how many of its tokens; 0: all
};

/** What an export would be, from the bundle's header. */
struct ExportOutlook
{
    std::uint64_t bytes = 0;       // about; without tokenizer and configuration
    std::vector<std::string> lost; // what the bundle does and the format cannot, a sentence each
    std::string obstacle;          // why the format cannot carry the bundle; empty: it can
};

struct ExportVerification
{
    double maxAbsWeightDifference = 0.0; // |weight read back - weight folded back in float64|
    double perplexityBefore = 0.0;       // of the bundle with quantizers of activations, keys and values off
    double perplexityAfter = 0.0;        // of what was written, tokenized by its own tokenizer
    std::int64_t tokens = 0;             // scored
    std::string text;                    // "built-in" or the file
    std::string textHash;
};

struct ExportResult
{
    std::string path;
    std::uint64_t bytes = 0;
    DType dtype = DType::F32;
    std::vector<std::string> files;
    std::vector<std::string> lost; // what the bundle does and the exported model cannot
    std::optional<ExportVerification> verified;
};

/** A page about evaluations, bundles and calibrations. */
struct ReportSpec
{
    std::vector<std::string>
        inputs;        // results in JSON (evaluate, calibrate, quantize) and bundle folders, in the order shown
    std::string html;  // the file to write
    std::string title; // empty: made from the models
    std::vector<std::string> notes = {}; // of a person, one paragraph each: "5.down: clips early"
};

struct ChatSpec
{
    std::string model;
    std::string compare; // empty: none
    std::vector<Message> messages;
    bool rawPrompt = false; // the last message as it is, without a template
    GenerationOptions options;
};

/** A token of a text, where a quantized model is compared with its reference block by block. */
struct TraceSpec
{
    std::string reference;
    std::string model;
    std::vector<int> ids; // the text, with its special tokens
    std::int64_t position = 1;
};

/** One layer and its input site, as they are and as the module's transform makes them. */
struct CompareSpec
{
    std::string model;  // the full-precision model
    std::string bundle; // calibrated transforms; empty: the start of `kind`
    LayerId layer;
    TransformKind kind = TransformKind::Hadamard;
    QuantScheme scheme;
    std::string text; // for the activations
    std::int64_t tokens = 2048;
};

struct TransformComparison
{
    Distribution weightBefore;
    Distribution weightAfter;
    Distribution inputBefore;
    Distribution inputAfter;
    double weightErrorBefore = 0.0; // mean squared error of rounding to the scheme's bits, relative to the mean square
    double weightErrorAfter = 0.0;
    double inputErrorBefore = 0.0;
    double inputErrorAfter = 0.0;
};

/** The engine behind both programs: values in, values out, so that it may live in another thread, process or host. It is
    the only mutable object: it keeps the models it has loaded. All calls block; call it from one worker thread at a
    time. Every model is named by path: a Hugging Face folder, a .gguf file or a bundle. Errors are core::Error; work that
    was stopped throws Cancelled and keeps what it finished. */
class Session
{
public:
    virtual ~Session() = default;

    virtual void setDevice(const std::string& device) = 0; // "auto", "cpu", "cuda", "cuda:1"
    virtual void setThreads(int threads) = 0;              // 0: all cores
    virtual std::string deviceName() const = 0;
    virtual DeviceList devices() = 0;

    virtual ModelDescription describe(const std::string& model) = 0;
    virtual TokenizeResult tokenize(const std::string& model, const std::string& text, bool addSpecial) = 0;
    virtual std::string detokenize(const std::string& model, const std::vector<int>& ids) = 0;
    virtual std::vector<ScoreResult> score(const std::string& model, const std::vector<ScoreRequest>& requests,
                                           Progress& progress) = 0;

    virtual Profile profile(const ProfileSpec& spec, const ProfileObserver& observer, Progress& progress) = 0;
    virtual Plan select(const SelectSpec& spec, Progress& progress) = 0;
    virtual PreflightReport preflight(const CalibrateSpec& spec, Progress& progress) = 0; // trains three steps only
    /** What select() does by the method search, with everything that was measured. */
    virtual SearchResult search(const SelectSpec& spec, const SearchObserver& observer, Progress& progress) = 0;
    virtual CalibrationReport calibrate(const CalibrateSpec& spec, const LossObserver& observer,
                                        Progress& progress) = 0;
    virtual EvaluationReport evaluate(const EvaluateSpec& spec, Progress& progress) = 0;
    /** Throws Error(InvalidArgument) for a model that is no bundle and a folder that holds something else. */
    virtual ExportResult exportModel(const ExportSpec& spec, Progress& progress) = 0;
    virtual ExportOutlook exportOutlook(const ExportSpec& spec) const = 0; // milliseconds at any size

    /** Pairs two results of evaluate, as JSON files or bundles that hold one: see core/eval/run_comparison.h. */
    virtual RunComparison compareRuns(const std::string& a, const std::string& b, std::uint64_t seed) const = 0;
    virtual RunComparison compareReports(const EvaluationReport& a, const EvaluationReport& b,
                                         std::uint64_t seed) const = 0;
    /** Of ln perplexity, window by window; nothing where the report has no reference. Takes no time worth a job. */
    virtual std::optional<PairedMean> differenceFromReference(const EvaluationReport& report) const = 0;
    /** One self-contained HTML page; returns its size in bytes. */
    virtual std::uint64_t writeReport(const ReportSpec& spec) const = 0;
    virtual ChatResult chat(const ChatSpec& spec, const TokenObserver& observer, Progress& progress) = 0;
    virtual std::vector<BlockError> traceToken(const TraceSpec& spec, Progress& progress) = 0;
    virtual TransformComparison compareTransform(const CompareSpec& spec, Progress& progress) = 0;
    virtual std::vector<RuleProfile> fitRule(const FitRuleSpec& spec, Progress& progress) = 0;
    virtual std::vector<ModuleId> probeModules(const ProbeSpec& spec, Progress& progress) = 0;
    virtual BudgetReport budget(const BudgetSpec& spec, Progress& progress) = 0;
    virtual WhatIf whatIf(const WhatIfSpec& spec, Progress& progress) = 0; // seconds; keeps the blocks' inputs
    virtual InvarianceReport checkInvariance(const InvarianceSpec& spec, Progress& progress) = 0;

    // Looking closer: magnitudes and quantiles of one matrix or site, and a bundle beside its original.
    virtual MagnitudeMap magnitudeMap(const MapSpec& spec, Progress& progress) = 0;
    virtual QuantilePlot quantiles(const QuantileSpec& spec, Progress& progress) = 0;
    virtual BundleProfile profileBundle(const BundleProfileSpec& spec, const BundleProfileObserver& observer,
                                        Progress& progress) = 0;

    /** Kernels on this session's device beside LibTorch's operators; see core/bench/bench.h. */
    virtual BenchReport bench(const BenchSpec& spec, const BenchObserver& observer, Progress& progress) = 0;

    virtual void writeDemo(const std::string& folder) = 0;

    // Quick, pure, safe from any thread: a window calls them while a threshold is dragged.
    virtual Plan applyRule(const Profile& profile, const KurtosisRule& rule, const QuantScheme& scheme) const = 0;
    /** What a clip does to rounding, while it is dragged: see core/stats/clip_error.h. */
    virtual double clippedSqnr(const Distribution& values, int bits, double clip) const = 0;
    /** See core/stats/histogram_quantile.h. */
    virtual std::vector<double> histogramQuantiles(const Distribution& values,
                                                   const std::vector<double>& shares) const = 0;
    virtual void writeRules(const std::string& path, const std::vector<RuleProfile>& profiles) const = 0;
    virtual Plan readPlan(const std::string& path) const = 0;
    virtual void writePlan(const std::string& path, const Plan& plan) const = 0;
    virtual std::string planToText(const Plan& plan) const = 0; // the plan file's JSON
    virtual Plan planFromText(const std::string& text) const = 0;
    virtual std::string evaluationToText(const EvaluationReport& report) const = 0; // as evaluate prints it
    virtual EvaluationReport evaluationFromText(const std::string& text) const = 0;
    virtual std::string calibrationToText(const CalibrationReport& report) const = 0; // as calibrate prints it
    virtual CalibrationReport calibrationFromText(const std::string& text) const = 0;
    virtual std::string searchToText(const SearchResult& result) const = 0; // without plan and losses
    virtual SearchResult searchFromText(const std::string& text) const = 0; // also of select --search-out
};

std::unique_ptr<Session> createSession();

} // namespace core

/** What a program that loads the engine at run time looks up in it; the caller owns the result. */
extern "C" core::Session* planishCreateSession();
