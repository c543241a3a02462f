// SPDX-License-Identifier: Apache-2.0
// budget, what-if, check
#include "app/cli/arguments.h"
#include "app/cli/program.h"
#include "app/cli/table.h"
#include "core/session/analysis_json.h"

namespace cli {

namespace {

struct BudgetOptions
{
    core::BudgetSpec spec;
    std::string out;
};

std::string budgetText(const core::BudgetReport& report)
{
    Table table({"<module", "<kind", "KL", "+-", "loss increase", "+-", "output error"});
    const auto add = [&](const std::string& name, const std::string& kind, const core::QuantizationCost& cost,
                         const std::string& error) {
        table.add({name, kind, number(cost.kl, 4), number(cost.klStderr, 2), number(cost.lossIncrease, 4),
                   number(cost.lossIncreaseStderr, 2), error});
    };
    double sum = 0.0;
    for (const auto& module : report.modules) {
        add(core::toString(module.module), std::string(core::toString(module.kind)), module.cost,
            number(module.outputMse, 4));
        sum += module.cost.kl;
    }
    add("all together", "", report.whole, "");
    return table.text() + "nats a token over " + std::to_string(report.tokens) + " tokens; the modules' KL add up to "
        + number(sum, 4) + "\n";
}

Result budget(Program& program, const BudgetOptions& options)
{
    const auto report = program.session().budget(options.spec, program.progress());
    return {core::toJson(report), budgetText(report), options.out};
}

void describeBudget(CLI::App& verb, BudgetOptions& options)
{
    verb.add_option("BUNDLE", options.spec.bundle, "a bundle that calibrate wrote")->required()->type_name("DIR");
    verb.add_option("--reference", options.spec.reference, "the model it was made from")
        ->required()
        ->type_name("MODEL");
    verb.add_option("--text", options.spec.text, "the text to measure on")->required()->type_name("TEXT");
    verb.add_option("--seqlen", options.spec.seqlen, "tokens of a window; 0: the smaller of 2048 and the context")
        ->check(notNegative())
        ->capture_default_str();
    verb.add_option("--limit-tokens", options.spec.limitTokens, "only so many tokens of the text; 0: all")
        ->check(notNegative())
        ->capture_default_str();
    addJsonFileOption(verb, options.out);
    verb.footer(
        "JSON keys: modules [{module, kind, kl, kl_stderr, loss_increase, loss_increase_stderr, output_mse}], whole "
        "{kl, ...}, reference_loss, tokens.");
}

struct WhatIfOptions
{
    core::WhatIfSpec spec;
    std::string plan;
    std::string out;
};

std::string whatIfText(const core::WhatIf& report)
{
    Table table({"<" + core::toString(report.module), "error at start", "trained", "+-", "SQNR, dB",
                 "multiply-adds a token", "of the module's", "added", "time"});
    for (const auto& kind : report.kinds)
        table.add({std::string(core::toString(kind.kind)) + (report.planned == kind.kind ? " (planned)" : ""),
                   number(kind.errorStart, 4), number(kind.error, 4), number(kind.errorStderr, 2), number(kind.sqnr, 4),
                   number(kind.onlineMacs, 7), number(100.0 * kind.onlineShare, 3) + " %", bytes(kind.addedBytes),
                   seconds(kind.seconds)});
    return table.text() + std::to_string(report.steps) + " steps on " + std::to_string(report.trainedWindows)
        + " windows, measured on " + std::to_string(report.heldOutWindows)
        + " others; everything else at full precision\n";
}

Result whatIf(Program& program, const WhatIfOptions& options)
{
    auto spec = options.spec;
    spec.seed = program.options.seed;
    if (!options.plan.empty())
        spec.plan = program.session().readPlan(options.plan);
    const auto report = program.session().whatIf(spec, program.progress());
    return {core::toJson(report), whatIfText(report), options.out};
}

void describeWhatIf(CLI::App& verb, WhatIfOptions& options)
{
    auto& spec = options.spec;
    addModelArgument(verb, spec.model);
    addParsed(verb, "--module", spec.module, core::parseModuleId, "such as 3.mlp")->required()->type_name("MODULE");
    verb.add_option("--text", spec.text, "the text to train and measure on")->required()->type_name("TEXT");
    verb.add_option("--plan", options.plan, "take bits and sizes from this plan")->type_name("FILE");
    addSchemeOptions(verb, spec.scheme);
    addWord(verb, "--kronecker", spec.kronecker, core::kKroneckerRules, "how sizes are split into two factors");
    const auto count = [&](const char* name, int& value, const char* what) {
        verb.add_option(name, value, what)->check(positive())->capture_default_str();
    };
    count("--samples", spec.windows, "windows drawn from the text; a quarter of them is held out");
    count("--seqlen", spec.seqlen, "tokens of a window");
    count("--batch", spec.batch, "windows in a step");
    verb.add_option("--epochs", spec.epochs, "passes over the windows; 0: the transforms as they start")
        ->check(notNegative())
        ->capture_default_str();
    addRotationFormOption(verb, spec.rotationForm, "as in calibrate");
    addJsonFileOption(verb, options.out);
    verb.footer(
        "JSON keys: module, scheme, planned, trained_windows, held_out_windows, steps, kinds [{kind, "
        "output_error_start, output_error, output_error_stderr, sqnr_db, online_macs, online_share, added_bytes, "
        "seconds}].");
}

struct CheckOptions
{
    core::InvarianceSpec spec;
    std::string plan;
    std::string out;
};

Result check(Program& program, const CheckOptions& options)
{
    auto spec = options.spec;
    spec.seed = program.options.seed;
    if (!options.plan.empty())
        spec.plan = program.session().readPlan(options.plan);
    const auto report = program.session().checkInvariance(spec, program.progress());
    Result result{core::toJson(report), invarianceText(report), options.out};
    result.exitCode = report.holds() ? Program::kDone : Program::kFailed;
    return result;
}

void describeCheck(CLI::App& verb, CheckOptions& options)
{
    addModelArgument(verb, options.spec.model);
    auto* transforms = verb.add_option_group("transforms", "one of these");
    transforms->add_option("--plan", options.plan, "those of a plan, as they start")->type_name("FILE");
    transforms->add_option("--bundle", options.spec.bundle, "the trained ones of a bundle")->type_name("DIR");
    transforms->require_option(1);
    verb.add_option("--text", options.spec.text, "tokens to run; without, random ones")->type_name("TEXT");
    verb.add_option("--tokens", options.spec.tokens, "how many")->check(positive())->capture_default_str();
    addRotationFormOption(verb, options.spec.rotationForm, "as in calibrate");
    addJsonFileOption(verb, options.out);
    verb.footer("Exit code 1 where the function changed. JSON keys: holds, bound {float64, float32}, logits {float64, "
                "float32}, "
                "blocks [{block, attention, mlp, float64, float32, holds}], transforms, tokens.");
}

} // namespace

std::string invarianceText(const core::InvarianceReport& report)
{
    Table table({"block", "<attention", "<mlp", "float64", "float32"});
    for (const auto& block : report.blocks)
        table.add({std::to_string(block.block), std::string(core::toString(block.attention)),
                   std::string(core::toString(block.mlp)), number(block.output.float64, 3),
                   number(block.output.float32, 3)});
    table.add({"logits", "", "", number(report.logits.float64, 3), number(report.logits.float32, 3)});
    return table.text() + "largest difference over the largest value, quantizers off, " + std::to_string(report.tokens)
        + " tokens; bounds " + number(core::InvarianceReport::kBound64, 2) + " and "
        + number(core::InvarianceReport::kBound32, 2) + "\n"
        + (report.holds() ? "the transforms leave the function as it is\n" : "the transforms CHANGE the function\n");
}

void addCheckVerbs(CLI::App& app, Program& program)
{
    addVerb<BudgetOptions>(app, program, "budget", "what each module's quantization costs alone", describeBudget,
                           budget);
    addVerb<WhatIfOptions>(app, program, "what-if", "the kinds of transform side by side in one module", describeWhatIf,
                           whatIf);
    addVerb<CheckOptions>(app, program, "check", "do the transforms leave the model's function as it is?",
                          describeCheck, check);
}

} // namespace cli
