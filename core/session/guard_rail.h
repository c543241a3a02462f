// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/json.h"
#include "core/session/session.h"

#include <utility>

namespace core {

/** What a calibrated plan is compared on: never the text it is judged by in the end. */
struct GuardSpec
{
    std::string text;             // empty: the last tenth of the calibration text, which is then not calibrated on
    std::int64_t seqlen = 0;      // 0: the smaller of 2048 and the model's context
    std::int64_t limitTokens = 0; // 0: 64 windows of 2048
};

struct GuardEntry
{
    std::string plan; // "planned", "all-affine", "all-rotation", ...
    std::string bundle;
    double perplexity = 0.0;
    double stderror = 0.0;
    double lnDifference = 0.0; // ln of its perplexity over the planned one's, windows in pairs
    double lnDifferenceStderr = 0.0;
};

struct GuardReport
{
    Plan plan; // with the sentence among its warnings, as in the bundle
    CalibrationReport calibration;
    std::vector<GuardEntry> entries; // the planned one first
    std::string recommended;         // the smallest perplexity; of equals a uniform plan
    std::string sentence;            // the same for a person, with the numbers
};

/** Cuts a text at a line's end near nine tenths of it: names of the file to search and calibrate on, and of the one to judge by,
    both in BUNDLE.guard. */
std::pair<std::string, std::string> keepAside(const std::string& textFile, const std::string& bundle);

/** Calibrates a plan into its bundle, and beside it (OUT.guard/all-affine, ...) the all-affine, the all-rotation plan of the
    same scheme and those of other kinds that the plan uses, measures all of them on held-out text and says which is best: a
    mixed plan is never recommended where a uniform one is better. A uniform plan that is the planned one is not made again.
    Run again it goes on. */
GuardReport calibrateWithGuard(Session& session, const CalibrateSpec& spec, const GuardSpec& guard,
                               const LossObserver& observer, Progress& progress);

/** {results [{plan, bundle, perplexity, stderr, ln_difference, ln_difference_stderr}], recommended, sentence}. */
Json toJson(const GuardReport& report);

} // namespace core
