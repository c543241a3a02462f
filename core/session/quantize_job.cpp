// SPDX-License-Identifier: Apache-2.0
#include "core/session/quantize_job.h"

#include "core/base/launch.h"
#include "core/session/result_json.h"

namespace core {

namespace {

Json readReport(const std::filesystem::path& file)
{
    if (!std::filesystem::exists(file))
        return Json::object();
    auto report = readJson(file);
    return report.is_object() ? report : Json::object();
}

/** The bundle's report with the phases' results beside its own keys. */
void writeReport(const std::filesystem::path& file, const Json& results)
{
    auto report = readReport(file);
    report.update(results);
    writeFileAtomically(file, report.dump(1) + "\n");
}

} // namespace

QuantizeReport quantizeByRecipe(Session& session, const std::string& model, const Recipe& recipe,
                                const std::filesystem::path& out, const LossObserver& observer, Progress& progress)
{
    const auto launch = launchFromEnvironment();
    const bool writes = !launch || launch->rank == 0; // of several ranks the first
    const auto reportFile = out / "report.json";
    const auto before = readReport(reportFile);
    const double calibrated = recipe.evaluate ? 0.9 : 1.0;
    QuantizeReport report;

    const bool searches = recipe.planFile.empty() && recipe.select.method == SelectMethod::Search;
    const double selected = searches ? 0.5 : 0.02;
    ProgressPart selecting(progress, 0.0, selected);
    auto select = recipe.select;
    select.model = model;
    select.search.training.seed = recipe.calibration.seed;
    if (searches) {
        select.checkpoints = out.string() + ".search";
        select.search.training.resume = true;
    }
    auto text = recipe.calibrationText;
    auto guard = recipe.guard;
    if (guard && guard->text.empty()) { // set aside before the search, which would choose by it otherwise
        const bool shared = select.text == text;
        std::tie(text, guard->text) = keepAside(text, out.string());
        if (shared)
            select.text = text;
    }
    report.plan = recipe.planFile.empty() ? session.select(select, selecting) : session.readPlan(recipe.planFile);
    report.json = {{"recipe", recipe.json}, {"model", model}, {"select", toJson(report.plan)}};

    ProgressPart calibrating(progress, selected, calibrated);
    auto options = recipe.calibration;
    options.resume = true;
    const CalibrateSpec calibrate{model, report.plan, text, out.string(), options, recipe.command, recipe.refine};
    if (guard) {
        auto guarded = calibrateWithGuard(session, calibrate, *guard, observer, calibrating);
        report.plan = guarded.plan;
        report.calibration = guarded.calibration;
        report.json["select"] = toJson(report.plan);
        report.json["guard"] = toJson(guarded);
    } else {
        report.calibration = session.calibrate(calibrate, observer, calibrating);
    }
    report.json["calibrate"] = toJson(report.calibration);
    if (writes)
        writeReport(reportFile, report.json);

    if (recipe.evaluate) {
        // Block reports hold measured times: equal ones mean that every block came from the folder as it was.
        const bool sameBundle = before.contains("calibrate") && before.contains("evaluate")
            && before.value("recipe", Json()) == recipe.json
            && before.at("calibrate").value("blocks", Json()) == report.json["calibrate"]["blocks"];
        if (sameBundle) {
            report.json["evaluate"] = before.at("evaluate");
        } else {
            ProgressPart evaluating(progress, calibrated, 1.0);
            auto evaluate = *recipe.evaluate;
            evaluate.model = out.string();
            evaluate.reference = recipe.compareWithModel && !evaluate.text.empty() ? model : "";
            evaluate.journal = (out / "evaluation.journal").string();
            evaluate.seed = options.seed;
            evaluate.command = recipe.command;
            report.evaluation = session.evaluate(evaluate, evaluating);
            if (writes)
                std::filesystem::remove(evaluate.journal);
            report.json["evaluate"] = toJson(*report.evaluation);
        }
        if (writes)
            writeReport(reportFile, report.json);
    }
    return report;
}

} // namespace core
