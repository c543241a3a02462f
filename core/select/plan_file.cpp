// SPDX-License-Identifier: Apache-2.0
#include "core/select/plan_file.h"

#include "core/base/error.h"
#include "core/quant/quantizer.h"
#include "core/select/strict_json.h"

#include <algorithm>

namespace core {

namespace {

constexpr Words<Origin, 2> kOrigins{{{"automatic", Origin::Automatic}, {"user", Origin::User}}};

Json reasonToJson(const Reason& reason)
{
    Json json = {{"text", reason.text}};
    for (const auto& [key, value] : reason.numbers) {
        if (json.contains(key))
            throw Error(ErrorKind::Internal, "a reason holds '" + key + "' twice");
        json[key] = jsonNumber(value);
    }
    return json;
}

Reason reasonFromJson(const Json& json)
{
    Reason reason;
    for (const auto& [key, value] : json.items())
        if (key == "text")
            reason.text = value.get<std::string>();
        else
            reason.numbers.emplace_back(key, numberFromJson(value));
    return reason;
}

Json choiceToJson(const Choice& choice)
{
    Json json = {{"module", toString(choice.module)},
                 {"kind", toString(choice.kind)},
                 {"automatic_kind", toString(choice.automaticKind)},
                 {"origin", wordFor(kOrigins, choice.origin)},
                 {"reason", reasonToJson(choice.reason)}};
    if (choice.rotationForm)
        json["rotation_form"] = toString(*choice.rotationForm);
    if (choice.start > 0)
        json["start"] = choice.start;
    if (choice.seed)
        json["seed"] = *choice.seed;
    if (choice.scheme)
        json["scheme"] = schemeToJson(*choice.scheme);
    return json;
}

Choice choiceFromJson(const Json& json, const std::string& name)
{
    requireKnownKeys(
        json, {"module", "kind", "automatic_kind", "origin", "reason", "rotation_form", "start", "seed", "scheme"},
        "an entry of modules", name);
    Choice choice;
    choice.module = parseModuleId(json.at("module").get<std::string>());
    choice.kind = parseTransformKind(json.at("kind").get<std::string>());
    choice.automaticKind =
        json.contains("automatic_kind") ? parseTransformKind(json["automatic_kind"].get<std::string>()) : choice.kind;
    choice.origin = valueOf(kOrigins, json.at("origin").get<std::string>());
    if (json.contains("reason"))
        choice.reason = reasonFromJson(json["reason"]);
    if (json.contains("rotation_form"))
        choice.rotationForm = parseRotationForm(json["rotation_form"].get<std::string>());
    choice.start = json.contains("start") ? integerFromJson(json["start"], "start", name) : 0;
    if (choice.start < 0)
        throw Error(ErrorKind::Corrupt, "start " + std::to_string(choice.start) + " is below 0", name);
    if (json.contains("seed")) {
        if (!json["seed"].is_number_unsigned())
            throw Error(ErrorKind::Corrupt, "the seed of " + toString(choice.module) + " is not a whole number from 0",
                        name);
        choice.seed = json["seed"].get<std::uint64_t>();
    }
    if (json.contains("scheme"))
        choice.scheme = schemeFromJson(json["scheme"], name);
    return choice;
}

void checkModules(std::vector<Choice>& modules, const std::string& name)
{
    std::sort(modules.begin(), modules.end(), [](const Choice& a, const Choice& b) { return a.module < b.module; });
    for (std::size_t i = 0; i < modules.size(); ++i) {
        const ModuleId expected{int(i / 2), i % 2 == 0 ? ModuleKind::Attention : ModuleKind::Mlp};
        if (modules[i].module != expected)
            throw Error(ErrorKind::Corrupt,
                        "the plan has " + toString(modules[i].module) + " where " + toString(expected)
                            + " is expected: every block needs attention and mlp once",
                        name);
    }
    if (modules.empty() || modules.size() % 2 != 0)
        throw Error(ErrorKind::Corrupt,
                    "the plan lists " + std::to_string(modules.size()) + " modules: two for each block are needed",
                    name);
}

} // namespace

Json schemeToJson(const QuantScheme& scheme)
{
    return {{"weight_bits", scheme.weightBits},
            {"activation_bits", scheme.activationBits},
            {"key_bits", scheme.keyBits},
            {"value_bits", scheme.valueBits},
            {"weight_group", scheme.weightGroup},
            {"kv_group", scheme.kvGroup},
            {"weight_asymmetric", scheme.weightAsymmetric},
            {"activation_asymmetric", scheme.activationAsymmetric}};
}

QuantScheme schemeFromJson(const Json& json, const std::string& name)
{
    try {
        requireKnownKeys(json,
                         {"weight_bits", "activation_bits", "key_bits", "value_bits", "weight_group", "kv_group",
                          "weight_asymmetric", "activation_asymmetric"},
                         "scheme", name);
        const auto integer = [&](const char* key) { return integerFromJson(json.at(key), key, name); };
        QuantScheme scheme;
        scheme.weightBits = integer("weight_bits");
        scheme.activationBits = integer("activation_bits");
        scheme.keyBits = integer("key_bits");
        scheme.valueBits = integer("value_bits");
        scheme.weightGroup = json.contains("weight_group") ? integer("weight_group") : 0;
        scheme.kvGroup = json.contains("kv_group") ? integer("kv_group") : 0;
        const auto flag = [&](const char* key) { return json.contains(key) && json.at(key).get<bool>(); };
        scheme.weightAsymmetric = flag("weight_asymmetric");
        scheme.activationAsymmetric = flag("activation_asymmetric");
        checkScheme(scheme);
        return scheme;
    } catch (const nlohmann::json::exception& error) {
        throw Error(ErrorKind::Corrupt, std::string("scheme: ") + error.what(), name);
    }
}

Json planToJson(const Plan& plan)
{
    auto modules = Json::array();
    for (const auto& choice : plan.modules)
        modules.push_back(choiceToJson(choice));
    return {{"schema", Plan::kSchema},
            {"method", plan.method},
            {"model", plan.model},
            {"kronecker", wordFor(kKroneckerRules, plan.kronecker)},
            {"scheme", schemeToJson(plan.scheme)},
            {"modules", modules},
            {"warnings", plan.warnings}};
}

Plan planFromJson(const Json& json, const std::string& name)
{
    try {
        if (const auto schema = integerFromJson(json.at("schema"), "schema", name); schema != Plan::kSchema)
            throw Error(ErrorKind::Unsupported,
                        "plan of schema " + std::to_string(schema) + ", this program reads "
                            + std::to_string(Plan::kSchema),
                        name);
        // `search` stands beside the plan in the output of a search: what it was made from, which nothing executes.
        requireKnownFileKeys(json,
                             {"schema", "method", "model", "kronecker", "scheme", "modules", "warnings", "search"},
                             "the plan", name);
        Plan plan;
        plan.method = json.at("method").get<std::string>();
        plan.model = json.value("model", "");
        if (json.contains("kronecker"))
            plan.kronecker = valueOf(kKroneckerRules, json["kronecker"].get<std::string>());
        plan.scheme = schemeFromJson(json.at("scheme"), name);
        for (const auto& module : json.at("modules"))
            plan.modules.push_back(choiceFromJson(module, name));
        checkModules(plan.modules, name);
        if (json.contains("warnings"))
            plan.warnings = json["warnings"].get<std::vector<std::string>>();
        return plan;
    } catch (const nlohmann::json::exception& error) {
        throw Error(ErrorKind::Corrupt, std::string("plan: ") + error.what(), name);
    } catch (const Error& error) {
        throw error.context().empty() ? Error(error.kind(), error.what(), name) : error;
    }
}

Plan readPlan(const std::filesystem::path& path)
{
    return planFromJson(readJson(path), path.string());
}

void writePlan(const std::filesystem::path& path, const Plan& plan)
{
    writeFileAtomically(path, planToJson(plan).dump(1) + "\n");
}

} // namespace core
