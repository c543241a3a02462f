// SPDX-License-Identifier: Apache-2.0
#include "core/model/config.h"

#include "core/base/error.h"
#include "core/model/config_checks.h"

#include <algorithm>
#include <cmath>

namespace core {

namespace {

/** Reads keys of one JSON object with messages that name file and key. */
class Keys
{
public:
    Keys(const Json& object, std::string name)
        : m_object(object)
        , m_name(std::move(name))
    {
        if (!object.is_object())
            throw Error(ErrorKind::Corrupt, "configuration is not a JSON object", m_name);
    }

    const Json* find(const char* key) const
    {
        const auto it = m_object.find(key);
        return it == m_object.end() || it->is_null() ? nullptr : &*it;
    }

    double number(const char* key, std::optional<double> otherwise = {}) const
    {
        const auto* value = find(key);
        if (!value && otherwise)
            return *otherwise;
        if (!value || !value->is_number() || !std::isfinite(value->get<double>()))
            throw Error(ErrorKind::Corrupt, std::string("configuration key '") + key + "' must be a finite number",
                        m_name);
        return value->get<double>();
    }

    double positive(const char* key, std::optional<double> otherwise = {}) const
    {
        const double value = number(key, otherwise);
        if (value <= 0.0)
            throw Error(ErrorKind::Corrupt,
                        std::string("configuration key '") + key + "' is " + std::to_string(value)
                            + ", expected a number above 0",
                        m_name);
        return value;
    }

    /** A size: a whole number from 1 to 2^31 - 1. */
    std::int64_t size(const char* key, std::optional<std::int64_t> otherwise = {}) const
    {
        const double value = number(key, otherwise ? std::optional<double>(double(*otherwise)) : std::nullopt);
        if (value < 1 || value > kLargestSize || value != std::floor(value))
            throw Error(ErrorKind::Corrupt,
                        std::string("configuration key '") + key + "' is " + std::to_string(value)
                            + ", expected a whole number from 1 to 2^31 - 1",
                        m_name);
        return static_cast<std::int64_t>(value);
    }

    bool flag(const char* key, bool otherwise) const
    {
        const auto* value = find(key);
        if (!value)
            return otherwise;
        if (!value->is_boolean())
            throw Error(ErrorKind::Corrupt, std::string("configuration key '") + key + "' must be true or false",
                        m_name);
        return value->get<bool>();
    }

    std::string text(const char* key, const std::string& otherwise) const
    {
        const auto* value = find(key);
        return value && value->is_string() ? value->get<std::string>() : otherwise;
    }

