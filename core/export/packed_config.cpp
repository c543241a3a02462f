// SPDX-License-Identifier: Apache-2.0
#include "core/export/packed_config.h"

#include "core/base/error.h"
#include "core/calibrate/block_transforms.h"
#include "core/select/plan_widths.h"

#include <algorithm>

namespace core {

namespace {

[[noreturn]] void refuse(PackedFormat format, const std::string& place, const std::string& why)
{
    throw Error(ErrorKind::Unsupported, place + ": " + std::string(wordFor(kPackedFormats, format)) + " " + why, {});
}

/** Words of 32 bits are filled by whole rows of 8 outputs (awq), or of inputs and of outputs (gptq). */
void checkSizes(PackedFormat format, const ModelInfo& info, const LayerId& layer, const QuantScheme& scheme)
{
    const auto [outputs, inputs] = matrixSize(info, layer.role);
    const bool fits = format == PackedFormat::CompressedTensors ? true
        : format == PackedFormat::Awq                           ? outputs % 8 == 0
                                      : inputs * scheme.weightBits % 32 == 0 && outputs * scheme.weightBits % 32 == 0;
    if (!fits)
        refuse(format, toString(layer),
               "packs whole words of 32 bits, and " + std::to_string(outputs) + " x " + std::to_string(inputs) + " of "
                   + std::to_string(scheme.weightBits) + " bits do not fill them");
}

void checkWidth(PackedFormat format, const std::string& place, const QuantScheme& scheme, const QuantScheme& first)
{
    const int bits = scheme.weightBits;
    if (format == PackedFormat::Awq && bits != 4 && bits != kFullPrecisionBits)
        refuse(format, place, "stores weights of 4 bits, these have " + std::to_string(bits));
    if (format == PackedFormat::Gptq && bits != 2 && bits != 3 && bits != 4 && bits != 8)
        refuse(format, place, "stores weights of 2, 3, 4 or 8 bits, these have " + std::to_string(bits));
    const bool same = bits == first.weightBits && scheme.weightGroup == first.weightGroup
        && scheme.weightAsymmetric == first.weightAsymmetric;
    if (format != PackedFormat::CompressedTensors && bits != kFullPrecisionBits && !same)
        refuse(format, place,
               "has one width, group and symmetry for the whole model; compressed-tensors has them by module");
}

/** The scheme of the first module that is quantized. */
QuantScheme firstPacked(const Plan& plan)
{
    for (const auto& choice : plan.modules)
        if (plan.schemeOf(choice.module).weightBits != kFullPrecisionBits)
            return plan.schemeOf(choice.module);
    throw Error(ErrorKind::Unsupported,
                "no module has quantized weights, so there is nothing to pack: hf writes a plain folder", {});
}

/** Layers at 16 bits, by name. */
std::vector<std::string> unquantized(const ModelInfo& info, const Plan& plan)
{
    std::vector<std::string> names;
    for (int block = 0; block < info.blocks; ++block)
        for (const auto role : kBlockRoles)
            if (plan.schemeOf({block, moduleOf(role)}).weightBits == kFullPrecisionBits)
                names.push_back(linearName(block, role));
    return names;
}

Json weightArguments(const QuantScheme& scheme)
{
    return {{"num_bits", scheme.weightBits},
            {"type", "int"},
            {"symmetric", !scheme.weightAsymmetric},
            {"strategy", scheme.weightGroup > 0 ? "group" : "channel"},
            {"group_size", scheme.weightGroup > 0 ? Json(scheme.weightGroup) : Json()},
            {"dynamic", false}};
}

/** One group of layers for each way in which weights are rounded. */
Json compressedTensorsConfig(const ModelInfo& info, const Plan& plan)
{
    auto groups = Json::object();
    std::vector<std::pair<Json, std::vector<std::string>>> ways;
    for (int block = 0; block < info.blocks; ++block)
        for (const auto role : kBlockRoles) {
            const auto& scheme = plan.schemeOf({block, moduleOf(role)});
            if (scheme.weightBits == kFullPrecisionBits)
                continue;
            const auto arguments = weightArguments(scheme);
            auto way =
                std::find_if(ways.begin(), ways.end(), [&](const auto& known) { return known.first == arguments; });
            if (way == ways.end())
                way = ways.emplace(ways.end(), arguments, std::vector<std::string>());
            way->second.push_back(linearName(block, role));
        }
    const bool everywhere = ways.size() == 1 && unquantized(info, plan).empty();
    for (const auto& [arguments, layers] : ways)
        groups["group_" + std::to_string(groups.size())] = {{"targets", everywhere ? Json{"Linear"} : Json(layers)},
                                                            {"weights", arguments},
                                                            {"input_activations", nullptr},
                                                            {"output_activations", nullptr}};
    auto ignored = unquantized(info, plan);
    ignored.push_back("lm_head");
    return {{"quant_method", "compressed-tensors"}, {"format", "pack-quantized"}, {"quantization_status", "compressed"},
            {"config_groups", std::move(groups)},   {"ignore", ignored},          {"kv_cache_scheme", nullptr},
            {"global_compression_ratio", nullptr}};
}

} // namespace

void checkCarries(PackedFormat format, const ModelInfo& info, const Plan& plan)
{
    const auto first = firstPacked(plan);
    for (int block = 0; block < info.blocks; ++block)
        for (const auto role : kBlockRoles) {
            const ModuleId module{block, moduleOf(role)};
            const auto* choice = plan.find(module);
            if (!choice || choice->kind != TransformKind::Identity)
                refuse(format, toString(module),
                       "has no place for a transform that runs while the model does, and this module is "
                           + std::string(choice ? toString(choice->kind) : "not in the plan")
                           + "; hf folds transforms back, or choose identity for all modules");
            const auto& scheme = plan.schemeOf(module);
            checkWidth(format, toString(module), scheme, first);
            if (scheme.weightBits != kFullPrecisionBits)
                checkSizes(format, info, {block, role}, scheme);
        }
}

Json quantizationConfig(PackedFormat format, const ModelInfo& info, const Plan& plan)
{
    const auto scheme = firstPacked(plan);
    const int group = scheme.weightGroup > 0 ? scheme.weightGroup : -1;
    switch (format) {
    case PackedFormat::CompressedTensors: return compressedTensorsConfig(info, plan);
    case PackedFormat::Gptq:
        return {{"quant_method", "gptq"},
                {"bits", scheme.weightBits},
                {"group_size", group},
                {"desc_act", false},
                {"sym", !scheme.weightAsymmetric},
                // Version 1 stores zero - 1, which an asymmetric zero of 0 does not survive.
                {"checkpoint_format", scheme.weightAsymmetric ? "gptq_v2" : "gptq"},
                {"lm_head", false},
                {"pack_dtype", "int32"}};
    case PackedFormat::Awq: {
        Json config{
            {"quant_method", "awq"}, {"bits", 4}, {"group_size", group}, {"zero_point", true}, {"version", "gemm"}};
        const auto plain = unquantized(info, plan);
        config["modules_to_not_convert"] = plain.empty() ? Json() : Json(plain);
        return config;
    }
    }
    throw Error(ErrorKind::Internal, "no such format");
}

} // namespace core
