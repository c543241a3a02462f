// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/vocabulary_files.h"

#include "core/io/json.h"
#include "core/tokenizer/gguf_vocabulary.h"

namespace core {
namespace {

Json splittingSteps(const GgufByteLevel& form)
{
    auto steps = Json::array();
    for (const auto& pattern : form.patterns)
        steps.push_back(
            {{"type", "Split"}, {"pattern", {{"Regex", pattern}}}, {"behavior", "Isolated"}, {"invert", false}});
    steps.push_back(
        {{"type", "ByteLevel"}, {"add_prefix_space", form.prependSpace}, {"trim_offsets", true}, {"use_regex", false}});
    return {{"type", "Sequence"}, {"pretokenizers", std::move(steps)}};
}

/** BOS and EOS around a text, as TemplateProcessing spells them; ByteLevel where there is neither. */
Json surroundings(const GgufVocabulary& vocabulary, const GgufByteLevel& form)
{
    const auto& settings = vocabulary.settings;
    const bool bos = form.addBos && settings.bosToken;
    const bool eos = form.addEos && settings.eosToken;
    if (!bos && !eos)
        return {{"type", "ByteLevel"}, {"add_prefix_space", true}, {"trim_offsets", false}, {"use_regex", true}};
    auto known = Json::object();
    const auto special = [&](const std::string& token, int id, int part) {
        known[token] = {{"id", token}, {"ids", {id}}, {"tokens", {token}}};
        return Json{{"SpecialToken", {{"id", token}, {"type_id", part}}}};
    };
    const auto framed = [&](const char* name, int part, Json& list) {
        if (bos)
            list.push_back(special(*settings.bosToken, *settings.bosId, part));
        list.push_back({{"Sequence", {{"id", name}, {"type_id", part}}}});
        if (eos)
            list.push_back(special(*settings.eosToken, settings.endIds.front(), part));
    };
    auto single = Json::array();
    framed("A", 0, single);
    auto pair = single;
    framed("B", 1, pair);
    return {{"type", "TemplateProcessing"}, {"single", single}, {"pair", pair}, {"special_tokens", known}};
}

Json byteLevelFile(const GgufVocabulary& vocabulary)
{
    const auto form = byteLevelOf(vocabulary);
    auto added = Json::array();
    for (const auto& token : form.added)
        added.push_back({{"id", token.id},
                         {"content", token.content},
                         {"single_word", false},
                         {"lstrip", false},
                         {"rstrip", false},
                         {"normalized", false},
                         {"special", token.special}});
    Json::object_t pieces; // filled as a list of pairs: Json searches all keys for each new one
    pieces.reserve(vocabulary.tokens.size());
    for (std::size_t id = 0; id < vocabulary.tokens.size(); ++id)
        pieces.emplace_back(vocabulary.tokens[id], id);
    return {
        {"version", "1.0"},
        {"truncation", nullptr},
        {"padding", nullptr},
        {"added_tokens", std::move(added)},
        {"normalizer", form.composed ? Json{{"type", "NFC"}} : Json(nullptr)},
        {"pre_tokenizer", splittingSteps(form)},
        {"post_processor", surroundings(vocabulary, form)},
        {"decoder", {{"type", "ByteLevel"}, {"add_prefix_space", true}, {"trim_offsets", true}, {"use_regex", true}}},
        {"model",
         {{"type", "BPE"},
          {"dropout", nullptr},
          {"unk_token", nullptr},
          {"continuing_subword_prefix", nullptr},
          {"end_of_word_suffix", nullptr},
          {"fuse_unk", false},
          {"byte_fallback", false},
          {"ignore_merges", form.ignoreMerges},
          {"vocab", Json(std::move(pieces))},
          {"merges", form.merges}}}};
}

Json configFile(const GgufVocabulary& vocabulary, const char* tokenizerClass)
{
    const auto& settings = vocabulary.settings;
    Json config{{"tokenizer_class", tokenizerClass}, {"clean_up_tokenization_spaces", false}};
    const auto add = [&](const char* key, const auto& value) {
        if (value)
            config[key] = *value;
    };
    add("add_bos_token", settings.addBos);
    add("add_eos_token", settings.addEos);
    add("bos_token", settings.bosToken);
    add("eos_token", settings.eosToken);
    if (!settings.chatTemplate.empty())
        config["chat_template"] = settings.chatTemplate;
    return config;
}

} // namespace

void writeVocabularyFiles(const std::filesystem::path& gguf, const std::filesystem::path& folder)
{
    const auto vocabulary = readGgufVocabulary(gguf);
    Json config;
    if (vocabulary.model == "llama") {
        const auto model = sentencePieceModelOf(vocabulary);
        writeFileAtomically(folder / "tokenizer.model", serializeSentencePieceModel(model));
        config = configFile(vocabulary, "LlamaTokenizer");
        config["legacy"] = false;
        config["add_prefix_space"] = model.addDummyPrefix;
        config["unk_token"] = model.pieces[static_cast<std::size_t>(model.unknownId.value_or(0))].piece;
        // llama.cpp puts BOS in front unless the file says otherwise.
        config["add_bos_token"] = vocabulary.settings.addBos.value_or(true);
    } else {
        writeFileAtomically(folder / "tokenizer.json", byteLevelFile(vocabulary).dump());
        config = configFile(vocabulary, "PreTrainedTokenizerFast");
    }
    writeFileAtomically(folder / "tokenizer_config.json", config.dump(2) + "\n");
}

} // namespace core
