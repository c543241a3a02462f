// SPDX-License-Identifier: Apache-2.0
#include "core/session/guard_rail.h"

#include "core/base/error.h"
#include "core/calibrate/block_transforms.h"
#include "core/io/text_reader.h"
#include "core/select/overrides.h"
#include "core/session/session_texts.h"
#include "core/stats/running_mean.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>
#include <tuple>

namespace core {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kGuardTokens = 64 * 2048;
constexpr double kKeptAside = 0.1;

fs::path guardFolder(const std::string& bundle)
{
    auto folder = fs::absolute(bundle).lexically_normal();
    if (!folder.has_filename())
        folder = folder.parent_path();
    return folder.string() + ".guard";
}

/** The plan with one kind in every module; what is quantized to how many bits stays. */
Plan uniformOf(const Plan& planned, TransformKind kind)
{
    auto plan = uniformPlan(kind, int(planned.modules.size()) / 2, planned.scheme);
    plan.model = planned.model;
    plan.kronecker = planned.kronecker;
    for (auto& choice : plan.modules)
        if (const auto* own = planned.find(choice.module))
            choice.scheme = own->scheme;
    return plan;
}

/** True where both plans do the same to every module. */
bool sameTransforms(const Plan& a, const Plan& b, const CalibrationOptions& options)
{
    const auto same = [&](const Choice& x, const Choice& y) {
        return x.module == y.module && candidateOf(x, options) == candidateOf(y, options)
            && x.seed.value_or(options.seed) == y.seed.value_or(options.seed);
    };
    return std::equal(a.modules.begin(), a.modules.end(), b.modules.begin(), b.modules.end(), same);
}

struct Contestant
{
    std::string name;
    CalibrateSpec spec;
};

std::vector<Contestant> contestantsOf(const CalibrateSpec& spec)
{
    std::vector<Contestant> all{{"planned", spec}};
    std::set<TransformKind> kinds{TransformKind::Affine, TransformKind::Rotation};
    for (const auto& choice : spec.plan.modules)
        kinds.insert(choice.kind);
    for (const auto kind : kinds) {
        const auto plan = uniformOf(spec.plan, kind);
        if (!spec.refine && sameTransforms(plan, spec.plan, spec.options))
            continue;
        auto other = spec;
        other.refine.reset();
        other.out = (guardFolder(spec.out) / plan.method).string();
        other.plan = plan;
        other.options.resume = true; // nobody else writes there
        other.options.blocks.reset();
        all.push_back({plan.method, other});
    }
    return all;
}

/** Mean and standard error of a - b over windows. */
std::pair<double, double> pairedDifference(const std::vector<double>& a, const std::vector<double>& b)
{
    RunningMean difference;
    for (std::size_t i = 0; i < a.size(); ++i)
        difference.add(a[i] - b[i]);
    return {difference.mean(), a.size() > 1 ? difference.standardError() : std::nan("")};
}

std::string shortNumber(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

const GuardEntry& bestOf(const std::vector<GuardEntry>& entries)
{
    // A perplexity that is not a number never wins; from the back, so that a uniform plan wins a tie.
    auto best = entries.rbegin();
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry)
        if (entry->perplexity < best->perplexity || std::isnan(best->perplexity))
            best = entry;
    return *best;
}

std::string sentenceOf(const std::vector<GuardEntry>& entries, const std::string& recommended)
{
    std::string numbers;
    for (const auto& entry : entries)
        numbers += (numbers.empty() ? "" : ", ") + entry.plan + " " + shortNumber(entry.perplexity);
    const auto verdict = recommended == "planned"
        ? std::string("guard rail: no uniform plan is better on held-out text")
        : "guard rail: use " + recommended + " instead, it is better on held-out text";
    return verdict + " (perplexity: " + numbers + ")";
}

} // namespace

std::pair<std::string, std::string> keepAside(const std::string& textFile, const std::string& bundle)
{
    const auto text = readText(textFile);
    const auto border = borderNear(text, 1.0 - kKeptAside);
    const auto folder = guardFolder(bundle);
    fs::create_directories(folder);
    writeFileAtomically(folder / "calibration.txt", text.substr(0, border));
    writeFileAtomically(folder / "guard.txt", text.substr(border));
    return {(folder / "calibration.txt").string(), (folder / "guard.txt").string()};
}

GuardReport calibrateWithGuard(Session& session, const CalibrateSpec& spec, const GuardSpec& guard,
                               const LossObserver& observer, Progress& progress)
{
    auto planned = spec;
    auto measured = guard;
    if (spec.options.blocks)
        throw Error(ErrorKind::InvalidArgument, "the guard rail needs every block: calibrate without a range of them");
    if (measured.text.empty())
        std::tie(planned.text, measured.text) = keepAside(spec.text, spec.out);
    const auto contestants = contestantsOf(planned);
    const auto count = double(contestants.size());
    GuardReport report{.plan = spec.plan, .calibration = {}, .entries = {}};
    std::vector<double> plannedLosses;
    for (std::size_t i = 0; i < contestants.size(); ++i) {
        const auto& contestant = contestants[i];
        ProgressPart calibrating(progress, double(i) / count, (double(i) + 0.9) / count);
        ProgressPart evaluating(progress, (double(i) + 0.9) / count, double(i + 1) / count);
        const auto calibration = session.calibrate(contestant.spec, observer, calibrating);
        const auto evaluation = session.evaluate({.model = calibration.bundle,
                                                  .reference = {},
                                                  .text = measured.text,
                                                  .seqlen = measured.seqlen,
                                                  .limitTokens = measured.limitTokens > 0 ? measured.limitTokens
                                                      : measured.seqlen > 0               ? 64 * measured.seqlen
                                                                                          : kGuardTokens},
                                                 evaluating);
        const auto& perplexity = evaluation.perplexity.value();
        if (i == 0) {
            report.calibration = calibration;
            plannedLosses = perplexity.windowNllMean;
        }
        const auto [difference, error] = pairedDifference(perplexity.windowNllMean, plannedLosses);
        report.entries.push_back(
            {contestant.name, calibration.bundle, perplexity.value, perplexity.stderror, difference, error});
    }
    report.recommended = bestOf(report.entries).plan;
    report.sentence = sentenceOf(report.entries, report.recommended);
    report.plan.warnings.push_back(report.sentence);
    planned.plan = report.plan;
    planned.options.resume =
        true; // the blocks are there: only the bundle is written again, with the sentence in its plan
    report.calibration = session.calibrate(planned, observer, progress);
    return report;
}

Json toJson(const GuardReport& report)
{
    auto results = Json::array();
    for (const auto& entry : report.entries)
        results.push_back({{"plan", entry.plan},
                           {"bundle", entry.bundle},
                           {"perplexity", jsonNumber(entry.perplexity)},
                           {"stderr", jsonNumber(entry.stderror)},
                           {"ln_difference", jsonNumber(entry.lnDifference)},
                           {"ln_difference_stderr", jsonNumber(entry.lnDifferenceStderr)}});
    return {{"results", results}, {"recommended", report.recommended}, {"sentence", report.sentence}};
}

} // namespace core
