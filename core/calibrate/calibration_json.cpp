// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/calibration_json.h"

#include "core/base/error.h"
#include "core/base/ids.h"

namespace core {

namespace {

/** Runs a reader of JSON and names the file where it stumbles. */
template <typename Read>
auto reading(const std::string& name, const Read& read)
{
    try {
        return read();
    } catch (const nlohmann::json::exception& error) {
        throw Error(ErrorKind::Corrupt, std::string("calibration report: ") + error.what(), name);
    } catch (const Error& error) {
        throw error.context().empty() ? Error(error.kind(), error.what(), name) : error;
    }
}

PreflightReport preflightFromJson(const Json& json)
{
    PreflightReport report{.memory = json.at("memory_bytes").get<std::uint64_t>(),
                           .memoryAvailable = json.at("memory_available_bytes").get<std::uint64_t>(),
                           .disk = json.at("disk_bytes").get<std::uint64_t>(),
                           .diskAvailable = json.at("disk_available_bytes").get<std::uint64_t>(),
                           .seconds = json.at("seconds").get<double>(),
                           .stepSeconds = json.at("step_seconds").get<double>(),
                           .warnings = json.at("warnings").get<std::vector<std::string>>()};
    if (json.contains("measured")) {
        const auto& measured = json["measured"];
        report.measuredMemory = measured.at("memory_bytes").get<std::uint64_t>();
        report.measuredDisk = measured.at("disk_bytes").get<std::uint64_t>();
        report.measuredSeconds = measured.at("seconds").get<double>();
    }
    return report;
}

} // namespace

Json blockReportToJson(const BlockReport& report)
{
    auto trace = Json::array();
    for (const double loss : report.lossTrace)
        trace.push_back(jsonNumber(loss));
    Json json = {{"block", report.block},
                 {"error_start", jsonNumber(report.errorStart)},
                 {"error_end", jsonNumber(report.errorEnd)},
                 {"loss_trace", trace},
                 {"seconds", report.seconds},
                 {"warnings", report.warnings}};
    if (report.peakHostBytes > 0)
        json["peak_host_bytes"] = report.peakHostBytes;
    if (report.peakDeviceBytes > 0)
        json["peak_device_bytes"] = report.peakDeviceBytes;
    return json;
}

BlockReport blockReportFromJson(const Json& json, const std::string& name)
{
    return reading(name, [&] {
        BlockReport report;
        report.block = json.at("block").get<int>();
        report.errorStart = numberFromJson(json.at("error_start"));
        report.errorEnd = numberFromJson(json.at("error_end"));
        for (const auto& loss : json.at("loss_trace"))
            report.lossTrace.push_back(numberFromJson(loss));
        report.seconds = json.at("seconds").get<double>();
        report.peakHostBytes = json.value("peak_host_bytes", std::uint64_t(0));
        report.peakDeviceBytes = json.value("peak_device_bytes", std::uint64_t(0));
        report.warnings = json.at("warnings").get<std::vector<std::string>>();
        return report;
    });
}

Json preflightToJson(const PreflightReport& report)
{
    Json json = {{"memory_bytes", report.memory}, {"memory_available_bytes", report.memoryAvailable},
                 {"disk_bytes", report.disk},     {"disk_available_bytes", report.diskAvailable},
                 {"seconds", report.seconds},     {"step_seconds", report.stepSeconds},
                 {"fits", report.fits()},         {"warnings", report.warnings}};
    if (report.measuredSeconds > 0.0)
        json["measured"] = {{"memory_bytes", report.measuredMemory},
                            {"disk_bytes", report.measuredDisk},
                            {"seconds", report.measuredSeconds}};
    return json;
}

Json refineOptionsToJson(const RefineOptions& options)
{
    Json json = {{"candidates", Json::array()}, {"seqlen", options.seqlen}, {"tokens", options.tokens}};
    for (const auto& candidate : options.candidates)
        json["candidates"].push_back(toString(candidate));
    return json;
}

Json refinementToJson(const RefinementReport& report)
{
    auto swaps = Json::array();
    for (const auto& swap : report.swaps)
        swaps.push_back({{"module", toString(swap.module)},
                         {"from", toString(swap.from)},
                         {"to", toString(swap.to)},
                         {"kl", jsonNumber(swap.kl)},
                         {"difference", jsonNumber(swap.difference)},
                         {"stderr", jsonNumber(swap.stderror)},
                         {"kept", swap.kept}});
    return {{"kl_before", jsonNumber(report.klBefore)},
            {"kl_after", jsonNumber(report.klAfter)},
            {"tokens", report.tokens},
            {"seconds", report.seconds},
            {"swaps", swaps}};
}

RefinementReport refinementFromJson(const Json& json, const std::string& name)
{
    return reading(name, [&] {
        RefinementReport report;
        report.klBefore = numberFromJson(json.at("kl_before"));
        report.klAfter = numberFromJson(json.at("kl_after"));
        report.tokens = json.at("tokens").get<std::int64_t>();
        report.seconds = json.at("seconds").get<double>();
        for (const auto& swap : json.at("swaps"))
            report.swaps.push_back({parseModuleId(swap.at("module").get<std::string>()),
                                    parseCandidate(swap.at("from").get<std::string>()),
                                    parseCandidate(swap.at("to").get<std::string>()), numberFromJson(swap.at("kl")),
                                    numberFromJson(swap.at("difference")), numberFromJson(swap.at("stderr")),
                                    swap.at("kept").get<bool>()});
        return report;
    });
}

Json reportToJson(const CalibrationReport& report)
{
    auto blocks = Json::array();
    for (const auto& block : report.blocks)
        blocks.push_back(blockReportToJson(block));
    Json json = {{"blocks", blocks},
                 {"peak_memory_bytes", report.peakMemoryBytes},
                 {"bundle", report.bundle},
                 {"warnings", report.warnings}};
    if (report.preflight)
        json["preflight"] = preflightToJson(*report.preflight);
    if (report.refinement)
        json["refinement"] = refinementToJson(*report.refinement);
    for (const auto& entry : report.rounding)
        json["rounding"].push_back({{"layer", std::to_string(entry.block) + "." + entry.role},
                                    {"nearest", jsonNumber(entry.nearest)},
                                    {"gptq", jsonNumber(entry.gptq)}});
    return json;
}

CalibrationReport reportFromJson(const Json& json, const std::string& name)
{
    return reading(name, [&] {
        CalibrationReport report;
        for (const auto& block : json.at("blocks"))
            report.blocks.push_back(blockReportFromJson(block, name));
        report.peakMemoryBytes = json.at("peak_memory_bytes").get<std::uint64_t>();
        report.bundle = json.at("bundle").get<std::string>();
        if (json.contains("preflight"))
            report.preflight = preflightFromJson(json["preflight"]);
        if (json.contains("refinement"))
            report.refinement = refinementFromJson(json["refinement"], name);
        report.warnings = json.value("warnings", std::vector<std::string>());
        for (const auto& entry : json.value("rounding", Json::array())) {
            const auto layer = parseLayerId(entry.at("layer").get<std::string>());
            report.rounding.push_back({layer.block, std::string(toString(layer.role)),
                                       numberFromJson(entry.at("nearest")), numberFromJson(entry.at("gptq"))});
        }
        return report;
    });
}

Json optionsToJson(const CalibrationOptions& options)
{
    return {{"samples", options.samples},
            {"seqlen", options.seqlen},
            {"epochs", options.epochs},
            {"batch", options.batch},
            {"seed", options.seed},
            {"learning_rate", options.learningRate},
            {"clip_learning_rate", options.clipLearningRate},
            {"weight_decay", options.weightDecay},
            {"scale_alpha", options.scaleAlpha},
            {"precision", wordFor(kPrecisions, options.precision)},
            {"finish", wordFor(kFinishes, options.finish)},
            {"clipping", wordFor(kClippings, options.clipping)},
            {"clip_sharing", wordFor(kClipSharings, options.clipSharing)},
            {"inverse", wordFor(kAffineForms, options.affineForm)},
            {"diag_init", wordFor(kScaleStarts, options.scaleStart)},
            {"rotation_form", toString(options.rotationForm)}};
}

CalibrationOptions optionsFromJson(const Json& json, const std::string& name)
{
    return reading(name, [&] {
        CalibrationOptions options;
        options.samples = json.at("samples").get<int>();
        options.seqlen = json.at("seqlen").get<int>();
        options.epochs = json.at("epochs").get<int>();
        options.batch = json.at("batch").get<int>();
        options.seed = json.at("seed").get<std::uint64_t>();
        options.learningRate = json.at("learning_rate").get<double>();
        options.clipLearningRate = json.at("clip_learning_rate").get<double>();
        options.weightDecay = json.at("weight_decay").get<double>();
        options.scaleAlpha = json.at("scale_alpha").get<double>();
        options.precision = valueOf(kPrecisions, json.at("precision").get<std::string>());
        options.finish = valueOf(kFinishes, json.at("finish").get<std::string>());
        options.clipping = valueOf(kClippings, json.at("clipping").get<std::string>());
        options.clipSharing = valueOf(kClipSharings, json.at("clip_sharing").get<std::string>());
        options.affineForm = valueOf(kAffineForms, json.value("inverse", "svd"));
        options.scaleStart = valueOf(kScaleStarts, json.value("diag_init", "sq_style"));
        options.rotationForm = parseRotationForm(json.at("rotation_form").get<std::string>());
        return options;
    });
}

} // namespace core
