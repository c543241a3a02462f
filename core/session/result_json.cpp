// SPDX-License-Identifier: Apache-2.0
#include "core/session/result_json.h"

#include "core/base/error.h"
#include "core/calibrate/calibration_json.h"
#include "core/select/plan_file.h"
#include "core/session/json_lists.h"

namespace core {

namespace {

Json histogramJson(const Histogram& histogram)
{
    auto edges = Json::array();
    const auto bins = histogram.counts.size();
    for (std::size_t i = 0; bins > 0 && i <= bins; ++i)
        edges.push_back(jsonNumber(
            histogram.low + (histogram.high - histogram.low) * static_cast<double>(i) / static_cast<double>(bins)));
    return {{"edges", edges}, {"counts", histogram.counts}, {"below", histogram.below}, {"above", histogram.above}};
}

Json modelJson(const ModelInfo& info)
{
    return {{"architecture", info.architecture},
            {"parameters", info.parameters},
            {"blocks", info.blocks},
            {"hidden", info.hidden},
            {"intermediate", info.intermediate},
            {"heads", info.heads},
            {"kv_heads", info.kvHeads},
            {"head_dim", info.headDim},
            {"vocab", info.vocab},
            {"context", info.context},
            {"dtype", std::string(toString(info.dtype))},
            {"bytes", info.bytes},
            {"tied_head", info.tiedHead}};
}

} // namespace

Json toJson(const ModelDescription& description)
{
    Json result{{"model", modelJson(description.info)}};
    result["tokenizer"] = description.tokenizerKind.empty()
        ? Json(nullptr)
        : Json{{"kind", description.tokenizerKind}, {"vocab", description.tokenizerVocab}};
    result["bundle"] = description.isBundle;
    if (description.isBundle) {
        result["plan"] = toJson(description.plan);
        result["calibration"] = toJson(description.calibration);
        result["provenance"] = toJson(description.origin);
    }
    auto tensors = Json::array();
    for (const auto& tensor : description.tensors)
        tensors.push_back({{"name", tensor.name},
                           {"dtype", tensor.dtype},
                           {"shape", tensor.shape},
                           {"bytes", tensor.bytes},
                           {"file", tensor.file}});
    result["tensors"] = std::move(tensors);
    return result;
}

Json toJson(const TokenizeResult& result)
{
    return {{"ids", result.ids}, {"pieces", result.pieces}};
}

Json toJson(const std::vector<ScoreResult>& results)
{
    auto entries = Json::array();
    for (const auto& result : results)
        entries.push_back(
            {{"logprobs", numbers(result.logprobs)}, {"sum", jsonNumber(result.sum)}, {"greedy", result.greedy}});
    return {{"results", entries}};
}

Json toJson(const Distribution& distribution)
{
    return {{"count", distribution.count},
            {"non_finite", distribution.nonFinite},
            {"mean", jsonNumber(distribution.mean)},
            {"std", jsonNumber(distribution.std)},
            {"min", jsonNumber(distribution.min)},
            {"max", jsonNumber(distribution.max)},
            {"absmax", jsonNumber(distribution.absmax)},
            {"kurtosis", jsonNumber(distribution.kurtosis)},
            {"histogram", histogramJson(distribution.histogram)}};
}

Json toJson(const LayerProfile& profile)
{
    Json result{{"layer", toString(profile.layer)}, {"dtype", profile.dtype}, {"shape", profile.shape}};
    result.update(toJson(profile.weight));
    return result;
}

Json toJson(const ModuleProfile& profile)
{
    return {{"module", toString(profile.module)},
            {"kurtosis", jsonNumber(profile.kurtosis)},
            {"robust_z", jsonNumber(profile.robustZ)}};
}

Json toJson(const SiteProfile& profile)
{
    Json result{{"site", toString(profile.site)}, {"tokens", profile.tokens}};
    result.update(toJson(profile.activation));
    result["channel_absmax"] = numbers(profile.activation.channelAbsmax);
    return result;
}

Json toJson(const Profile& profile)
{
    Json result{{"weights", list(profile.weights)}, {"modules", list(profile.modules)}};
    if (!profile.activations.empty())
        result["activations"] = list(profile.activations);
    result["warnings"] = profile.warnings;
    return result;
}

Json toJson(const Plan& plan)
{
    return planToJson(plan);
}

Json toJson(const BlockReport& report)
{
    return {{"block", report.block},
            {"error_start", jsonNumber(report.errorStart)},
            {"error_end", jsonNumber(report.errorEnd)},
            {"loss_trace", numbers(report.lossTrace)},
            {"seconds", jsonNumber(report.seconds)},
            {"warnings", report.warnings}};
}

Json toJson(const CalibrationReport& report)
{
    return reportToJson(report);
}

Json toJson(const BundleOrigin& origin)
{
    return {{"source", {{"path", origin.source}, {"hash", origin.sourceHash}}},
            {"plan_hash", origin.planHash},
            {"text", {{"path", origin.text}, {"sha256", origin.textHash}}},
            {"calibration", optionsToJson(origin.options)},
            {"version", origin.version},
            {"libtorch", origin.libtorch},
            {"device", origin.device},
            {"command", origin.command},
            {"time", origin.time}};
}

Json toJson(const ExportVerification& verified)
{
    return {{"max_abs_weight_difference", jsonNumber(verified.maxAbsWeightDifference)},
            {"perplexity_before", jsonNumber(verified.perplexityBefore)},
            {"perplexity_after", jsonNumber(verified.perplexityAfter)},
            {"tokens", verified.tokens},
            {"text", verified.text},
            {"text_hash", verified.textHash}};
}

Json toJson(const ExportOutlook& outlook)
{
    return {{"bytes", outlook.bytes}, {"lost", outlook.lost}};
}

Json toJson(const ExportResult& result)
{
    return {{"path", result.path},
            {"bytes", result.bytes},
            {"dtype", toString(result.dtype)},
            {"files", result.files},
            {"lost", result.lost},
            {"verified", result.verified ? toJson(*result.verified) : Json(nullptr)}};
}

static Json toJson(const std::vector<TokenAlternative>& alternatives)
{
    auto json = Json::array();
    for (const auto& token : alternatives)
        json.push_back({{"id", token.id}, {"text", token.text}, {"probability", jsonNumber(token.probability)}});
    return json;
}

Json toJson(const std::vector<BlockError>& errors)
{
    auto blocks = Json::array();
    for (const auto& error : errors)
        blocks.push_back({{"block", error.block},
                          {"relative_error", jsonNumber(error.atToken)},
                          {"typical", jsonNumber(error.typical)}});
    return {{"blocks", std::move(blocks)}};
}

Json toJson(const ChatResult& result)
{
    Json json{{"text", result.text},
              {"ids", result.ids},
              {"prompt_tokens", result.promptTokens},
              {"tokens_per_second", jsonNumber(result.tokensPerSecond)},
              {"stop_reason", result.stopReason}};
    if (!result.divergence.empty()) {
        auto tokens = Json::array();
        for (const auto& token : result.divergence) {
            tokens.push_back({{"id", token.id}, {"kl", jsonNumber(token.kl)}, {"other_top", token.otherTop}});
            if (!token.alternatives.empty()) {
                tokens.back()["alternatives"] = toJson(token.alternatives);
                tokens.back()["other_alternatives"] = toJson(token.otherAlternatives);
            }
        }
        json["divergence"] = std::move(tokens);
    }
    return json;
}

Json toJson(const DeviceList& devices)
{
    auto entries = Json::array();
    for (const auto& device : devices.devices)
        entries.push_back({{"name", device.name},
                           {"description", device.description},
                           {"memory_bytes", device.memoryBytes},
                           {"compute_capability", device.computeCapability},
                           {"driver", device.driver}});
    return {{"devices", entries}, {"why_no_cuda", devices.whyNoCuda}};
}

Json errorJson(std::string_view kind, std::string_view what, std::string_view context)
{
    return {{"error", {{"kind", kind}, {"what", what}, {"context", context}}}};
}

} // namespace core
