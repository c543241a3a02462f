// SPDX-License-Identifier: Apache-2.0
#include "core/session/report_job.h"

#include "core/base/error.h"
#include "core/calibrate/calibration_json.h"
#include "core/export/native_bundle.h"
#include "core/report/html_report.h"
#include "core/select/plan_file.h"
#include "core/session/provenance.h"
#include "core/session/result_reading.h"

#include <algorithm>

namespace core {

namespace {

namespace fs = std::filesystem;

/** The last part of a path: "quantized" of "runs/quantized/". */
std::string lastPart(const fs::path& path)
{
    const auto normal = fs::absolute(path).lexically_normal();
    return (normal.has_filename() ? normal : normal.parent_path()).filename().string();
}

void addBundle(const fs::path& folder, ReportRun& run)
{
    auto header = readBundleHeader(folder);
    run.plan = std::move(header.plan);
    run.calibration = std::move(header.report);
    run.origin = std::move(header.origin);
}

/** Plan and calibration of the bundle that was evaluated, where it still is the same one. */
void addEvaluatedBundle(ReportRun& run)
{
    const auto& model = run.evaluation->provenance.model;
    if (run.plan || model.bundleHash.empty() || !isBundle(model.path))
        return;
    if (sha256(readFile(fs::path(model.path) / "planish.json")) == model.bundleHash)
        addBundle(model.path, run);
}

std::string nameOf(const ReportRun& run, const fs::path& input)
{
    if (!run.evaluation || run.evaluation->provenance.model.path.empty())
        return isBundle(input) ? lastPart(input) : input.stem().string();
    const auto& model = run.evaluation->provenance.model;
    return lastPart(model.path) + (model.scheme.empty() ? "" : " " + model.scheme);
}

ReportRun readRun(const fs::path& input)
{
    ReportRun run;
    const auto json = readResult(input);
    const auto part = [&](const char* key) { return json.contains(key) && json.at(key).is_object(); };
    if (isBundle(input))
        addBundle(input, run);
    if (!run.plan && part("select"))
        run.plan = planFromJson(json.at("select"), input.string());
    if (run.calibration.blocks.empty() && (json.contains("blocks") || part("calibrate")))
        run.calibration = reportFromJson(part("calibrate") ? json.at("calibrate") : json, input.string());
    if (part("evaluate") || json.contains("perplexity") || json.contains("tasks")) {
        run.evaluation = readEvaluation(input);
        addEvaluatedBundle(run);
    }
    if (!run.evaluation && run.calibration.blocks.empty() && !run.plan)
        throw Error(ErrorKind::InvalidArgument,
                    "holds nothing to report: a result of evaluate, calibrate or quantize, or a bundle, is needed",
                    input.string());
    run.name = nameOf(run, input);
    return run;
}

/** The reference as a run of its own, which the same result holds. */
std::optional<EvaluationReport> referenceRun(const EvaluationReport& evaluation)
{
    if (!evaluation.referencePerplexity)
        return std::nullopt;
    EvaluationReport reference;
    reference.perplexity = evaluation.referencePerplexity;
    reference.provenance = evaluation.provenance;
    return reference;
}

void addPair(const std::string& nameA, const EvaluationReport& a, const ReportRun& b, std::vector<ReportPair>& pairs)
{
    try {
        pairs.push_back({nameA, b.name, compareRuns(a, *b.evaluation, 0)});
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::InvalidArgument) // nothing in common is no fault of a report
            throw;
    }
}

std::vector<ReportPair> pairsOf(const std::vector<ReportRun>& runs)
{
    std::vector<ReportPair> pairs;
    const ReportRun* first = nullptr;
    for (const auto& run : runs) {
        if (!run.evaluation)
            continue;
        const auto reference = referenceRun(*run.evaluation);
        const bool firstIsReference = first && reference && first->evaluation->perplexity
            && first->evaluation->perplexity->windowNllMean == reference->perplexity->windowNllMean;
        if (reference && !firstIsReference)
            addPair("reference", *reference, run, pairs);
        if (first)
            addPair(first->name, *first->evaluation, run, pairs);
        else
            first = &run;
    }
    return pairs;
}

/** A bundle whose evaluation is already there, with its plan and calibration. */
bool isShown(const fs::path& input, const std::vector<ReportRun>& runs)
{
    if (!isBundle(input))
        return false;
    const auto hash = sha256(readFile(input / "planish.json"));
    return std::any_of(runs.begin(), runs.end(), [&](const ReportRun& run) {
        return run.plan && run.evaluation && run.evaluation->provenance.model.bundleHash == hash;
    });
}

} // namespace

std::uint64_t writeReport(const ReportSpec& spec)
{
    if (spec.inputs.empty() || spec.html.empty())
        throw Error(ErrorKind::InvalidArgument, "a report needs results to report and a file to write");
    std::vector<ReportRun> runs;
    for (const auto& input : spec.inputs) {
        auto run = readRun(input);
        if (!run.evaluation && isShown(input, runs))
            continue;
        const auto base = run.name;
        const auto taken = [&] {
            return std::any_of(runs.begin(), runs.end(),
                               [&](const ReportRun& other) { return other.name == run.name; });
        };
        for (int number = 2; taken(); ++number)
            run.name = base + " (" + std::to_string(number) + ")";
        runs.push_back(std::move(run));
    }
    auto title = spec.title;
    for (std::size_t i = 0; title.empty() && i < runs.size(); ++i)
        title = runs.size() == 1 ? "Report on " + runs[0].name : "Report on " + std::to_string(runs.size()) + " runs";
    const auto page = htmlReport(title, runs, pairsOf(runs), spec.notes, timeNow());
    writeFileAtomically(spec.html, page);
    return page.size();
}

} // namespace core
