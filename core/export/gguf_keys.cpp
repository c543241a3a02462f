// SPDX-License-Identifier: Apache-2.0
#include "core/export/gguf_keys.h"

#include "core/base/error.h"
#include "core/model/rope.h"
#include "core/tokenizer/pre_tokenizer.h"
#include "core/tokenizer/vocabulary.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace core {

namespace {

std::uint32_t number(std::int64_t value)
{
    return static_cast<std::uint32_t>(value);
}

void addYarn(const ModelInfo& info, const std::string& prefix, GgufEntries& keys)
{
    const auto& scaling = info.ropeScaling;
    // llama.cpp computes the factor of cos and sin from `factor` alone, and has its own default betas.
    const double expected = scaling.factor <= 1.0 ? 1.0 : 0.1 * std::log(scaling.factor) + 1.0;
    if (!scaling.truncates)
        throw Error(ErrorKind::Unsupported, "llama.cpp rounds the ends of yarn's ramp; this model does not");
    if (std::abs(scaling.attentionFactor - expected) > 1e-6 || scaling.betaFast != 32.0 || scaling.betaSlow != 1.0)
        throw Error(ErrorKind::Unsupported,
                    "GGUF carries yarn scaling with its default betas and attention factor; this model has "
                        + std::to_string(scaling.betaFast) + ", " + std::to_string(scaling.betaSlow) + " and "
                        + std::to_string(scaling.attentionFactor));
    keys.emplace_back(prefix + "rope.scaling.type", "yarn");
    keys.emplace_back(prefix + "rope.scaling.factor", static_cast<float>(scaling.factor));
    keys.emplace_back(prefix + "rope.scaling.original_context_length",
                      number(static_cast<std::int64_t>(scaling.originalContext)));
}

std::string splitName(const Vocabulary& vocabulary)
{
    if (const auto name = nameOfSplitPatterns(vocabulary.patterns))
        return *name;
    std::string patterns;
    for (const auto& pattern : vocabulary.patterns)
        patterns += (patterns.empty() ? "" : ", ") + pattern;
    throw Error(ErrorKind::Unsupported, "llama.cpp has no name for a tokenizer that splits at " + patterns);
}

void addSpecialIds(const Tokenizer& tokenizer, const Vocabulary& vocabulary, GgufEntries& keys)
{
    const auto add = [&](const char* name, std::optional<int> id) {
        if (id)
            keys.emplace_back("tokenizer.ggml." + std::string(name) + "_token_id", number(*id));
    };
    add("bos", vocabulary.bosId);
    add("eos", vocabulary.eosId);
    add("unknown", vocabulary.unknownId);
    const auto ends = tokenizer.endIds();
    if (ends.size() > 1) // the further one that ends a turn
        add("eot", ends.back());
    keys.emplace_back("tokenizer.ggml.add_bos_token", vocabulary.addsBos);
    keys.emplace_back("tokenizer.ggml.add_eos_token", vocabulary.addsEos);
    keys.emplace_back("tokenizer.ggml.add_space_prefix", vocabulary.prefixesSpace);
    if (!tokenizer.chatTemplate().empty())
        keys.emplace_back("tokenizer.chat_template", tokenizer.chatTemplate());
}

} // namespace

std::string ggufArchitecture(const std::string& modelType)
{
    if (modelType == "llama" || modelType == "mistral")
        return "llama";
    if (modelType == "qwen2" || modelType == "qwen3")
        return modelType;
    throw Error(ErrorKind::Unsupported, "GGUF has no architecture for the model type '" + modelType + "'");
}

GgufEntries modelKeys(const ModelInfo& info, const std::string& architecture)
{
    const auto prefix = architecture + ".";
    GgufEntries keys{{prefix + "block_count", number(info.blocks)},
                     {prefix + "context_length", number(info.context)},
                     {prefix + "embedding_length", number(info.hidden)},
                     {prefix + "feed_forward_length", number(info.intermediate)},
                     {prefix + "vocab_size", number(info.vocab)},
                     {prefix + "attention.head_count", number(info.heads)},
                     {prefix + "attention.head_count_kv", number(info.kvHeads)},
                     {prefix + "attention.key_length", number(info.headDim)},
                     {prefix + "attention.value_length", number(info.headDim)},
                     {prefix + "attention.layer_norm_rms_epsilon", static_cast<float>(info.normEps)},
                     {prefix + "rope.dimension_count", number(info.headDim)},
                     {prefix + "rope.freq_base", static_cast<float>(info.ropeTheta)}};
    if (info.slidingWindow > 0)
        keys.emplace_back(prefix + "attention.sliding_window", number(info.slidingWindow));
    if (info.ropeScaling.kind == RopeScaling::Kind::Linear) {
        keys.emplace_back(prefix + "rope.scaling.type", "linear");
        keys.emplace_back(prefix + "rope.scaling.factor", static_cast<float>(info.ropeScaling.factor));
    }
    if (info.ropeScaling.kind == RopeScaling::Kind::Yarn)
        addYarn(info, prefix, keys);
    return keys;
}

std::vector<float> ropeFactors(const ModelInfo& info)
{
    const auto kind = info.ropeScaling.kind;
    if (kind != RopeScaling::Kind::Llama3 && kind != RopeScaling::Kind::Factors)
        return {};
    auto plain = info;
    plain.ropeScaling = {};
    const auto factors = (ropeFrequencies(plain) / ropeFrequencies(info)).to(at::kFloat).contiguous();
    return {factors.const_data_ptr<float>(), factors.const_data_ptr<float>() + factors.numel()};
}

GgufEntries vocabularyKeys(const Tokenizer& tokenizer, std::int64_t rows)
{
    const auto vocabulary = tokenizer.vocabulary();
    if (std::ssize(vocabulary.tokens) > rows)
        throw Error(ErrorKind::Unsupported,
                    "the tokenizer has " + std::to_string(vocabulary.tokens.size()) + " ids, the embedding "
                        + std::to_string(rows) + " rows; GGUF has one for each");
    std::vector<std::string> pieces;
    std::vector<float> scores;
    std::vector<std::int32_t> types;
    for (std::int64_t id = 0; id < rows; ++id) {
        const bool isUsed = id < std::ssize(vocabulary.tokens) && !vocabulary.tokens[std::size_t(id)].piece.empty();
        const auto token = isUsed ? vocabulary.tokens[std::size_t(id)]
                                  : Vocabulary::Token{"[PAD" + std::to_string(id) + "]", PieceType::Unused};
        pieces.push_back(token.piece);
        scores.push_back(token.score);
        types.push_back(static_cast<std::int32_t>(token.type));
    }
    GgufEntries keys{{"tokenizer.ggml.model", vocabulary.byteLevel ? "gpt2" : "llama"}};
    keys.emplace_back("tokenizer.ggml.pre", vocabulary.byteLevel ? splitName(vocabulary) : "default");
    keys.emplace_back("tokenizer.ggml.tokens", std::move(pieces));
    if (!vocabulary.byteLevel)
        keys.emplace_back("tokenizer.ggml.scores", std::move(scores));
    keys.emplace_back("tokenizer.ggml.token_type", std::move(types));
    if (vocabulary.byteLevel)
        keys.emplace_back("tokenizer.ggml.merges", vocabulary.merges);
    addSpecialIds(tokenizer, vocabulary, keys);
    return keys;
}

} // namespace core
