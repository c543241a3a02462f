// SPDX-License-Identifier: Apache-2.0
// select
#include "app/cli/arguments.h"
#include "app/cli/program.h"
#include "app/cli/table.h"
#include "core/io/json.h"
#include "core/search/search_json.h"
#include "core/select/held_out_losses.h"
#include "core/session/result_json.h"

namespace cli {

namespace {

struct SelectOptions
{
    core::SelectSpec spec;
    std::string out;
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

Result search(Program& program, const SelectOptions& options)
{
    auto spec = options.spec;
    spec.search.training.seed = program.options.seed;
    if (spec.search.training.epochs == 0) // not given
        spec.search.training.epochs = spec.search.mode == core::SearchMode::Oracle ? 15 : 5;
    const auto result = program.session().search(spec, {}, program.progress());
    auto json = core::toJson(result.plan);
    json["search"] = core::searchToJson(result);
    const auto writes = [&](const std::string& file) { return !file.empty() && program.speaks(); };
    if (writes(options.lossesFile))
        core::writeHeldOutLosses(options.lossesFile, result.losses);
    if (writes(options.searchFile))
        core::writeFileAtomically(options.searchFile, json["search"].dump(1) + "\n");
    if (writes(options.out) && !result.modules.empty())
        program.session().writePlan(options.out, result.plan);
    return {json, planText(result.plan) + "\n" + searchText(result), {}};
}

Result select(Program& program, const SelectOptions& options)
{
    if (options.spec.method == core::SelectMethod::Search)
        return search(program, options);
    const auto plan = program.session().select(options.spec, program.progress());
    if (!options.out.empty() && program.speaks())
        program.session().writePlan(options.out, plan);
    return {core::toJson(plan), planText(plan), {}};
}

void describeSearch(CLI::App& verb, SelectOptions& options)
{
    constexpr auto kGroup = "Search (--method search)";
    auto& search = options.spec.search;
    auto& training = search.training;
    const auto add = [&](const char* name, auto& value, const char* what) {
        return verb.add_option(name, value, what)->group(kGroup);
    };
    add("--samples", training.samples, "windows drawn from the text")->check(positive())->capture_default_str();
    add("--seqlen", training.seqlen, "tokens of a window")->check(positive())->capture_default_str();
    training.epochs = 0;
    add("--epochs", training.epochs, "passes over the windows; default 5, of an oracle 15")->check(positive());
    add("--batch", training.batch, "windows in a step")->check(positive())->capture_default_str();
    addTrainingOptions(verb, training, kGroup);
    addParsed(verb, "--candidates", search.candidates, parseCandidates,
              "kinds to choose from, the default first: affine, rotation, rotation:FORM, hadamard, identity")
        ->default_str("affine,rotation")
        ->type_name("LIST")
        ->group(kGroup);
    addParsed(verb, "--modules", search.modules, parseModules,
              "search only these, e.g. 0.attention,3.mlp; the others keep the first candidate")
        ->type_name("LIST")
        ->group(kGroup);
    add("--starts", search.starts, "random starts of each candidate")->check(positive())->capture_default_str();
    addWord(verb, "--search-mode", search.mode, core::kSearchModes, "how candidates compete; oracle: --oracle")
        ->group(kGroup);
    verb.add_flag_callback(
            "--oracle", [&search] { search.mode = core::SearchMode::Oracle; },
            "no gates: train each candidate in full, in both modules of a block")
        ->group(kGroup);
    add("--margin", search.margin,
        "how much better another kind than the first must be, relative; without it twice the spread of the starts "
        "where there are several, else 0.03")
        ->check(CLI::Range(0.0, 0.99));
    addWord(verb, "--decide-by", search.decideBy, core::kDecideBys, "val: held-out losses; gate: the largest gate")
        ->group(kGroup);
    addWord(verb, "--measure", search.measure, core::kHeldOutMeasures,
            "what held-out windows measure of a candidate: error, of the block's output; kl, of the whole model's "
            "predictions (which it holds in memory)")
        ->group(kGroup);
    addWord(verb, "--gates-on", search.gateWindows, core::kGateWindows,
            "windows that move the gates: val (held out) or train (jointly)")
        ->group(kGroup);
    add("--losses-out", options.lossesFile, "write the held-out losses to this file")->type_name("FILE");
    add("--search-out", options.searchFile, "write gates, losses and decisions to this file")->type_name("FILE");
    add("--oracle-losses", options.spec.oracleLosses, "held-out losses of another run to compare the decisions with")
        ->type_name("FILE");
    add("--checkpoints", options.spec.checkpoints, "keep finished blocks in this folder")->type_name("DIR");
    verb.add_flag("--resume", training.resume, "go on from the finished blocks in it")->group(kGroup);
    addParsed(verb, "--blocks", training.blocks, parseRange,
              "only blocks A to B-1; the plan follows when all are there")
        ->type_name("A:B")
        ->group(kGroup);
}

void describeSelect(CLI::App& verb, SelectOptions& options)
{
    addModelArgument(verb, options.spec.model);
    addWord(verb, "--method", options.spec.method, core::kSelectMethods, "how the kinds are chosen");
    verb.add_option("--profile", options.spec.ruleFile, "the kurtosis rule to use instead of the one shipped")
        ->type_name("FILE");
    addWord(verb, "--statistic", options.spec.statistic, core::kRuleStatistics,
            "what the rule looks at, where the profile does not say");
    verb.add_option("--text", options.spec.text,
                    "where the rule looks at activations; what the search trains on and holds out from")
        ->type_name("TEXT");
    verb.add_option("--tokens", options.spec.tokens, "how many of its tokens")
        ->check(positive())
        ->capture_default_str();
    addParsedList(verb, "--set", options.spec.overrides, parseOverride,
                  "decide one module yourself, e.g. 3.mlp=rotation; again for others")
        ->type_name("MODULE=KIND");
    addSchemeOptions(verb, options.spec.scheme);
    addParsedList(verb, "--set-bits", options.spec.moduleBits, parseModuleAndBits,
                  "bits of one module, e.g. 3.mlp=8/8 or 0.attention=8/8/4/4; again for others")
        ->type_name("MODULE=W/A/K/V");
    const auto ends = [&](const char* name, int& value, const char* what) {
        verb.add_option(name, value, what)->check(notNegative())->capture_default_str();
    };
    ends("--keep-first", options.spec.keepFirst, "blocks at the beginning that stay at --keep-bits");
    ends("--keep-last", options.spec.keepLast, "blocks at the end that do");
    verb.add_option("--keep-bits", options.spec.keepBits, "bits of these blocks")
        ->check(bitCount())
        ->capture_default_str();
    addWord(verb, "--kronecker", options.spec.kronecker, core::kKroneckerRules, "how sizes are split into two factors");
    verb.add_option("--out", options.out, "write the plan to this file")->type_name("FILE");
    describeSearch(verb, options);
    verb.parse_complete_callback([&options] {
        if (options.spec.method == core::SelectMethod::Search && options.spec.text.empty())
            throw CLI::RequiredError("--method search trains on a text: --text");
    });
}

} // namespace

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

void addSelectVerb(CLI::App& app, Program& program)
{
    addVerb<SelectOptions>(app, program, "select", "choose each module's transform: a plan", describeSelect, select);
}

} // namespace cli
