// SPDX-License-Identifier: Apache-2.0
// select, calibrate, quantize
#include "app/cli/arguments.h"
#include "app/cli/program.h"
#include "app/cli/table.h"
#include "core/calibrate/calibration_json.h"
#include "core/search/search_json.h"
#include "core/session/analysis_json.h"
#include "core/session/guard_rail.h"
#include "core/session/quantize_job.h"
#include "core/session/result_json.h"

namespace cli {

namespace {

struct SelectOptions
{
    core::SelectSpec spec;
    std::string method = "kurtosis";
    std::string statistic;
    std::string kronecker = "balanced";
    std::vector<std::string> overrides;
    std::vector<std::string> moduleBits;
    std::string out;
    std::string candidates = "affine,rotation";
    std::string mode = "expected";
    std::string decideBy = "val";
    std::string gateWindows = "val";
    bool oracle = false;
    std::string blocks;
    std::string lossesFile;
    std::string searchFile;
};

std::string bitsText(const core::QuantScheme& scheme, core::ModuleKind module)
{
    const auto text = std::to_string(scheme.weightBits) + "/" + std::to_string(scheme.activationBits);
    return module == core::ModuleKind::Mlp
        ? text
        : text + "/" + std::to_string(scheme.keyBits) + "/" + std::to_string(scheme.valueBits);
}

std::string planText(const core::Plan& plan)
{
    Table table({"<module", "<kind", "<bits", "<chosen by", "<reason"});
    for (const auto& choice : plan.modules)
        table.add({core::toString(choice.module),
                   core::toString(
                       core::Candidate{choice.kind, choice.rotationForm.value_or(core::RotationForm()), choice.start}),
                   bitsText(plan.schemeOf(choice.module), choice.module.kind),
                   choice.origin == core::Origin::User ? "user" : plan.method, choice.reason.text});
    auto text = table.text();
    for (const auto& warning : plan.warnings)
        text += "warning: " + warning + "\n";
    return text;
}

std::string searchText(const core::SearchResult& result)
{
    Table table({"<module", "<candidate", "held-out error", "against the first", "+-", "gate", "<"});
    for (const auto& decision : result.modules)
        for (std::size_t k = 0; k < decision.candidates.size(); ++k) {
            const auto& candidate = decision.candidates[k];
            const auto percent = [](double value) { return number(100.0 * value, 3) + " %"; };
            table.add({k == 0 ? core::toString(decision.module) : "", core::toString(candidate.candidate),
                       number(candidate.loss), percent(candidate.difference), percent(candidate.stderror),
                       decision.byGate < 0 ? "" : number(candidate.probability, 3),
                       int(k) == decision.chosen ? "chosen" : ""});
        }
    auto text = table.text();
    if (result.agreement)
        text += "as the other losses decide: " + std::to_string(result.agreement->equalKinds) + " of "
            + std::to_string(result.agreement->modules) + " modules; mean regret "
            + number(100.0 * result.agreement->regret, 3) + " %\n";
    return text + "searched for " + seconds(result.seconds) + "\n";
}

Result search(Program& program, const SelectOptions& options, core::SelectSpec spec)
{
    spec.search.mode = options.oracle ? core::SearchMode::Oracle : core::parseSearchMode(options.mode);
    spec.search.candidates = parseCandidates(options.candidates);
    spec.search.decideBy = options.decideBy == "gate" ? core::DecideBy::Gate : core::DecideBy::HeldOut;
    spec.search.gateWindows = options.gateWindows == "train" ? core::GateWindows::Training : core::GateWindows::HeldOut;
    spec.search.training.seed = program.options.seed;
    if (spec.search.training.epochs == 0) // not given
        spec.search.training.epochs = spec.search.mode == core::SearchMode::Oracle ? 15 : 5;
    if (!options.blocks.empty())
        spec.search.training.blocks = parseBlockRange(options.blocks);
    const auto result = program.session().search(spec, {}, program.progress());
    auto json = core::toJson(result.plan);
    json["search"] = core::searchToJson(result);
    if (!options.lossesFile.empty())
        core::writeHeldOutLosses(options.lossesFile, result.losses);
    if (!options.searchFile.empty())
        core::writeFileAtomically(options.searchFile, json["search"].dump(1) + "\n");
    if (!options.out.empty() && !result.modules.empty())
        program.session().writePlan(options.out, result.plan);
    return {json, planText(result.plan) + "\n" + searchText(result), {}};
}

Result select(Program& program, const SelectOptions& options)
{
    auto spec = options.spec;
    spec.method = core::parseSelectMethod(options.method);
    spec.kronecker = options.kronecker == "fermat" ? core::KroneckerRule::Fermat : core::KroneckerRule::Balanced;
    if (!options.statistic.empty())
        spec.statistic = core::parseRuleStatistic(options.statistic);
    for (const auto& text : options.overrides)
        spec.overrides.push_back(parseOverride(text));
    for (const auto& text : options.moduleBits)
        spec.moduleBits.push_back(parseModuleAndBits(text));
    if (spec.method == core::SelectMethod::Search)
        return search(program, options, std::move(spec));
    const auto plan = program.session().select(spec, program.progress());
    if (!options.out.empty())
        program.session().writePlan(options.out, plan);
    return {core::toJson(plan), planText(plan), {}};
}

struct CalibrateOptions
{
    core::CalibrateSpec spec;
    std::string planFile;
    std::string precision = "fp32";
    std::string finish = "rtn";
    std::string blocks;
    bool shareClips = false;
    std::string clipping = "learned";
    std::string rotationForm = "two-factor";
    bool preflight = false;
    bool checkInvariance = false;
    bool guard = false;
    core::GuardSpec guardSpec;
    std::string affineForm = "svd";
    std::string scaleStart = "sq_style";
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
    spec.options.precision = options.precision == "bf16" ? core::Precision::BFloat16 : core::Precision::Float32;
    spec.options.finish = options.finish == "gptq" ? core::Finish::Gptq : core::Finish::RoundToNearest;
    spec.options.clipping = options.clipping == "none" ? core::Clipping::None : core::Clipping::Learned;
    spec.options.rotationForm = core::parseRotationForm(options.rotationForm);
    spec.options.affineForm = options.affineForm == "direct" ? core::AffineForm::Direct : core::AffineForm::Svd;
    spec.options.scaleStart = options.scaleStart == "one" ? core::ScaleStart::One : core::ScaleStart::Smooth;
    spec.options.clipSharing = options.shareClips ? core::ClipSharing::PerInput : core::ClipSharing::PerLayer;
    if (!options.blocks.empty())
        spec.options.blocks = parseBlockRange(options.blocks);
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

void describeSearch(CLI::App& verb, SelectOptions& options)
{
    constexpr auto kGroup = "Search (--method search)";
    auto& search = options.spec.search;
    auto& training = search.training;
    const auto add = [&](const char* name, auto& value, const char* what) {
        return verb.add_option(name, value, what)->group(kGroup);
    };
    add("--samples", training.samples, "windows drawn from the text")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    add("--seqlen", training.seqlen, "tokens of a window")->check(CLI::PositiveNumber)->capture_default_str();
    training.epochs = 0;
    add("--epochs", training.epochs, "passes over the windows; default 5, of an oracle 15")->check(CLI::PositiveNumber);
    add("--batch", training.batch, "windows in a step")->check(CLI::PositiveNumber)->capture_default_str();
    add("--candidates", options.candidates,
        "kinds to choose from, the default first: affine, rotation, rotation:FORM, hadamard, identity")
        ->check(candidateList())
        ->capture_default_str();
    add("--starts", search.starts, "random starts of each candidate")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    add("--search-mode", options.mode, "how candidates compete")
        ->check(CLI::IsMember({"expected", "decoupled", "gumbel-st", "soft-mix"}))
        ->capture_default_str();
    verb.add_flag("--oracle", options.oracle, "no gates: train each candidate in full, in both modules of a block")
        ->group(kGroup);
    add("--margin", search.margin,
        "how much better another kind than the first must be, relative; without it twice the spread of the starts "
        "where there are several, else 0.03")
        ->check(CLI::Range(0.0, 0.99));
    add("--decide-by", options.decideBy, "val: held-out losses; gate: the largest gate")
        ->check(CLI::IsMember({"val", "gate"}))
        ->capture_default_str();
    add("--gates-on", options.gateWindows, "windows that move the gates: val (held out) or train (jointly)")
        ->check(CLI::IsMember({"val", "train"}))
        ->capture_default_str();
    add("--losses-out", options.lossesFile, "write the held-out losses to this file")->type_name("FILE");
    add("--search-out", options.searchFile, "write gates, losses and decisions to this file")->type_name("FILE");
    add("--oracle-losses", options.spec.oracleLosses, "held-out losses of another run to compare the decisions with")
        ->type_name("FILE");
    add("--checkpoints", options.spec.checkpoints, "keep finished blocks in this folder")->type_name("DIR");
    verb.add_flag("--resume", training.resume, "go on from the finished blocks in it")->group(kGroup);
    add("--blocks", options.blocks, "only blocks A to B-1; the plan follows when all are there")
        ->check(blockRange())
        ->type_name("A:B");
}

void describeSelect(CLI::App& verb, SelectOptions& options)
{
    addModelArgument(verb, options.spec.model);
    verb.add_option("--method", options.method, "how the kinds are chosen")
        ->check(CLI::IsMember({"kurtosis", "search", "all-affine", "all-rotation", "all-hadamard", "all-identity"}))
        ->capture_default_str();
    verb.add_option("--profile", options.spec.ruleFile, "the kurtosis rule to use instead of the one shipped")
        ->type_name("FILE");
    verb.add_option("--statistic", options.statistic, "what the rule looks at, where the profile does not say")
        ->check(CLI::IsMember({"weights", "weights-pooled", "norm-output", "absmax-ratio"}));
    verb.add_option("--text", options.spec.text,
                    "where the rule looks at activations; what the search trains on and holds out from")
        ->type_name("TEXT");
    verb.add_option("--tokens", options.spec.tokens, "how many of its tokens")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb.add_option("--set", options.overrides, "decide one module yourself, e.g. 3.mlp=rotation; again for others")
        ->check(moduleAndKind())
        ->type_name("MODULE=KIND")
        ->expected(1)
        ->take_all();
    addSchemeOptions(verb, options.spec.scheme);
    verb.add_option("--set-bits", options.moduleBits,
                    "bits of one module, e.g. 3.mlp=8/8 or 0.attention=8/8/4/4; again for others")
        ->check(moduleAndBits())
        ->type_name("MODULE=W/A/K/V")
        ->expected(1)
        ->take_all();
    const auto ends = [&](const char* name, int& value, const char* what) {
        verb.add_option(name, value, what)->check(CLI::NonNegativeNumber)->capture_default_str();
    };
    ends("--keep-first", options.spec.keepFirst, "blocks at the beginning that stay at --keep-bits");
    ends("--keep-last", options.spec.keepLast, "blocks at the end that do");
    verb.add_option("--keep-bits", options.spec.keepBits, "bits of these blocks")
        ->check(bitCount())
        ->capture_default_str();
    verb.add_option("--kronecker", options.kronecker, "how sizes are split into two factors")
        ->check(CLI::IsMember({"balanced", "fermat"}))
        ->capture_default_str();
    verb.add_option("--out", options.out, "write the plan to this file")->type_name("FILE");
    describeSearch(verb, options);
}

void describeCalibrate(CLI::App& verb, CalibrateOptions& options)
{
    auto& training = options.spec.options;
    addModelArgument(verb, options.spec.model);
    verb.add_option("--plan", options.planFile, "the plan, as select writes it")->required()->type_name("FILE");
    verb.add_option("--text", options.spec.text, "the text to calibrate on")->required()->type_name("TEXT");
    verb.add_option("--out", options.spec.out, "the bundle's folder")->required()->type_name("DIR");
    const auto count = [&](const char* name, int& value, const char* what) {
        verb.add_option(name, value, what)->check(CLI::PositiveNumber)->capture_default_str();
    };
    count("--samples", training.samples, "windows drawn from the text");
    count("--seqlen", training.seqlen, "tokens of a window");
    verb.add_option("--epochs", training.epochs, "passes over the windows; 0: the start parameters")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    count("--batch", training.batch, "windows in a step");
    verb.add_option("--micro-batch", training.microBatch,
                    "windows of a step that go through the block at once, to save memory; 0: as many as it holds")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    const auto rate = [&](const char* name, double& value, const char* what) {
        verb.add_option(name, value, what)->check(CLI::NonNegativeNumber)->capture_default_str();
    };
    rate("--lr", training.learningRate, "learning rate of matrices and channel scales");
    rate("--clip-lr", training.clipLearningRate, "learning rate of the clips");
    rate("--weight-decay", training.weightDecay, "weight decay");
    rate("--scale-alpha", training.scaleAlpha, "start of the channel scale: wmax^(1-a) / xmax^a");
    verb.add_option("--precision", options.precision, "of the training passes")
        ->check(CLI::IsMember({"fp32", "bf16"}))
        ->capture_default_str();
    verb.add_option("--finish", options.finish, "how weights are rounded at the end")
        ->check(CLI::IsMember({"rtn", "gptq"}))
        ->capture_default_str();
    verb.add_option("--inverse", options.affineForm,
                    "affine matrices: svd: U diag(exp t) V^T; direct: a free matrix, inverted in float64")
        ->check(CLI::IsMember({"svd", "direct"}))
        ->capture_default_str();
    verb.add_option("--diag-init", options.scaleStart, "start of the channel scale: by weights and inputs, or 1")
        ->check(CLI::IsMember({"sq_style", "one"}))
        ->capture_default_str();
    verb.add_flag("--share-act-clip,--share-clips", options.shareClips,
                  "one activation clip for each shared input (q, k, v; gate, up)");
    verb.add_option("--clip", options.clipping,
                    "learned: clips of weights, activations and caches are trained; none: plain rounding")
        ->check(CLI::IsMember({"learned", "none"}))
        ->capture_default_str();
    verb.add_option("--rotation-form", options.rotationForm,
                    "two-factor: random start; hadamard-start, hadamard-two-factor: from a signed Hadamard matrix; "
                    "-unscaled behind any: without a channel scale. Of modules whose plan names no form")
        ->check(rotationForm())
        ->capture_default_str();
    verb.add_flag("--resume", training.resume, "keep blocks that are finished in the folder");
    verb.add_flag("--preflight", options.preflight,
                  "only estimate memory, disk and time; exit code 1 where it will not fit");
    verb.add_flag("--check-invariance", options.checkInvariance,
                  "then prove that without quantizers the function is as before; exit code 1 where it is not");
    verb.add_flag("--guard", options.guard,
                  "calibrate all-affine and all-rotation too (DIR.guard) and say which is best on text kept aside");
    verb.add_option("--guard-text", options.guardSpec.text,
                    "the text to compare on; without it the last tenth of the calibration text")
        ->type_name("TEXT");
    verb.add_option("--blocks", options.blocks, "only blocks A to B-1")->check(blockRange())->type_name("A:B");
}

void describeQuantize(CLI::App& verb, QuantizeOptions& options)
{
    addModelArgument(verb, options.model);
    verb.add_option("--recipe", options.recipe, "JSON: method or plan, scheme, calibration, evaluation")
        ->required()
        ->type_name("FILE");
    verb.add_option("--out", options.out, "the bundle's folder")->required()->type_name("DIR");
}

} // namespace

void addQuantizeVerbs(CLI::App& app, Program& program)
{
    addVerb<SelectOptions>(app, program, "select", "choose each module's transform: a plan", describeSelect, select);
    addVerb<CalibrateOptions>(app, program, "calibrate", "train transforms and clips by a plan: a quantized bundle",
                              describeCalibrate, calibrate);
    addVerb<QuantizeOptions>(app, program, "quantize", "all phases by one recipe file; run again to go on",
                             describeQuantize, quantize);
}

} // namespace cli
