// SPDX-License-Identifier: Apache-2.0
#include "core/select/held_out_losses.h"

#include "core/base/error.h"
#include "core/select/plan_file.h"
#include "core/select/strict_json.h"

#include <algorithm>

namespace core {

namespace {

Json candidateToJson(const CandidateLoss& candidate)
{
    Json json = {{"kind", toString(candidate.kind)}};
    if (candidate.kind == TransformKind::Rotation)
        json["form"] = toString(candidate.form);
    json["start"] = candidate.start;
    json["loss"] = jsonNumber(candidate.loss);
    json["stderror"] = jsonNumber(candidate.stderror);
    return json;
}

CandidateLoss candidateFromJson(const Json& json, const std::string& name)
{
    requireKnownKeys(json, {"kind", "form", "start", "loss", "stderror"}, "a candidate", name);
    CandidateLoss candidate;
    candidate.kind = parseTransformKind(json.at("kind").get<std::string>());
    if (candidate.kind == TransformKind::Rotation)
        candidate.form = parseRotationForm(json.at("form").get<std::string>());
    else if (json.contains("form"))
        throw Error(ErrorKind::Corrupt, "a candidate of kind " + std::string(toString(candidate.kind)) + " has a form",
                    name);
    candidate.start = integerFromJson(json.at("start"), "start", name);
    candidate.loss = numberFromJson(json.at("loss"));
    candidate.stderror = numberFromJson(json.at("stderror"));
    if (candidate.start < 0 || candidate.loss < 0.0 || candidate.stderror < 0.0)
        throw Error(ErrorKind::Corrupt, "start, loss and stderror of a candidate cannot be negative", name);
    return candidate;
}

bool isSameCandidate(const CandidateLoss& a, const CandidateLoss& b)
{
    return a.kind == b.kind && a.form == b.form && a.start == b.start;
}

ModuleLosses moduleFromJson(const Json& json, const std::string& name)
{
    requireKnownKeys(json, {"module", "candidates"}, "an entry of modules", name);
    ModuleLosses module{.module = parseModuleId(json.at("module").get<std::string>()), .candidates = {}};
    const auto where = "module " + toString(module.module);
    for (const auto& entry : json.at("candidates")) {
        const auto candidate = candidateFromJson(entry, name + ", " + where);
        for (const auto& other : module.candidates)
            if (isSameCandidate(candidate, other))
                throw Error(ErrorKind::Corrupt,
                            where + " has " + std::string(toString(candidate.kind)) + " of start "
                                + std::to_string(candidate.start) + " twice",
                            name);
        module.candidates.push_back(candidate);
    }
    if (module.candidates.empty())
        throw Error(ErrorKind::Corrupt, where + " has no candidates", name);
    return module;
}

void sortModules(std::vector<ModuleLosses>& modules, const std::string& name)
{
    std::sort(modules.begin(), modules.end(),
              [](const ModuleLosses& a, const ModuleLosses& b) { return a.module < b.module; });
    for (std::size_t i = 1; i < modules.size(); ++i)
        if (modules[i].module == modules[i - 1].module)
            throw Error(ErrorKind::Corrupt, "module " + toString(modules[i].module) + " stands twice", name);
}

} // namespace

Json lossesToJson(const HeldOutLosses& losses)
{
    auto modules = Json::array();
    for (const auto& module : losses.modules) {
        auto candidates = Json::array();
        for (const auto& candidate : module.candidates)
            candidates.push_back(candidateToJson(candidate));
        modules.push_back({{"module", toString(module.module)}, {"candidates", candidates}});
    }
    return {{"schema", HeldOutLosses::kSchema},      {"model", losses.model}, {"family", losses.family},
            {"scheme", schemeToJson(losses.scheme)}, {"seed", losses.seed},   {"modules", modules}};
}

HeldOutLosses lossesFromJson(const Json& json, const std::string& name)
{
    try {
        if (const auto schema = integerFromJson(json.at("schema"), "schema", name); schema != HeldOutLosses::kSchema)
            throw Error(ErrorKind::Unsupported,
                        "held-out losses of schema " + std::to_string(schema) + ", this program reads "
                            + std::to_string(HeldOutLosses::kSchema),
                        name);
        requireKnownFileKeys(json, {"schema", "model", "family", "scheme", "seed", "modules"}, "the held-out losses",
                             name);
        HeldOutLosses losses{.model = json.at("model").get<std::string>(),
                             .family = json.at("family").get<std::string>(),
                             .scheme = schemeFromJson(json.at("scheme"), name),
                             .seed = 0,
                             .modules = {}};
        if (!json.at("seed").is_number_unsigned())
            throw Error(ErrorKind::Corrupt, "seed is not a whole number from 0", name);
        losses.seed = json["seed"].get<std::uint64_t>();
        for (const auto& module : json.at("modules"))
            losses.modules.push_back(moduleFromJson(module, name));
        sortModules(losses.modules, name);
        return losses;
    } catch (const nlohmann::json::exception& error) {
        throw Error(ErrorKind::Corrupt, std::string("held-out losses: ") + error.what(), name);
    } catch (const Error& error) {
        throw error.context().empty() ? Error(error.kind(), error.what(), name) : error;
    }
}

HeldOutLosses readHeldOutLosses(const std::filesystem::path& path)
{
    return lossesFromJson(readJson(path), path.string());
}

void writeHeldOutLosses(const std::filesystem::path& path, const HeldOutLosses& losses)
{
    writeFileAtomically(path, lossesToJson(losses).dump(1) + "\n");
}

} // namespace core
