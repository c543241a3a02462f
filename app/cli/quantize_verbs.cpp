// SPDX-License-Identifier: Apache-2.0
// calibrate, quantize
#include "app/cli/arguments.h"
#include "app/cli/program.h"
#include "app/cli/table.h"
#include "core/calibrate/calibration_json.h"
#include "core/session/analysis_json.h"
#include "core/session/guard_rail.h"
#include "core/session/quantize_job.h"
#include "core/session/result_json.h"

namespace cli {

namespace {

struct CalibrateOptions
{
    core::CalibrateSpec spec;
    std::string planFile;
    bool preflight = false;
    bool checkInvariance = false;
    bool guard = false;
    core::GuardSpec guardSpec;
    bool refine = false;
    core::RefineOptions refineOptions;
};

std::string preflightText(const core::PreflightReport& report)
{
    const bool measured = report.measuredSeconds > 0.0;
    std::vector<std::string> header{"<", "estimated", "there is"};
    if (measured)
        header.push_back("measured");
    Table table(header);
    const auto add = [&](const char* name, const std::string& needed, const std::string& there,
                         const std::string& taken) {
        std::vector<std::string> row{name, needed, there};
        if (measured)
            row.push_back(taken);
        table.add(row);
    };
    const auto available = [](std::uint64_t count) { return count > 0 ? bytes(count) : "unknown"; };
    add("memory", bytes(report.memory), available(report.memoryAvailable), bytes(report.measuredMemory));
    add("disk", bytes(report.disk), available(report.diskAvailable), bytes(report.measuredDisk));
    add("time", seconds(report.seconds), "", seconds(report.measuredSeconds));
    auto text = table.text();
    for (const auto& warning : report.warnings)
        text += "warning: " + warning + "\n";
    return text;
}

std::string refinementText(const core::RefinementReport& report)
{
    Table table({"<module", "<from", "<to", "KL", "difference", "+-", "<"});
    for (const auto& swap : report.swaps)
        table.add({core::toString(swap.module), core::toString(swap.from), core::toString(swap.to), number(swap.kl),
                   number(swap.difference, 3), number(swap.stderror, 2), swap.kept ? "kept" : ""});
    return table.text() + "KL on " + std::to_string(report.tokens) + " held-out tokens " + number(report.klBefore)
        + " -> " + number(report.klAfter) + " nats, " + std::to_string(report.kept()) + " of "
        + std::to_string(report.swaps.size()) + " swaps kept, " + seconds(report.seconds) + "\n";
}

std::string calibrationText(const core::CalibrationReport& report)
{
    Table table({"block", "error at start", "error at end", "ratio", "time"});
    for (const auto& block : report.blocks)
        table.add({std::to_string(block.block), number(block.errorStart), number(block.errorEnd),
                   number(block.errorEnd / block.errorStart, 3), seconds(block.seconds)});
    auto text = table.text();
    if (!report.rounding.empty()) {
        Table rounding({"<layer", "output error, nearest", "gptq", "ratio"});
        for (const auto& entry : report.rounding)
            rounding.add({std::to_string(entry.block) + "." + entry.role, number(entry.nearest), number(entry.gptq),
                          number(entry.gptq / entry.nearest, 3)});
        text += rounding.text();
    }
    if (report.refinement)
        text += refinementText(*report.refinement);
    for (const auto& warning : report.warnings)
        text += "warning: " + warning + "\n";
    for (const auto& block : report.blocks)
        for (const auto& warning : block.warnings)
            text += "warning: block " + std::to_string(block.block) + ": " + warning + "\n";
    if (report.preflight)
        text += preflightText(*report.preflight);
    else
        text += "peak memory " + bytes(report.peakMemoryBytes) + "\n";
    return text
        + (report.bundle.empty() ? "no bundle yet: some blocks are missing\n" : "bundle " + report.bundle + "\n");
}

Result calibrate(Program& program, const CalibrateOptions& options)
{
    auto spec = options.spec;
    spec.plan = program.session().readPlan(options.planFile);
    spec.command = program.options.command;
    spec.options.seed = program.options.seed;
    if (options.refine)
        spec.refine = options.refineOptions;
    if (options.preflight) {
        const auto estimate = program.session().preflight(spec, program.progress());
        return {.json = {{"preflight", core::preflightToJson(estimate)}},
                .text = preflightText(estimate),
                .jsonFile = {},
                .exitCode = estimate.fits() ? Program::kDone : Program::kFailed};
    }
    if (options.guard || !options.guardSpec.text.empty()) {
        const auto guarded =
            core::calibrateWithGuard(program.session(), spec, options.guardSpec, {}, program.progress());
        auto json = core::toJson(guarded.calibration);
        json["guard"] = core::toJson(guarded);
        return {json, calibrationText(guarded.calibration) + guarded.sentence + "\n", {}};
    }
    const auto report = program.session().calibrate(spec, {}, program.progress());
    Result result{core::toJson(report), calibrationText(report), {}};
    if (options.checkInvariance) {
        core::InvarianceSpec check{.model = spec.model, .text = spec.text, .rotationForm = spec.options.rotationForm};
        check.seed = spec.options.seed;
        check.bundle = report.bundle;
        if (report.bundle.empty())
            check.plan = spec.plan; // other blocks are still to be trained: the transforms as they start
        const auto invariance = program.session().checkInvariance(check, program.progress());
        result.json["invariance"] = core::toJson(invariance);
        result.text += invarianceText(invariance);
        result.exitCode = invariance.holds() ? Program::kDone : Program::kFailed;
    }
    return result;
}

struct QuantizeOptions
{
    std::string model;
    std::string recipe;
    std::string out;
};

Result quantize(Program& program, const QuantizeOptions& options)
{
    auto recipe = core::readRecipe(options.recipe);
    if (!recipe.seedGiven)
        recipe.calibration.seed = program.options.seed;
    recipe.command = program.options.command;
    const auto report =
        core::quantizeByRecipe(program.session(), options.model, recipe, options.out, {}, program.progress());
    auto text = planText(report.plan) + "\n" + calibrationText(report.calibration);
    if (report.evaluation)
        text += "\n" + evaluationText(*report.evaluation);
    else if (report.json.contains("evaluate"))
        text += "\nthe evaluation in " + options.out + "/report.json is kept: nothing changed\n";
    return {report.json, text, {}};
}

void describeCalibrate(CLI::App& verb, CalibrateOptions& options)
{
    auto& training = options.spec.options;
    addModelArgument(verb, options.spec.model);
    verb.add_option("--plan", options.planFile, "the plan, as select writes it")->required()->type_name("FILE");
    verb.add_option("--text", options.spec.text, "the text to calibrate on")->required()->type_name("TEXT");
    verb.add_option("--out", options.spec.out, "the bundle's folder")->required()->check(somePath())->type_name("DIR");
    const auto count = [&](const char* name, int& value, const char* what) {
        verb.add_option(name, value, what)->check(positive())->capture_default_str();
    };
    count("--samples", training.samples, "windows drawn from the text");
    count("--seqlen", training.seqlen, "tokens of a window");
    verb.add_option("--epochs", training.epochs, "passes over the windows; 0: the start parameters")
        ->check(notNegative())
        ->capture_default_str();
    count("--batch", training.batch, "windows in a step");
    verb.add_option("--micro-batch", training.microBatch,
                    "windows of a step that go through the block at once, to save memory; 0: as many as it holds")
        ->check(notNegative())
        ->capture_default_str();
    addTrainingOptions(verb, training, "Options");
    addWord(verb, "--precision", training.precision, core::kPrecisions, "of the training passes");
    addWord(verb, "--finish", training.finish, core::kFinishes, "how weights are rounded at the end");
    addRotationFormOption(verb, training.rotationForm,
                          "two-factor: random start; hadamard-start, hadamard-two-factor: from a signed Hadamard "
                          "matrix; -unscaled behind any: without a channel scale. Of modules whose plan names no form");
    verb.add_flag("--resume", training.resume, "keep blocks that are finished in the folder");
    verb.add_flag("--preflight", options.preflight,
                  "only estimate memory, disk and time; exit code 1 where it will not fit");
    verb.add_flag("--check-invariance", options.checkInvariance,
                  "then prove that without quantizers the function is as before; exit code 1 where it is not");
    verb.add_flag("--guard", options.guard,
                  "calibrate all-affine, all-rotation and the plan's other kinds everywhere too (DIR.guard) and say "
                  "which is best on text kept aside");
    verb.add_option(
            "--guard-text", options.guardSpec.text,
            "the text to compare on, none of which chose the plan; without it the last tenth of the calibration text")
        ->type_name("TEXT");
    verb.add_flag(
        "--refine", options.refine,
        "then choose anew, module by module, by the divergence of the whole quantized model on text kept aside");
    verb.add_option("--refine-text", options.refineOptions.text,
                    "the text to choose by; without it the last quarter of the calibration text")
        ->type_name("TEXT");
    verb.add_option("--refine-seqlen", options.refineOptions.seqlen,
                    "tokens of a window of it; 0: the smaller of 2048 and the model's context, as evaluate")
        ->check(notNegative())
        ->capture_default_str();
    verb.add_option("--refine-tokens", options.refineOptions.tokens, "tokens of it")
        ->check(positive())
        ->capture_default_str();
    addParsed(
        verb, "--refine-candidates", options.refineOptions.candidates, parseStartedCandidates,
        "what is tried in each module: kinds as in select's candidates, with #1 and so on behind for other starts")
        ->default_str("affine,affine#1,rotation")
        ->type_name("LIST");
    addParsed(verb, "--blocks", training.blocks, parseRange, "only blocks A to B-1")->type_name("A:B");
}

void describeQuantize(CLI::App& verb, QuantizeOptions& options)
{
    addModelArgument(verb, options.model);
    verb.add_option("--recipe", options.recipe, "JSON: method or plan, scheme, calibration, evaluation")
        ->required()
        ->type_name("FILE");
    verb.add_option("--out", options.out, "the bundle's folder")->required()->check(somePath())->type_name("DIR");
}

} // namespace

void addQuantizeVerbs(CLI::App& app, Program& program)
{
    addVerb<CalibrateOptions>(app, program, "calibrate", "train transforms and clips by a plan: a quantized bundle",
                              describeCalibrate, calibrate);
    addVerb<QuantizeOptions>(app, program, "quantize", "all phases by one recipe file; run again to go on",
                             describeQuantize, quantize);
}

} // namespace cli
