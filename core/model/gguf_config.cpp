// SPDX-License-Identifier: Apache-2.0
#include "core/model/config.h"
#include "core/model/config_checks.h"

#include <algorithm>
#include <cmath>

namespace core {

ModelInfo infoFromGguf(const GgufFile& file, const std::string& name)
{
    const auto architecture = file.text("general.architecture").value_or("");
    if (architecture != "llama" && architecture != "qwen2" && architecture != "qwen3")
        throw Error(ErrorKind::Unsupported,
                    "GGUF architecture '" + architecture + "' is not supported: llama, qwen2 and qwen3 are", name);
    const auto size = [&](const std::string& key, std::optional<std::int64_t> otherwise = {}) -> std::int64_t {
        const auto value = file.integer(architecture + "." + key);
        if (!value && otherwise)
            return *otherwise;
        if (!value || *value < 1 || *value > kLargestSize)
            throw Error(ErrorKind::Corrupt,
                        "metadata key '" + architecture + "." + key + "' is "
                            + (value ? std::to_string(*value) : std::string("missing"))
                            + ", expected a whole number from 1 to 2^31 - 1",
                        name);
        return *value;
    };
    const auto positive = [&](const std::string& key, double otherwise) {
        const auto value = file.real(architecture + "." + key).value_or(otherwise);
        if (!std::isfinite(value) || value <= 0.0)
            throw Error(ErrorKind::Corrupt,
                        "metadata key '" + architecture + "." + key + "' is " + std::to_string(value)
                            + ", expected a number above 0",
                        name);
        return value;
    };
    ModelInfo info;
    info.architecture = architecture;
    info.blocks = blockCount(size("block_count"), name);
    info.hidden = size("embedding_length");
    info.intermediate = size("feed_forward_length");
    info.heads = size("attention.head_count");
    info.kvHeads = size("attention.head_count_kv", info.heads);
    info.headDim = size("attention.key_length", std::max<std::int64_t>(1, info.hidden / info.heads));
    info.context = size("context_length");
    if (const auto turned = size("rope.dimension_count", info.headDim); turned != info.headDim)
        throw Error(ErrorKind::Unsupported,
                    "heads of " + std::to_string(info.headDim) + " of which only " + std::to_string(turned)
                        + " turn (rope.dimension_count) are not supported",
                    name);
    info.normEps = positive("attention.layer_norm_rms_epsilon", 1e-5);
    info.ropeTheta = positive("rope.freq_base", 10000.0);
    info.headNorms = architecture == "qwen3";
    const auto scaling = file.text(architecture + ".rope.scaling.type").value_or("none");
    if (scaling == "linear" || scaling == "yarn") {
        info.ropeScaling.kind = scaling == "linear" ? RopeScaling::Kind::Linear : RopeScaling::Kind::Yarn;
        info.ropeScaling.factor = positive("rope.scaling.factor", 1.0);
        info.ropeScaling.originalContext = double(size("rope.scaling.original_context_length", info.context));
        info.ropeScaling.attentionFactor =
            info.ropeScaling.factor <= 1.0 ? 1.0 : 0.1 * std::log(info.ropeScaling.factor) + 1.0;
        if (scaling == "linear")
            info.ropeScaling.attentionFactor = 1.0;
    } else if (scaling != "none") {
        throw Error(ErrorKind::Unsupported,
                    "rope scaling '" + scaling + "' is not supported: none, linear and yarn are", name);
    }
    if (const auto window = file.integer(architecture + ".attention.sliding_window"); window && *window > 0)
        info.slidingWindow = *window;
    if (const auto bos = file.integer("tokenizer.ggml.bos_token_id"))
        info.bosId = static_cast<int>(*bos);
    if (const auto eos = file.integer("tokenizer.ggml.eos_token_id"))
        info.eosIds.push_back(static_cast<int>(*eos));
    checkHeads(info, name);
    return info;
}

} // namespace core
