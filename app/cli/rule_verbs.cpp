// SPDX-License-Identifier: Apache-2.0
// fit-rule, probe
#include "app/cli/arguments.h"
#include "app/cli/program.h"
#include "app/cli/table.h"
#include "core/select/rule_file.h"

#include <cmath>

namespace cli {

namespace {

struct FitRuleOptions
{
    core::FitRuleSpec spec;
    std::string out;
};

std::string percent(double value)
{
    return std::isnan(value) ? "-" : number(100.0 * value, 3) + " %";
}

std::string ruleText(const core::GroupRule& rule)
{
    using Mode = core::GroupRule::Mode;
    const auto kind = std::string(core::toString(rule.passing));
    switch (rule.mode) {
    case Mode::Constant: return std::string(core::toString(rule.constantKind)) + " everywhere";
    case Mode::Threshold:
        return kind + (rule.sign > 0 ? " where z > " : " where z < ") + number(rule.sign * rule.beta, 3);
    case Mode::TwoSided: return kind + " where |z| > " + number(rule.beta, 3);
    case Mode::TopFraction: return kind + " for the " + percent(rule.beta) + (rule.sign > 0 ? " highest" : " lowest");
    }
    return {};
}

std::string groupText(const std::string& name, const core::GroupEvidence& group)
{
    Table table({"<" + name, "<against affine", "<best rule", "regret", "agreement", "rho", "p", "p, all tried"});
    for (const auto& fit : group.tried)
        table.add({std::string(core::wordFor(core::kRuleStatistics, fit.rule.statistic)),
                   std::string(core::toString(fit.rule.passing)), ruleText(fit.rule), percent(fit.regret),
                   percent(fit.agreement), number(fit.rho, 3), number(fit.pValue, 3), number(fit.pAdjusted, 3)});
    auto text = table.text() + "regret of all affine " + percent(group.regretAffine) + ", all rotation "
        + percent(group.regretRotation) + ", all hadamard " + percent(group.regretHadamard) + ", the profile "
        + percent(group.regret) + "\n";
    for (const auto& model : group.leftOut)
        text += "left out " + model.model + ": regret " + percent(model.regret) + ", all affine "
            + percent(model.regretAffine) + "\n";
    return text + name + ": " + ruleText(group.rule) + ". " + group.message + "\n";
}

Result fitRule(Program& program, const FitRuleOptions& options)
{
    auto spec = options.spec;
    spec.seed = program.options.seed;
    const auto profiles = program.session().fitRule(spec, program.progress());
    if (!options.out.empty())
        program.session().writeRules(options.out, profiles);
    std::string text;
    for (const auto& profile : profiles) {
        const auto& bits = profile.scheme;
        text += profile.family + ", W" + std::to_string(bits.weightBits) + "A" + std::to_string(bits.activationBits)
            + "K" + std::to_string(bits.keyBits) + "V" + std::to_string(bits.valueBits) + ", "
            + std::to_string(profile.models.size()) + " models\n" + groupText("attention", profile.attention) + "\n"
            + groupText("mlp", profile.mlp) + "\n";
    }
    auto json = core::ruleProfilesToJson(profiles);
    json.erase("schema"); // the result's own; the file's is another
    json["path"] = options.out;
    return {std::move(json), text, {}};
}

void describeFitRule(CLI::App& verb, FitRuleOptions& options)
{
    verb.add_option("LOSSES", options.spec.losses, "held-out losses of every candidate, as search writes them")
        ->required()
        ->type_name("FILE...");
    verb.add_option("--model", options.spec.models, "a model that they were measured on; again for others")
        ->required()
        ->expected(1)
        ->take_all()
        ->type_name("MODEL");
    verb.add_option("--text", options.spec.text, "also try statistics of the activations on this text")
        ->type_name("TEXT");
    verb.add_option("--tokens", options.spec.tokens, "how many of its tokens")
        ->check(positive())
        ->capture_default_str();
    addWord(verb, "--statistic", options.spec.statistic, core::kRuleStatistics, "only this one");
    verb.add_option("--out", options.out, "write the profile for select --profile to this file")->type_name("FILE");
    verb.footer(
        "JSON keys: profiles [{family, scheme, models, attention, mlp, calibrated, evidence, warnings, measured "
        "{attention, mlp {regret, agreement, tried [{rho, p_value, ...}], ...}}}], path.");
}

Result probe(Program& program, const core::ProbeSpec& spec)
{
    auto names = core::Json::array();
    std::string argument;
    for (const auto& module : program.session().probeModules(spec, program.progress())) {
        names.push_back(core::toString(module));
        argument += (argument.empty() ? "" : ",") + core::toString(module);
    }
    return {{{"modules", names}, {"argument", argument}}, argument + "\n", {}};
}

void describeProbe(CLI::App& verb, core::ProbeSpec& spec)
{
    addModelArgument(verb, spec.model);
    verb.add_option("--per-group", spec.perGroup, "modules of each kind")
        ->check(CLI::Range(2, 1000))
        ->capture_default_str();
    addWord(verb, "--statistic", spec.statistic, core::kRuleStatistics, "what they are ordered by");
    verb.add_option("--text", spec.text, "where the statistic needs activations")->type_name("TEXT");
    verb.add_option("--tokens", spec.tokens, "how many of its tokens")->check(positive())->capture_default_str();
    verb.footer("JSON keys: modules [names], argument (the same with commas, for select --modules).");
}

} // namespace

void addRuleVerbs(CLI::App& app, Program& program)
{
    addVerb<FitRuleOptions>(app, program, "fit-rule", "fit the kurtosis rule to what a search measured",
                            describeFitRule, fitRule);
    addVerb<core::ProbeSpec>(app, program, "probe", "which modules a small search should look at", describeProbe,
                             probe);
}

} // namespace cli
