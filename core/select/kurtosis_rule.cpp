// SPDX-License-Identifier: Apache-2.0
#include "core/select/kurtosis_rule.h"

#include "core/select/module_scores.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace core {

namespace {

std::string shortNumber(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", value);
    return text;
}

struct StatisticNames
{
    const char* word; // for a person
    const char* key;  // in a reason's numbers
};

StatisticNames namesOf(RuleStatistic statistic)
{
    switch (statistic) {
    case RuleStatistic::Weights: return {"kurtosis", "kurtosis"};
    case RuleStatistic::WeightsPooled: return {"pooled kurtosis", "pooled_kurtosis"};
    case RuleStatistic::NormOutput: return {"norm output kurtosis", "norm_output_kurtosis"};
    case RuleStatistic::AbsmaxRatio: return {"largest over median channel", "absmax_ratio"};
    }
    return {"", ""};
}

std::vector<bool> topModules(const GroupRule& rule, std::span<const double> z)
{
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < z.size(); ++i)
        if (!std::isnan(z[i]))
            order.push_back(i);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return rule.sign * z[a] > rule.sign * z[b]; });
    const auto wanted = std::size_t(std::max(0.0, std::round(rule.beta * double(z.size()))));
    std::vector<bool> passing(z.size());
    for (std::size_t i = 0; i < std::min(order.size(), wanted); ++i)
        passing[order[i]] = true;
    return passing;
}

std::string reasonText(const ModuleScore& score, const GroupRule& rule, bool calibrated, bool passes)
{
    const auto z = std::string(namesOf(rule.statistic).word) + " " + shortNumber(score.value) + ", robust z "
        + shortNumber(score.robustZ);
    switch (rule.mode) {
    case GroupRule::Mode::Constant:
        return calibrated ? "the profile asks for " + std::string(toString(rule.constantKind)) + " in every "
                + std::string(toString(score.module.kind)) + " module (" + z + " do not decide)"
                          : "uncalibrated profile: " + std::string(toString(rule.constantKind)) + " everywhere (" + z
                + " do not decide)";
    case GroupRule::Mode::Threshold:
        return z + (passes ? " passes " : " does not pass ") + "the threshold " + shortNumber(rule.sign * rule.beta)
            + (rule.sign > 0 ? " upwards" : " downwards");
    case GroupRule::Mode::TwoSided:
        return z + (passes ? " lies outside" : " lies within") + " +-" + shortNumber(rule.beta);
    case GroupRule::Mode::TopFraction:
        return z + (passes ? " is among" : " is not among") + " the " + shortNumber(100.0 * rule.beta) + " % "
            + (rule.sign > 0 ? "highest" : "lowest");
    }
    return z;
}

Choice decide(const ModuleScore& score, const GroupRule& rule, bool calibrated, bool passes)
{
    Choice choice{.module = score.module, .kind = {}, .origin = Origin::Automatic, .reason = {}, .automaticKind = {}};
    choice.reason.numbers = {{namesOf(rule.statistic).key, score.value}, {"robust_z", score.robustZ}};
    const bool constant = rule.mode == GroupRule::Mode::Constant;
    if (!constant)
        choice.reason.numbers.emplace_back("threshold", rule.beta);
    choice.kind = constant ? rule.constantKind : passes ? rule.passing : TransformKind::Affine;
    choice.automaticKind = choice.kind;
    choice.reason.text = std::isnan(score.robustZ) && !constant
        ? "affine, since the " + std::string(namesOf(rule.statistic).word) + " of this module is not a number"
        : reasonText(score, rule, calibrated, passes);
    return choice;
}

} // namespace

std::vector<bool> passingModules(const GroupRule& rule, std::span<const double> z)
{
    if (rule.mode == GroupRule::Mode::TopFraction)
        return topModules(rule, z);
    std::vector<bool> passing(z.size());
    for (std::size_t i = 0; i < z.size(); ++i) // comparisons with NaN are false
        passing[i] = rule.mode == GroupRule::Mode::Threshold ? rule.sign * z[i] > rule.beta
            : rule.mode == GroupRule::Mode::TwoSided         ? std::abs(z[i]) > rule.beta
                                                             : false;
    return passing;
}

Plan applyKurtosisRule(const Profile& profile, const KurtosisRule& rule, const QuantScheme& scheme)
{
    Plan plan;
    plan.method = "kurtosis";
    plan.scheme = scheme;
    for (const auto kind : {ModuleKind::Attention, ModuleKind::Mlp}) {
        const auto& groupRule = kind == ModuleKind::Attention ? rule.attention : rule.mlp;
        auto group = moduleScores(profile, groupRule.statistic);
        std::erase_if(group, [&](const ModuleScore& score) { return score.module.kind != kind; });
        std::vector<double> z;
        for (const auto& score : group)
            z.push_back(score.robustZ);
        const auto passing = passingModules(groupRule, z);
        for (std::size_t i = 0; i < group.size(); ++i)
            plan.modules.push_back(decide(group[i], groupRule, rule.calibrated, passing[i]));
    }
    std::sort(plan.modules.begin(), plan.modules.end(),
              [](const Choice& a, const Choice& b) { return a.module < b.module; });
    plan.warnings = profile.warnings; // few blocks, a kurtosis that is missing
    plan.warnings.insert(plan.warnings.end(), rule.warnings.begin(), rule.warnings.end());
    if (!rule.calibrated)
        plan.warnings.push_back(
            "the kurtosis profile is not calibrated for this model family and bit setting: kurtosis has not been "
            "shown to predict the better transform here");
    return plan;
}

} // namespace core
