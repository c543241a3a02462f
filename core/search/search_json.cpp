// SPDX-License-Identifier: Apache-2.0
#include "core/search/search_json.h"

#include "core/base/error.h"
#include "core/calibrate/calibration_json.h"
#include "core/search/decisions.h"

#include <numeric>

namespace core {

namespace {

Json numbersToJson(const std::vector<double>& values)
{
    auto list = Json::array();
    for (const double value : values)
        list.push_back(jsonNumber(value));
    return list;
}

std::vector<double> numbersFromJson(const Json& json)
{
    std::vector<double> values;
    for (const auto& value : json)
        values.push_back(numberFromJson(value));
    return values;
}

Json gatePointToJson(const GatePoint& point)
{
    return {{"step", point.step},
            {"temperature", point.temperature},
            {"probabilities", numbersToJson(point.probabilities)}};
}

Json candidatesToJson(const std::vector<Candidate>& candidates)
{
    auto list = Json::array();
    for (const auto& candidate : candidates)
        list.push_back(toString(candidate));
    return list;
}

Json moduleToJson(const ModuleDecision& decision, const SearchResult& result)
{
    const auto nameOf = [&](int index) {
        return index < 0 ? Json(nullptr) : Json(toString(result.candidates[std::size_t(index)]));
    };
    auto candidates = Json::array();
    for (const auto& candidate : decision.candidates)
        candidates.push_back({{"candidate", toString(candidate.candidate)},
                              {"loss", jsonNumber(candidate.loss)},
                              {"difference", jsonNumber(candidate.difference)},
                              {"stderr", jsonNumber(candidate.stderror)},
                              {"probability", jsonNumber(candidate.probability)}});
    auto gates = Json::array();
    for (const auto& block : result.blocks)
        for (const auto& point : block.gates)
            if (point.module == decision.module)
                gates.push_back(gatePointToJson(point));
    return {{"module", toString(decision.module)},
            {"chosen", nameOf(decision.chosen)},
            {"by_held_out", nameOf(decision.byLoss)},
            {"by_gate", nameOf(decision.byGate)},
            {"disagree", decision.disagree},
            {"restart_spread", jsonNumber(decision.restartSpread)},
            {"margin", jsonNumber(decision.margin)},
            {"delta", jsonNumber(decision.delta)},
            {"delta_stderr", jsonNumber(decision.deltaStderror)},
            {"candidates", std::move(candidates)},
            {"gates", std::move(gates)}};
}

/** Mean held-out losses L_ij instead of every window. */
Json blockToJson(const BlockSearch& block)
{
    auto losses = Json::array();
    for (const auto& row : block.heldOut) {
        auto means = Json::array();
        for (const auto& windows : row)
            means.push_back(jsonNumber(std::accumulate(windows.begin(), windows.end(), 0.0) / double(windows.size())));
        losses.push_back(std::move(means));
    }
    return {{"block", block.block},
            {"held_out_loss", std::move(losses)},
            {"loss_trace", numbersToJson(block.lossTrace)},
            {"seconds", block.seconds},
            {"warnings", block.warnings}};
}

BlockSearch blockFromJson(const Json& json)
{
    BlockSearch block{.block = json.at("block").get<int>(),
                      .gates = {},
                      .lossTrace = numbersFromJson(json.at("loss_trace")),
                      .heldOut = {},
                      .seconds = json.at("seconds").get<double>(),
                      .warnings = json.at("warnings").get<std::vector<std::string>>()};
    for (const auto& row : json.at("held_out_loss")) {
        auto& list = block.heldOut.emplace_back();
        for (const auto& mean : row)
            list.push_back({numberFromJson(mean)});
    }
    return block;
}

/** The decision alone; its gates belong to the block. */
ModuleDecision moduleFromJson(const Json& json)
{
    ModuleDecision decision{.module = parseModuleId(json.at("module").get<std::string>()),
                            .candidates = {},
                            .restartSpread = numberFromJson(json.at("restart_spread")),
                            .margin = numberFromJson(json.at("margin")),
                            .delta = numberFromJson(json.at("delta")),
                            .deltaStderror = numberFromJson(json.at("delta_stderr")),
                            .disagree = json.at("disagree").get<bool>()};
    for (const auto& candidate : json.at("candidates"))
        decision.candidates.push_back({.candidate = parseCandidate(candidate.at("candidate").get<std::string>()),
                                       .loss = numberFromJson(candidate.at("loss")),
                                       .difference = numberFromJson(candidate.at("difference")),
                                       .stderror = numberFromJson(candidate.at("stderr")),
                                       .probability = numberFromJson(candidate.at("probability"))});
    const auto indexOf = [&](const char* key) {
        if (json.at(key).is_null())
            return -1;
        const auto named = parseCandidate(json.at(key).get<std::string>());
        for (std::size_t i = 0; i < decision.candidates.size(); ++i)
            if (decision.candidates[i].candidate == named)
                return int(i);
        throw Error(ErrorKind::Corrupt, std::string(key) + " names " + toString(named) + ", which is no candidate");
    };
    decision.chosen = indexOf("chosen");
    decision.byLoss = indexOf("by_held_out");
    decision.byGate = indexOf("by_gate");
    if (decision.chosen < 0)
        throw Error(ErrorKind::Corrupt, "a module has no chosen candidate");
    return decision;
}

void readGates(const Json& json, const ModuleId& module, std::vector<BlockSearch>& blocks)
{
    for (auto& block : blocks) {
        if (block.block != module.block)
            continue;
        for (const auto& gate : json)
            block.gates.push_back({module, gate.at("step").get<int>(), int(json.size()),
                                   gate.at("temperature").get<double>(), numbersFromJson(gate.at("probabilities"))});
    }
}

} // namespace

Json blockSearchToJson(const BlockSearch& block)
{
    auto gates = Json::array();
    for (const auto& point : block.gates) {
        auto json = gatePointToJson(point);
        json["module"] = toString(point.module);
        json["steps"] = point.steps;
        gates.push_back(std::move(json));
    }
    auto heldOut = Json::array();
    for (const auto& row : block.heldOut) {
        auto list = Json::array();
        for (const auto& windows : row)
            list.push_back(numbersToJson(windows));
        heldOut.push_back(std::move(list));
    }
    return {
        {"block", block.block},           {"gates", std::move(gates)}, {"loss_trace", numbersToJson(block.lossTrace)},
        {"held_out", std::move(heldOut)}, {"seconds", block.seconds},  {"warnings", block.warnings}};
}

BlockSearch blockSearchFromJson(const Json& json, const std::string& name)
{
    try {
        BlockSearch block{.block = json.at("block").get<int>(),
                          .gates = {},
                          .lossTrace = numbersFromJson(json.at("loss_trace")),
                          .heldOut = {},
                          .seconds = json.at("seconds").get<double>(),
                          .warnings = json.at("warnings").get<std::vector<std::string>>()};
        for (const auto& gate : json.at("gates"))
            block.gates.push_back({parseModuleId(gate.at("module").get<std::string>()), gate.at("step").get<int>(),
                                   gate.at("steps").get<int>(), gate.at("temperature").get<double>(),
                                   numbersFromJson(gate.at("probabilities"))});
        for (const auto& row : json.at("held_out")) {
            auto& list = block.heldOut.emplace_back();
            for (const auto& windows : row)
                list.push_back(numbersFromJson(windows));
        }
        return block;
    } catch (const nlohmann::json::exception& error) {
        throw Error(ErrorKind::Corrupt, std::string("search of a block: ") + error.what(), name);
    }
}

Json searchOptionsToJson(const SearchOptions& options)
{
    return {{"mode", wordFor(kSearchModes, options.mode)},
            {"candidates", candidatesToJson(withStarts(options.candidates, options.starts))},
            {"held_out_fraction", options.heldOutFraction},
            {"measure", wordFor(kHeldOutMeasures, options.measure)},
            {"gate_windows", options.gateWindows == GateWindows::HeldOut ? "held-out" : "training"},
            {"gate_learning_rate", options.gateLearningRate},
            {"temperature", {options.temperatureStart, options.temperatureEnd}},
            {"entropy", options.entropy},
            {"training", optionsToJson(options.training)}};
}

Json searchToJson(const SearchResult& result)
{
    auto json = searchOptionsToJson(result.options);
    json["decide_by"] = wordFor(kDecideBys, result.options.decideBy);
    auto modules = Json::array();
    for (const auto& decision : result.modules)
        modules.push_back(moduleToJson(decision, result));
    json["modules"] = std::move(modules);
    auto blocks = Json::array();
    for (const auto& block : result.blocks)
        blocks.push_back(blockToJson(block));
    json["blocks"] = std::move(blocks);
    json["agreement"] = result.agreement ? Json{{"modules", result.agreement->modules},
                                                {"equal_kinds", result.agreement->equalKinds},
                                                {"regret", jsonNumber(result.agreement->regret)}}
                                         : Json(nullptr);
    json["seconds"] = result.seconds;
    return json;
}

SearchResult searchFromJson(const Json& whole, const std::string& name)
{
    try {
        const auto& json = whole.contains("search") ? whole.at("search") : whole;
        SearchResult result;
        result.options.mode = valueOf(kSearchModes, json.at("mode").get<std::string>());
        result.options.decideBy = valueOf(kDecideBys, json.at("decide_by").get<std::string>());
        if (json.contains("measure"))
            result.options.measure = valueOf(kHeldOutMeasures, json["measure"].get<std::string>());
        if (json.contains("training"))
            result.options.training.seed = json["training"].at("seed").get<std::uint64_t>();
        result.options.candidates.clear();
        for (const auto& word : json.at("candidates")) {
            const auto& candidate = result.candidates.emplace_back(parseCandidate(word.get<std::string>()));
            if (candidate.start == 0)
                result.options.candidates.push_back(candidate);
        }
        for (const auto& block : json.at("blocks"))
            result.blocks.push_back(blockFromJson(block));
        for (const auto& module : json.at("modules")) {
            result.modules.push_back(moduleFromJson(module));
            readGates(module.at("gates"), result.modules.back().module, result.blocks);
        }
        if (const auto& agreement = json.at("agreement"); !agreement.is_null())
            result.agreement =
                SearchAgreement{agreement.at("modules").get<int>(), agreement.at("equal_kinds").get<int>(),
                                numberFromJson(agreement.at("regret"))};
        result.seconds = json.at("seconds").get<double>();
        result.plan = planOf(result.modules, result.options);
        return result;
    } catch (const nlohmann::json::exception& error) {
        throw Error(ErrorKind::Corrupt, std::string("this is no result of a search: ") + error.what(), name);
    } catch (const Error& error) {
        throw Error(ErrorKind::Corrupt, std::string("this is no result of a search: ") + error.what(), name);
    }
}

} // namespace core
