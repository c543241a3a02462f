// SPDX-License-Identifier: Apache-2.0
#include "core/export/folder_config.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace core {

namespace {

constexpr double kOriginalContext = 8192.0; // of every published Llama 3.1 to 3.3

std::string dtypeName(DType dtype)
{
    return dtype == DType::F16 ? "float16" : dtype == DType::BF16 ? "bfloat16" : "float32";
}

/** "LlamaForCausalLM" of model type "llama". */
std::string className(std::string modelType)
{
    modelType.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(modelType.front())));
    return modelType + "ForCausalLM";
}

double llama3Factor(double frequency, const RopeScaling& scaling)
{
    const double turns = scaling.originalContext * frequency / (2.0 * std::numbers::pi);
    const double blend =
        (turns - scaling.lowFrequencyFactor) / (scaling.highFrequencyFactor - scaling.lowFrequencyFactor);
    const double kept = std::clamp(blend, 0.0, 1.0);
    return 1.0 / ((1.0 - kept) / scaling.factor + kept);
}

} // namespace

std::optional<RopeScaling> llama3ScalingOf(const std::vector<double>& factors, double ropeTheta, double originalContext)
{
    if (factors.empty())
        return std::nullopt;
    RopeScaling scaling{.kind = RopeScaling::Kind::Llama3,
                        .factor = *std::max_element(factors.begin(), factors.end()),
                        .lowFrequencyFactor = 1.0,
                        .highFrequencyFactor = 4.0,
                        .originalContext = originalContext,
                        .factors = {}};
    const auto count = static_cast<double>(factors.size());
    for (std::size_t i = 0; i < factors.size(); ++i) {
        const double expected = llama3Factor(std::pow(ropeTheta, -static_cast<double>(i) / count), scaling);
        if (!(std::abs(factors[i] / expected - 1.0) < 1e-3))
            return std::nullopt;
    }
    return scaling;
}

Json folderConfig(const Json& bundleConfig, const ModelInfo& info, DType dtype, const std::string& name)
{
    auto config = bundleConfig;
    config[config.contains("dtype") ? "dtype" : "torch_dtype"] = dtypeName(dtype);
    if (!config.contains("architectures"))
        config["architectures"] = {className(config.value("model_type", "llama"))};
    if (config.value("eos_token_id", Json()) == Json::array())
        config.erase("eos_token_id");
    if (info.ropeScaling.kind == RopeScaling::Kind::Factors) {
        const auto scaling = llama3ScalingOf(info.ropeScaling.factors, info.ropeTheta, kOriginalContext);
        if (!scaling)
            throw Error(ErrorKind::Unsupported,
                        "the model's rope factors come from no scaling that config.json can name", name);
        config["rope_scaling"] = {{"rope_type", "llama3"},
                                  {"factor", scaling->factor},
                                  {"low_freq_factor", scaling->lowFrequencyFactor},
                                  {"high_freq_factor", scaling->highFrequencyFactor},
                                  {"original_max_position_embeddings", scaling->originalContext}};
    }
    return config;
}

} // namespace core
