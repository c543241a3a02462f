// SPDX-License-Identifier: Apache-2.0
#include "core/select/kurtosis_rule.h"

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

/** The modules of one group that the top-fraction mode gives to rotation. */
std::vector<ModuleId> topModules(const std::vector<ModuleProfile>& group, const GroupRule& rule)
{
    auto sorted = group;
    std::erase_if(sorted, [](const ModuleProfile& module) { return std::isnan(module.robustZ); });
    std::stable_sort(sorted.begin(), sorted.end(), [&](const ModuleProfile& a, const ModuleProfile& b) {
        return rule.sign * a.robustZ > rule.sign * b.robustZ;
    });
    const auto count =
        std::min<std::size_t>(sorted.size(), std::size_t(std::max(0.0, std::round(rule.beta * double(group.size())))));
    std::vector<ModuleId> ids;
    for (std::size_t i = 0; i < count; ++i)
        ids.push_back(sorted[i].module);
    return ids;
}

bool takesRotation(const ModuleProfile& module, const GroupRule& rule, const std::vector<ModuleId>& top)
{
    switch (rule.mode) {
    case GroupRule::Mode::Constant: return false;
    case GroupRule::Mode::Threshold: return rule.sign * module.robustZ > rule.beta;
    case GroupRule::Mode::TwoSided: return std::abs(module.robustZ) > rule.beta;
    case GroupRule::Mode::TopFraction: return std::find(top.begin(), top.end(), module.module) != top.end();
    }
    return false;
}

std::string reasonText(const ModuleProfile& module, const GroupRule& rule, bool calibrated, bool rotates)
{
    const auto z = "kurtosis " + shortNumber(module.kurtosis) + ", robust z " + shortNumber(module.robustZ);
    switch (rule.mode) {
    case GroupRule::Mode::Constant:
        return calibrated ? "the profile asks for " + std::string(toString(rule.constantKind)) + " in every "
                + std::string(toString(module.module.kind)) + " module"
                          : "uncalibrated profile: " + std::string(toString(rule.constantKind)) + " everywhere (" + z
                + " do not decide)";
    case GroupRule::Mode::Threshold:
        return z + (rotates ? " passes " : " does not pass ") + "the threshold " + shortNumber(rule.sign * rule.beta)
            + (rule.sign > 0 ? " upwards" : " downwards");
    case GroupRule::Mode::TwoSided:
        return z + (rotates ? " lies outside" : " lies within") + " +-" + shortNumber(rule.beta);
    case GroupRule::Mode::TopFraction:
        return z + (rotates ? " is among" : " is not among") + " the " + shortNumber(100.0 * rule.beta) + " % "
            + (rule.sign > 0 ? "highest" : "lowest");
    }
    return z;
}

Choice decide(const ModuleProfile& module, const GroupRule& rule, bool calibrated, const std::vector<ModuleId>& top)
{
    Choice choice{.module = module.module, .kind = {}, .origin = Origin::Automatic, .reason = {}, .automaticKind = {}};
    choice.reason.numbers = {{"kurtosis", module.kurtosis}, {"robust_z", module.robustZ}};
    if (rule.mode != GroupRule::Mode::Constant)
        choice.reason.numbers.emplace_back("threshold", rule.beta);
    const bool unknown = std::isnan(module.robustZ) && rule.mode != GroupRule::Mode::Constant;
    const bool rotates = !unknown && takesRotation(module, rule, top);
    choice.kind = rule.mode == GroupRule::Mode::Constant ? rule.constantKind
        : rotates                                        ? TransformKind::Rotation
                                                         : TransformKind::Affine;
    choice.automaticKind = choice.kind;
    choice.reason.text = unknown ? "affine, since the kurtosis of this module is not a number"
                                 : reasonText(module, rule, calibrated, rotates);
    return choice;
}

} // namespace

Plan applyKurtosisRule(const Profile& profile, const KurtosisRule& rule, const QuantScheme& scheme)
{
    Plan plan;
    plan.method = "kurtosis";
    plan.scheme = scheme;
    for (const auto kind : {ModuleKind::Attention, ModuleKind::Mlp}) {
        const auto& groupRule = kind == ModuleKind::Attention ? rule.attention : rule.mlp;
        std::vector<ModuleProfile> group;
        std::copy_if(profile.modules.begin(), profile.modules.end(), std::back_inserter(group),
                     [&](const ModuleProfile& module) { return module.module.kind == kind; });
        const auto top = topModules(group, groupRule);
        for (const auto& module : group)
            plan.modules.push_back(decide(module, groupRule, rule.calibrated, top));
    }
    std::sort(plan.modules.begin(), plan.modules.end(),
              [](const Choice& a, const Choice& b) { return a.module < b.module; });
    plan.warnings = profile.warnings; // few blocks, a kurtosis that is missing
    if (!rule.calibrated)
        plan.warnings.push_back(
            "the kurtosis profile is not calibrated for this model family and bit setting: kurtosis has not been "
            "shown to predict the better transform here");
    return plan;
}

} // namespace core
