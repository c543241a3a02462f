// SPDX-License-Identifier: Apache-2.0
#include "core/select/rule_file.h"

#include "core/base/error.h"

#include <array>
#include <cmath>

namespace core {

namespace {

constexpr int kSchema = 1;
constexpr std::array<std::pair<std::string_view, GroupRule::Mode>, 4> kModes{
    {{"constant", GroupRule::Mode::Constant},
     {"threshold", GroupRule::Mode::Threshold},
     {"two-sided", GroupRule::Mode::TwoSided},
     {"top-fraction", GroupRule::Mode::TopFraction}}};

Json groupToJson(const GroupRule& rule)
{
    std::string_view mode;
    for (const auto& [text, value] : kModes)
        if (value == rule.mode)
            mode = text;
    return {{"mode", mode}, {"sign", rule.sign}, {"beta", rule.beta}, {"kind", toString(rule.constantKind)}};
}

GroupRule groupFromJson(const Json& json, const std::string& name)
{
    for (const auto& [key, value] : json.items())
        if (key != "mode" && key != "sign" && key != "beta" && key != "kind")
            throw Error(ErrorKind::Corrupt, "unknown key '" + key + "' in a group of the kurtosis profile", name);
    GroupRule rule;
    const auto mode = json.at("mode").get<std::string>();
    bool known = false;
    for (const auto& [text, value] : kModes)
        if (text == mode) {
            rule.mode = value;
            known = true;
        }
    if (!known)
        throw Error(ErrorKind::Corrupt, "'" + mode + "' is no mode: constant, threshold, two-sided or top-fraction",
                    name);
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
    return rule;
}

} // namespace

Json ruleToJson(const KurtosisRule& rule)
{
    return {{"schema", kSchema},
            {"attention", groupToJson(rule.attention)},
            {"mlp", groupToJson(rule.mlp)},
            {"calibrated", rule.calibrated},
            {"evidence", rule.evidence}};
}

KurtosisRule ruleFromJson(const Json& json, const std::string& name)
{
    try {
        if (const auto schema = json.at("schema").get<int>(); schema != kSchema)
            throw Error(ErrorKind::Unsupported,
                        "kurtosis profile of schema " + std::to_string(schema) + ", this program reads 1", name);
        KurtosisRule rule;
        rule.attention = groupFromJson(json.at("attention"), name);
        rule.mlp = groupFromJson(json.at("mlp"), name);
        rule.calibrated = json.value("calibrated", false);
        rule.evidence = json.value("evidence", "");
        return rule;
    } catch (const nlohmann::json::exception& error) {
        throw Error(ErrorKind::Corrupt, std::string("kurtosis profile: ") + error.what(), name);
    }
}

KurtosisRule readKurtosisRule(const std::filesystem::path& path)
{
    return ruleFromJson(readJson(path), path.string());
}

void writeKurtosisRule(const std::filesystem::path& path, const KurtosisRule& rule)
{
    writeFileAtomically(path, ruleToJson(rule).dump(1) + "\n");
}

} // namespace core
