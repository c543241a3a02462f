// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/session/recipe.h"

namespace core {

struct QuantizeReport
{
    Plan plan;
    CalibrationReport calibration;
    std::optional<EvaluationReport> evaluation; // measured now
    Json
        json; // {"select", "calibrate", "guard", "evaluate", "recipe", "model"}: what report.json holds besides the bundle's own keys
};

/** All phases of a recipe: plan, calibration into the bundle folder `out`, evaluation, and the results of all of them in its
    report.json. Run again it goes on: blocks that were calibrated from the same weights, windows, choices and options are
    kept, and an evaluation of the same bundle by the same recipe is not repeated. */
QuantizeReport quantizeByRecipe(Session& session, const std::string& model, const Recipe& recipe,
                                const std::filesystem::path& out, const LossObserver& observer, Progress& progress);

} // namespace core
