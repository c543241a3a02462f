// SPDX-License-Identifier: Apache-2.0
#include "core/select/rule_file.h"

#include "core/base/error.h"
#include "core/select/embedded_rules.h"
#include "core/select/plan_file.h"
#include "core/select/strict_json.h"

#include <cmath>

namespace core {

namespace {

constexpr int kSingleSchema = 1;
constexpr int kFittedSchema = 2;

Json groupToJson(const GroupRule& rule)
{
    return {{"mode", wordFor(kRuleModes, rule.mode)},
            {"sign", rule.sign},
            {"beta", rule.beta},
            {"kind", toString(rule.constantKind)},
            {"statistic", wordFor(kRuleStatistics, rule.statistic)},
            {"passing", toString(rule.passing)}};
}

GroupRule groupFromJson(const Json& json, const std::string& name)
{
    requireKnownKeys(json, {"mode", "sign", "beta", "kind", "statistic", "passing"}, "a group of the kurtosis profile",
                     name);
    GroupRule rule;
    rule.mode = valueOf(kRuleModes, json.at("mode").get<std::string>());
    if (json.contains("sign")) {
        if (json["sign"] != 1 && json["sign"] != -1)
            throw Error(ErrorKind::Corrupt, "sign is " + json["sign"].dump() + ": 1 or -1", name);
        rule.sign = json["sign"].get<int>();
    }
    rule.beta = json.value("beta", rule.beta);
    if (!std::isfinite(rule.beta))
        throw Error(ErrorKind::Corrupt, "beta must be finite", name);
    if (json.contains("kind"))
        rule.constantKind = parseTransformKind(json["kind"].get<std::string>());
    if (json.contains("statistic"))
        rule.statistic = valueOf(kRuleStatistics, json["statistic"].get<std::string>());
    if (json.contains("passing"))
        rule.passing = parseTransformKind(json["passing"].get<std::string>());
    return rule;
}

KurtosisRule ruleFrom(const Json& json, const std::string& name)
{
    KurtosisRule rule;
    rule.attention = groupFromJson(json.at("attention"), name);
    rule.mlp = groupFromJson(json.at("mlp"), name);
    rule.calibrated = json.value("calibrated", false);
    rule.evidence = json.value("evidence", "");
    rule.warnings = json.value("warnings", std::vector<std::string>());
    return rule;
}

RuleSection sectionFromJson(const Json& json, const std::string& name)
{
    requireKnownKeys(
        json, {"family", "scheme", "models", "attention", "mlp", "calibrated", "evidence", "warnings", "measured"},
        "an entry of profiles", name);
    return {json.at("family").get<std::string>(), schemeFromJson(json.at("scheme"), name), ruleFrom(json, name)};
}

std::vector<RuleSection> fittedSections(const Json& json, const std::string& name)
{
    requireKnownFileKeys(json, {"schema", "profiles"}, "the kurtosis profile", name);
    std::vector<RuleSection> sections;
    for (const auto& entry : json.at("profiles")) {
        auto section = sectionFromJson(entry, name);
        for (const auto& other : sections)
            if (other.family == section.family && other.scheme == section.scheme)
                throw Error(ErrorKind::Corrupt,
                            "two profiles for " + section.family + " at " + schemeToJson(section.scheme).dump(), name);
        sections.push_back(std::move(section));
    }
    if (sections.empty())
        throw Error(ErrorKind::Corrupt, "the kurtosis profile has no profiles", name);
    return sections;
}

Json groupEvidenceToJson(const GroupEvidence& group)
{
    auto tried = Json::array();
    for (const auto& fit : group.tried) {
        auto row = groupToJson(fit.rule);
        row.update({{"regret", jsonNumber(fit.regret)},
                    {"agreement", fit.agreement},
                    {"rho", jsonNumber(fit.rho)},
                    {"p_value", fit.pValue},
                    {"p_adjusted", fit.pAdjusted},
                    {"exact", fit.exact},
                    {"predicts", fit.predicts}});
        tried.push_back(std::move(row));
    }
    auto leftOut = Json::array();
    for (const auto& model : group.leftOut)
        leftOut.push_back({{"model", model.model},
                           {"regret", jsonNumber(model.regret)},
                           {"regret_all_affine", jsonNumber(model.regretAffine)}});
    return {{"modules", group.modules},
            {"predicts", group.predicts},
            {"regret", jsonNumber(group.regret)},
            {"regret_oracle", 0.0},
            {"regret_all_affine", jsonNumber(group.regretAffine)},
            {"regret_all_rotation", jsonNumber(group.regretRotation)},
            {"regret_all_hadamard", jsonNumber(group.regretHadamard)},
            {"agreement", group.agreement},
            {"restart_spread", jsonNumber(group.restartSpread)},
            {"message", group.message},
            {"tried", tried},
            {"left_out", leftOut}};
}

} // namespace

std::vector<RuleSection> ruleSectionsFromJson(const Json& json, const std::string& name)
{
    try {
        const int schema = integerFromJson(json.at("schema"), "schema", name);
        if (schema == kFittedSchema)
            return fittedSections(json, name);
        if (schema != kSingleSchema)
            throw Error(ErrorKind::Unsupported,
                        "kurtosis profile of schema " + std::to_string(schema) + ", this program reads 1 and 2", name);
        return {{"", {}, ruleFrom(json, name)}};
    } catch (const nlohmann::json::exception& error) {
        throw Error(ErrorKind::Corrupt, std::string("kurtosis profile: ") + error.what(), name);
    } catch (const Error& error) {
        throw error.context().empty() ? Error(error.kind(), error.what(), name) : error;
    }
}

KurtosisRule readKurtosisRule(const std::filesystem::path& path, const std::string& family, const QuantScheme& scheme)
{
    std::string known;
    for (const auto& section : ruleSectionsFromJson(readJson(path), path.string())) {
        if (section.family.empty() || (section.family == family && section.scheme == scheme))
            return section.rule;
        known += (known.empty() ? "" : "; ") + section.family + " at " + schemeToJson(section.scheme).dump();
    }
    throw Error(ErrorKind::InvalidArgument,
                "the profile has nothing for " + family + " at " + schemeToJson(scheme).dump() + " (it has " + known
                    + "): fit one, or choose another method",
                path.string());
}

KurtosisRule shippedRule(const std::string& family, const QuantScheme& scheme)
{
    for (const auto& file : embeddedRules())
        for (const auto& section : ruleSectionsFromJson(parseJson(file.content, file.path), file.path))
            if (section.family == family && section.scheme == scheme)
                return section.rule;
    return {};
}

Json ruleProfilesToJson(const std::vector<RuleProfile>& profiles)
{
    auto entries = Json::array();
    for (const auto& profile : profiles) {
        const auto rule = profile.rule();
        entries.push_back(
            {{"family", profile.family},
             {"scheme", schemeToJson(profile.scheme)},
             {"models", profile.models},
             {"attention", groupToJson(rule.attention)},
             {"mlp", groupToJson(rule.mlp)},
             {"calibrated", rule.calibrated},
             {"evidence", rule.evidence},
             {"warnings", rule.warnings},
             {"measured",
              {{"attention", groupEvidenceToJson(profile.attention)}, {"mlp", groupEvidenceToJson(profile.mlp)}}}});
    }
    return {{"schema", kFittedSchema}, {"profiles", entries}};
}

void writeRuleProfiles(const std::filesystem::path& path, const std::vector<RuleProfile>& profiles)
{
    writeFileAtomically(path, ruleProfilesToJson(profiles).dump(1) + "\n");
}

} // namespace core
