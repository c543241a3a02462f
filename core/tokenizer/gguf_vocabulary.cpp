// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/gguf_vocabulary.h"

#include "core/base/error.h"
#include "core/io/gguf_reader.h"
#include "core/tokenizer/bpe_tokenizer.h"
#include "core/tokenizer/byte_pieces.h"
#include "core/tokenizer/sentencepiece_tokenizer.h"
#include "core/tokenizer/tokenizer.h"

#include <algorithm>

namespace core {
namespace {

template <typename T>
const T* arrayAt(const GgufFile& gguf, const char* key, const std::string& origin)
{
    const auto found = gguf.metadata.find(key);
    if (found == gguf.metadata.end())
        return nullptr;
    const T* array = std::get_if<T>(&found->second);
    if (!array)
        throw Error(ErrorKind::Corrupt, std::string("the key ") + key + " has an unexpected type", origin);
    return array;
}

std::vector<int> tokenTypes(const GgufFile& gguf, const std::string& origin)
{
    const auto found = gguf.metadata.find("tokenizer.ggml.token_type");
    if (found == gguf.metadata.end())
        return {};
    if (const auto* values = std::get_if<std::vector<std::int64_t>>(&found->second))
        return {values->begin(), values->end()};
    if (const auto* values = std::get_if<std::vector<std::uint64_t>>(&found->second))
        return {values->begin(), values->end()};
    throw Error(ErrorKind::Corrupt, "the key tokenizer.ggml.token_type holds no integers", origin);
}

std::optional<int> idAt(const GgufVocabulary& vocabulary, const char* key)
{
    const std::optional<std::int64_t> id = vocabulary.gguf.integer(key);
    if (!id || *id < 0 || *id >= static_cast<std::int64_t>(vocabulary.tokens.size()))
        return std::nullopt; // 2^32 - 1 stands for "none"
    return static_cast<int>(*id);
}

void requireLength(std::size_t length, const GgufVocabulary& vocabulary, const char* key)
{
    if (length != vocabulary.tokens.size())
        throw Error(ErrorKind::Corrupt,
                    std::string(key) + " has " + std::to_string(length) + " entries for "
                        + std::to_string(vocabulary.tokens.size()) + " tokens",
                    vocabulary.origin);
}

TokenizerSettings settingsOf(const GgufVocabulary& vocabulary)
{
    TokenizerSettings settings;
    settings.addBos = vocabulary.gguf.flag("tokenizer.ggml.add_bos_token");
    settings.addEos = vocabulary.gguf.flag("tokenizer.ggml.add_eos_token");
    settings.chatTemplate = vocabulary.gguf.text("tokenizer.chat_template").value_or("");
    settings.bosId = idAt(vocabulary, "tokenizer.ggml.bos_token_id");
    for (const char* key :
         {"tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id"}) {
        if (const std::optional<int> id = idAt(vocabulary, key))
            settings.endIds.push_back(*id);
    }
    if (settings.bosId)
        settings.bosToken = vocabulary.tokens[*settings.bosId];
    if (!settings.endIds.empty())
        settings.eosToken = vocabulary.tokens[settings.endIds.front()];
    return settings;
}

std::vector<AddedToken> addedTokensOf(const GgufVocabulary& vocabulary)
{
    std::vector<AddedToken> tokens;
    for (std::size_t id = 0; id < vocabulary.types.size(); ++id) {
        const PieceType type = vocabulary.type(id);
        if (type == PieceType::Control || type == PieceType::UserDefined)
            tokens.push_back(
                {.id = static_cast<int>(id), .content = vocabulary.tokens[id], .special = type == PieceType::Control});
    }
    return tokens;
}

bool isOneOf(std::string_view name, std::initializer_list<std::string_view> names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::shared_ptr<const Tokenizer> makeByteLevel(const GgufVocabulary& vocabulary)
{
    const auto form = byteLevelOf(vocabulary);
    BpeSpec spec;
    spec.pieces = vocabulary.tokens;
    spec.added = form.added;
    for (const std::string& pattern : form.patterns)
        spec.preTokenizer.addStep(pattern, SplitBehavior::Isolated, false, vocabulary.origin);
    if (form.composed)
        spec.normalizer.add(UnicodeForm::C);
    spec.ignoreMerges = form.ignoreMerges;
    spec.prependSpace = form.prependSpace;
    const std::unordered_map<std::string, int> ids = idsByPiece(spec);
    MergeReader reader(ids, vocabulary.origin);
    for (const std::string& rule : form.merges)
        reader.add(rule);
    spec.merges = reader.take();

    TokenizerFrame frame;
    const auto idOf = [&ids](const std::string& token) -> std::optional<int> {
        const auto found = ids.find(token);
        return found == ids.end() ? std::nullopt : std::optional(found->second);
    };
    frameFromSettings(vocabulary.settings, std::nullopt, std::nullopt, idOf, frame);
    if (frame.bos && form.addBos)
        frame.before.push_back(*frame.bos);
    if (frame.eos && form.addEos)
        frame.behind.push_back(*frame.eos);
    return makeBpe(std::move(spec), std::move(frame), vocabulary.origin);
}

} // namespace

SentencePieceModel sentencePieceModelOf(const GgufVocabulary& vocabulary)
{
    const auto* scores = arrayAt<std::vector<double>>(vocabulary.gguf, "tokenizer.ggml.scores", vocabulary.origin);
    if (!scores)
        throw Error(ErrorKind::Corrupt, "a llama vocabulary without tokenizer.ggml.scores", vocabulary.origin);
    requireLength(scores->size(), vocabulary, "tokenizer.ggml.scores");

    SentencePieceModel model;
    model.isBpe = true;
    model.addDummyPrefix = vocabulary.gguf.flag("tokenizer.ggml.add_space_prefix").value_or(true);
    model.removeExtraWhitespaces = vocabulary.gguf.flag("tokenizer.ggml.remove_extra_whitespaces").value_or(false);
    model.unknownId = idAt(vocabulary, "tokenizer.ggml.unknown_token_id").value_or(0);
    model.bosId = idAt(vocabulary, "tokenizer.ggml.bos_token_id");
    model.eosId = idAt(vocabulary, "tokenizer.ggml.eos_token_id");
    for (std::size_t id = 0; id < vocabulary.tokens.size(); ++id) {
        SentencePiece piece{vocabulary.tokens[id], static_cast<float>((*scores)[id]), PieceType::Normal};
        const int number = static_cast<int>(id);
        if (!vocabulary.types.empty())
            piece.type = vocabulary.type(id);
        else if (byteOfPiece(piece.piece))
            piece.type = PieceType::Byte;
        else if (number == model.bosId || number == model.eosId)
            piece.type = PieceType::Control;
        if (number == model.unknownId)
            piece.type = PieceType::Unknown;
        model.pieces.push_back(std::move(piece));
    }
    return model;
}

GgufByteLevel byteLevelOf(const GgufVocabulary& vocabulary)
{
    const std::string pre = vocabulary.gguf.text("tokenizer.ggml.pre").value_or("default");
    auto patterns = namedSplitPatterns(pre);
    if (!patterns)
        throw Error(ErrorKind::Unsupported, "the splitting pattern \"" + pre + "\" (tokenizer.ggml.pre) is not known",
                    vocabulary.origin);
    const auto* rules = arrayAt<std::vector<std::string>>(vocabulary.gguf, "tokenizer.ggml.merges", vocabulary.origin);
    if (!rules)
        throw Error(ErrorKind::Corrupt, "a gpt2 vocabulary without tokenizer.ggml.merges", vocabulary.origin);
    const bool isLlama3 = isOneOf(pre, {"llama3", "llama-v3", "llama-bpe", "falcon3", "pixtral"});
    return {.patterns = std::move(*patterns),
            .merges = *rules,
            .added = addedTokensOf(vocabulary),
            .composed =
                isOneOf(pre, {"qwen2", "deepseek-r1-qwen"}), // as the tokenizer.json that the file was made from
            .ignoreMerges = isLlama3 || isOneOf(pre, {"tekken", "gpt-4o", "llama4"}),
            .prependSpace = vocabulary.gguf.flag("tokenizer.ggml.add_space_prefix").value_or(false),
            .addBos = vocabulary.settings.addBos.value_or(isLlama3),
            .addEos = vocabulary.settings.addEos.value_or(false)};
}

GgufVocabulary readGgufVocabulary(const std::filesystem::path& file)
{
    GgufVocabulary vocabulary{.gguf = readGguf(file, GgufBody::MayBeMissing),
                              .origin = file.string(),
                              .model = {},
                              .tokens = {},
                              .types = {},
                              .settings = {}};
    const auto model = vocabulary.gguf.text("tokenizer.ggml.model");
    const auto* tokens = arrayAt<std::vector<std::string>>(vocabulary.gguf, "tokenizer.ggml.tokens", vocabulary.origin);
    if (!model || !tokens || tokens->empty())
        throw Error(ErrorKind::NotFound, "the file embeds no vocabulary (tokenizer.ggml.model, tokenizer.ggml.tokens)",
                    vocabulary.origin);
    if (*model != "llama" && *model != "gpt2")
        throw Error(ErrorKind::Unsupported,
                    "vocabularies of kind \"" + *model
                        + "\" (tokenizer.ggml.model) are not supported; "
                          "llama and gpt2 are",
                    vocabulary.origin);
    vocabulary.model = *model;
    vocabulary.tokens = *tokens;
    vocabulary.types = tokenTypes(vocabulary.gguf, vocabulary.origin);
    if (!vocabulary.types.empty())
        requireLength(vocabulary.types.size(), vocabulary, "tokenizer.ggml.token_type");
    vocabulary.settings = settingsOf(vocabulary);
    return vocabulary;
}

std::shared_ptr<const Tokenizer> loadGgufVocabulary(const std::filesystem::path& file)
{
    const auto vocabulary = readGgufVocabulary(file);
    if (vocabulary.model == "llama")
        return makeSentencePiece(sentencePieceModelOf(vocabulary), vocabulary.settings, vocabulary.origin);
    return makeByteLevel(vocabulary);
}

} // namespace core
