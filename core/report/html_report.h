// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/calibration_options.h"
#include "core/eval/evaluation_report.h"
#include "core/eval/run_comparison.h"
#include "core/export/bundle_origin.h"
#include "core/select/plan.h"

namespace core {

/** One thing a report is about: an evaluation, a bundle, or both. */
struct ReportRun
{
    std::string name; // shown everywhere; runs of one report have different ones
    std::optional<EvaluationReport> evaluation;
    std::optional<Plan> plan;
    CalibrationReport calibration;      // without blocks: none
    std::optional<BundleOrigin> origin; // of a bundle
};

/** The first run against another one. */
struct ReportPair
{
    std::string a;
    std::string b;
    RunComparison comparison;
};

/** One HTML page with inline SVG and its style inside: perplexities and accuracies with 95 % intervals, percentiles of the
    divergence, paired differences, a person's notes, calibration errors, choices of each module, provenance. No script, no
    network; light and dark by the reader's setting. Texts from files are escaped. `time` is printed as it is. */
std::string htmlReport(const std::string& title, const std::vector<ReportRun>& runs,
                       const std::vector<ReportPair>& pairs, const std::vector<std::string>& notes,
                       const std::string& time);

} // namespace core