    const std::string& name() const { return m_name; }

private:
    const Json& m_object;
    std::string m_name;
};

double yarnAttentionFactor(const Keys& scaling, double factor)
{
    if (scaling.find("attention_factor"))
        return scaling.positive("attention_factor");
    const auto magnitude = [&](double mscale) { return factor <= 1.0 ? 1.0 : 0.1 * mscale * std::log(factor) + 1.0; };
    if (scaling.find("mscale") && scaling.find("mscale_all_dim"))
        return magnitude(scaling.positive("mscale")) / magnitude(scaling.positive("mscale_all_dim"));
    return magnitude(1.0);
}

RopeScaling readRopeScaling(const Json& object, std::int64_t context, const std::string& name)
{
    const Keys keys(object, name);
    const auto type = keys.text("rope_type", keys.text("type", "default"));
    RopeScaling scaling;
    if (type == "default" || type == "dynamic") // dynamic changes nothing within the context, and none goes beyond it
        return scaling;
    scaling.factor = keys.positive("factor", type == "factors" ? std::optional(1.0) : std::nullopt);
    scaling.originalContext = keys.positive("original_max_position_embeddings", double(context));
    if (type == "linear") {
        scaling.kind = RopeScaling::Kind::Linear;
    } else if (type == "llama3") {
        scaling.kind = RopeScaling::Kind::Llama3;
        scaling.lowFrequencyFactor = keys.positive("low_freq_factor");
        scaling.highFrequencyFactor = keys.positive("high_freq_factor");
        if (scaling.highFrequencyFactor <= scaling.lowFrequencyFactor)
            throw Error(ErrorKind::Corrupt, "rope scaling has a high_freq_factor that is not above its low_freq_factor",
                        name);
    } else if (type == "yarn") {
        scaling.kind = RopeScaling::Kind::Yarn;
        scaling.betaFast = keys.positive("beta_fast", 32.0);
        scaling.betaSlow = keys.positive("beta_slow", 1.0);
        scaling.truncates = keys.flag("truncate", true);
        scaling.attentionFactor = yarnAttentionFactor(keys, scaling.factor);
    } else if (type == "factors") { // our own word for GGUF's rope_freqs
        scaling.kind = RopeScaling::Kind::Factors;
        for (const auto& factor : object.value("factors", Json::array()))
            scaling.factors.push_back(factor.is_number() ? factor.get<double>() : 0.0);
    } else {
        throw Error(ErrorKind::Unsupported,
                    "rope scaling '" + type + "' is not supported: default, dynamic, linear, llama3 and yarn are",
                    name);
    }
    return scaling;
}

void readEosIds(const Keys& keys, ModelInfo& info)
{
    if (const auto* eos = keys.find("eos_token_id")) {
        if (eos->is_number_integer())
            info.eosIds.push_back(eos->get<int>());
        else if (eos->is_array())
            for (const auto& id : *eos)
                if (id.is_number_integer())
                    info.eosIds.push_back(id.get<int>());
    }
    if (const auto* bos = keys.find("bos_token_id"); bos && bos->is_number_integer())
        info.bosId = bos->get<int>();
}

void readSlidingWindow(const Keys& keys, ModelInfo& info, const std::string& modelType)
{
    if (!keys.find("sliding_window"))
        return;
    const bool used = keys.flag("use_sliding_window", modelType == "mistral");
    if (!used)
        return;
    info.slidingWindow = keys.size("sliding_window");
    if (modelType == "mistral")
        return;
    const auto blocks = static_cast<std::size_t>(info.blocks);
    const auto* types = keys.find("layer_types");
    if (!types) {
        const double first = keys.number("max_window_layers", 28);
        for (int block = 0; block < info.blocks; ++block)
            info.slides.push_back(block >= first);
    } else {
        if (!types->is_array() || types->size() != blocks)
            throw Error(ErrorKind::Corrupt,
                        "configuration key 'layer_types' must list one type for each of the " + std::to_string(blocks)
                            + " blocks",
                        keys.name());
        for (const auto& type : *types) {
            if (type != "sliding_attention" && type != "full_attention")
                throw Error(ErrorKind::Unsupported,
                            "layer type " + type.dump() + " is not supported: full_attention and sliding_attention are",
                            keys.name());
            info.slides.push_back(type == "sliding_attention");
        }
    }
}

/** Which matrices have a bias is in transformers' code for the family, or for some a key. */
void readBiases(const Keys& keys, ModelInfo& info, const std::string& modelType)
{
    const bool ofAttention = (modelType == "llama" || modelType == "qwen3") && keys.flag("attention_bias", false);
    info.inputBiases = modelType == "qwen2" || ofAttention;
    info.outputBias = ofAttention;
    info.mlpBiases = modelType == "llama" && keys.flag("mlp_bias", false);
}

/** What would be read as if it meant nothing. */
void refuseWhatIsNotRead(const Keys& keys)
{
    if (const auto* quantization = keys.find("quantization_config"))
        throw Error(ErrorKind::Unsupported,
                    "the weights are quantized already (quant_method "
                        + (quantization->is_object() ? quantization->value("quant_method", Json("unknown")).dump()
                                                     : std::string("unknown"))
                        + "): a folder with weights in a float type is needed",
                    keys.name());
    if (const double share = keys.number("partial_rotary_factor", 1.0); share != 1.0)
        throw Error(ErrorKind::Unsupported,
                    "heads of which only a part turns (partial_rotary_factor " + std::to_string(share)
                        + ") are not supported",
                    keys.name());
}

} // namespace

ModelInfo infoFromConfig(const Json& config, const std::string& name)
{
    const Keys keys(config, name);
    ModelInfo info;
    const auto modelType = keys.text("model_type", "");
    if (const auto* names = keys.find("architectures");
        names && names->is_array() && !names->empty() && (*names)[0].is_string())
        info.architecture = (*names)[0].get<std::string>();
    if (modelType != "llama" && modelType != "mistral" && modelType != "qwen2" && modelType != "qwen3")
        throw Error(ErrorKind::Unsupported,
                    "model type '" + modelType + "' is not supported: llama, mistral, qwen2 and qwen3 are", name);
    if (info.architecture.empty())
        info.architecture = modelType;
    if (const auto act = keys.text("hidden_act", "silu"); act != "silu" && act != "swish")
        throw Error(ErrorKind::Unsupported, "activation '" + act + "' is not supported: silu is", name);
    refuseWhatIsNotRead(keys);

    info.hidden = keys.size("hidden_size");
    info.intermediate = keys.size("intermediate_size");
    info.blocks = blockCount(keys.size("num_hidden_layers"), name);
    info.heads = keys.size("num_attention_heads");
    info.kvHeads = keys.size("num_key_value_heads", info.heads);
    info.headDim =
        keys.size("head_dim", modelType == "qwen3" ? 128 : std::max<std::int64_t>(1, info.hidden / info.heads));
    info.vocab = keys.size("vocab_size");
    info.context = keys.size("max_position_embeddings", 2048);
    info.normEps = keys.positive("rms_norm_eps", 1e-6);
    info.ropeTheta = keys.positive("rope_theta", 10000.0);
    info.headNorms = modelType == "qwen3";
    info.tiedHead = keys.flag("tie_word_embeddings", false);
    for (const char* key : {"rope_parameters", "rope_scaling"})
        if (const auto* scaling = keys.find(key)) {
            info.ropeScaling = readRopeScaling(*scaling, info.context, name);
            if (scaling->contains("rope_theta"))
                info.ropeTheta = Keys(*scaling, name).positive("rope_theta");
            break;
        }
    readSlidingWindow(keys, info, modelType);
    readBiases(keys, info, modelType);
    readEosIds(keys, info);
    checkHeads(info, name);
    return info;
}

namespace {

Json ropeScalingToJson(const RopeScaling& scaling)
{
    switch (scaling.kind) {
    case RopeScaling::Kind::None: return nullptr;
    case RopeScaling::Kind::Linear: return {{"rope_type", "linear"}, {"factor", scaling.factor}};
    case RopeScaling::Kind::Llama3:
        return {{"rope_type", "llama3"},
                {"factor", scaling.factor},
                {"low_freq_factor", scaling.lowFrequencyFactor},
                {"high_freq_factor", scaling.highFrequencyFactor},
                {"original_max_position_embeddings", scaling.originalContext}};
    case RopeScaling::Kind::Yarn:
        return {{"rope_type", "yarn"},
                {"factor", scaling.factor},
                {"beta_fast", scaling.betaFast},
                {"beta_slow", scaling.betaSlow},
                {"truncate", scaling.truncates},
                {"attention_factor", scaling.attentionFactor},
                {"original_max_position_embeddings", scaling.originalContext}};
    case RopeScaling::Kind::Factors: return {{"rope_type", "factors"}, {"factors", scaling.factors}};
    }
    return nullptr;
}

} // namespace

Json configFromInfo(const ModelInfo& info)
{
    // GGUF's architecture names are Hugging Face's model types.
    Json config = {{"model_type", info.architecture},
                   {"hidden_size", info.hidden},
                   {"intermediate_size", info.intermediate},
                   {"num_hidden_layers", info.blocks},
                   {"num_attention_heads", info.heads},
                   {"num_key_value_heads", info.kvHeads},
                   {"head_dim", info.headDim},
                   {"vocab_size", info.vocab},
                   {"max_position_embeddings", info.context},
                   {"rms_norm_eps", info.normEps},
                   {"rope_theta", info.ropeTheta},
                   {"rope_scaling", ropeScalingToJson(info.ropeScaling)},
                   {"hidden_act", "silu"},
                   {"tie_word_embeddings", info.tiedHead},
                   {"eos_token_id", info.eosIds}};
    if (info.bosId)
        config["bos_token_id"] = *info.bosId;
    if (info.slidingWindow > 0) {
        config["sliding_window"] = info.slidingWindow;
        config["use_sliding_window"] = true;
        config["max_window_layers"] = 0;
        for (const bool slides : info.slides)
            config["layer_types"].push_back(slides ? "sliding_attention" : "full_attention");
    }
    if (info.architecture != "qwen2" && (info.inputBiases || info.outputBias))
        config["attention_bias"] = true;
    if (info.mlpBiases)
        config["mlp_bias"] = true;
    return config;
}

} // namespace core
