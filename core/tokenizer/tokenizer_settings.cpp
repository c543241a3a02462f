// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/tokenizer_settings.h"

#include "core/base/error.h"
#include "core/io/json.h"

#include <algorithm>
#include <charconv>

namespace core {
namespace {

std::optional<bool> flagOf(const Json& object, const char* key)
{
    const auto found = object.find(key);
    if (found == object.end() || !found->is_boolean())
        return std::nullopt;
    return found->get<bool>();
}

// A special token is written as a string or as an AddedToken object.
std::optional<std::string> contentOf(const Json& value)
{
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_object() && value.contains("content") && value["content"].is_string())
        return value["content"].get<std::string>();
    return std::nullopt;
}

std::optional<std::string> tokenOf(const Json& object, const char* key)
{
    const auto found = object.find(key);
    return found == object.end() ? std::nullopt : contentOf(*found);
}

AddedToken addedTokenOf(const Json& object, int id)
{
    AddedToken token;
    token.id = id;
    token.content = contentOf(object).value_or("");
    if (!object.is_object())
        return token;
    token.special = flagOf(object, "special").value_or(false);
    token.lstrip = flagOf(object, "lstrip").value_or(false);
    token.rstrip = flagOf(object, "rstrip").value_or(false);
    token.singleWord = flagOf(object, "single_word").value_or(false);
    token.normalized = flagOf(object, "normalized").value_or(!token.special);
    return token;
}

std::vector<int> idsOf(const Json& object, const char* key)
{
    const auto found = object.find(key);
    if (found == object.end())
        return {};
    std::vector<int> ids;
    const auto add = [&ids](const Json& value) {
        if (value.is_number_integer() && value.get<std::int64_t>() >= 0 && value.get<std::int64_t>() <= INT32_MAX)
            ids.push_back(value.get<int>());
    };
    if (found->is_array())
        std::for_each(found->begin(), found->end(), add);
    else
        add(*found);
    return ids;
}

Json readObject(const std::filesystem::path& path)
{
    Json object = readJson(path);
    if (!object.is_object())
        throw Error(ErrorKind::Corrupt, "the top level is not a JSON object", path.string());
    return object;
}

std::string chatTemplateOf(const Json& config)
{
    const auto found = config.find("chat_template");
    if (found == config.end())
        return {};
    if (found->is_string())
        return found->get<std::string>();
    if (!found->is_array())
        return {};
    for (const Json& named : *found) { // several: [{"name": "default", "template": "..."}, ...]
        if (named.is_object() && named.value("name", "") == "default")
            return named.value("template", "");
    }
    return {};
}

void readAddedTokensDecoder(const Json& config, const std::filesystem::path& path, TokenizerSettings& settings)
{
    const auto decoder = config.find("added_tokens_decoder");
    if (decoder == config.end() || !decoder->is_object())
        return;
    for (const auto& [key, value] : decoder->items()) {
        int id = -1;
        const auto [end, problem] = std::from_chars(key.data(), key.data() + key.size(), id);
        if (problem != std::errc() || end != key.data() + key.size() || id < 0)
            throw Error(ErrorKind::Corrupt, "added_tokens_decoder has the key \"" + key + "\", which is no token id",
                        path.string());
        settings.addedTokens.push_back(addedTokenOf(value, id));
    }
}

void readTokenizerConfig(const std::filesystem::path& path, TokenizerSettings& settings)
{
    const Json config = readObject(path);
    settings.hasConfig = true;
    if (const auto found = config.find("tokenizer_class"); found != config.end() && found->is_string())
        settings.tokenizerClass = found->get<std::string>();
    settings.addBos = flagOf(config, "add_bos_token");
    settings.addEos = flagOf(config, "add_eos_token");
    settings.legacy = flagOf(config, "legacy");
    settings.addPrefixSpace = flagOf(config, "add_prefix_space");
    settings.bosToken = tokenOf(config, "bos_token");
    settings.eosToken = tokenOf(config, "eos_token");
    settings.unknownToken = tokenOf(config, "unk_token");
    settings.chatTemplate = chatTemplateOf(config);
    readAddedTokensDecoder(config, path, settings);
}

void readSpecialTokensMap(const std::filesystem::path& path, TokenizerSettings& settings)
{
    const auto add = [&settings](const Json& value) {
        AddedToken token = addedTokenOf(value, -1);
        token.special = true;
        token.normalized = false;
        settings.specialTokens.push_back(std::move(token));
    };
    const Json map = readObject(path);
    for (const auto& [key, value] : map.items()) {
        if (value.is_array()) // additional_special_tokens
            std::for_each(value.begin(), value.end(), add);
        else
            add(value);
    }
    const auto fill = [&map](std::optional<std::string>& token, const char* key) {
        if (!token)
            token = tokenOf(map, key);
    };
    fill(settings.bosToken, "bos_token");
    fill(settings.eosToken, "eos_token");
    fill(settings.unknownToken, "unk_token");
}

void readModelConfig(const std::filesystem::path& path, TokenizerSettings& settings)
{
    const Json config = readObject(path);
    const std::vector<int> bos = idsOf(config, "bos_token_id");
    if (!settings.bosId && !bos.empty())
        settings.bosId = bos.front();
    if (settings.endIds.empty())
        settings.endIds = idsOf(config, "eos_token_id");
}

void readAddedTokenIds(const std::filesystem::path& path, TokenizerSettings& settings)
{
    const Json tokens = readObject(path);
    for (const auto& [content, id] : tokens.items()) {
        if (!id.is_number_integer() || id.get<std::int64_t>() < 0 || id.get<std::int64_t>() > INT32_MAX)
            throw Error(ErrorKind::Corrupt, "the added token \"" + content + "\" has no id", path.string());
        settings.addedTokenIds[content] = id.get<int>();
    }
}

} // namespace

TokenizerSettings readTokenizerSettings(const std::filesystem::path& folder)
{
    TokenizerSettings settings;
    const auto readIfThere = [&](const char* name, auto&& read) {
        if (std::filesystem::exists(folder / name))
            read(folder / name, settings);
    };
    readIfThere("tokenizer_config.json", readTokenizerConfig);
    readIfThere("special_tokens_map.json", readSpecialTokensMap);
    readIfThere("added_tokens.json", readAddedTokenIds);
    readIfThere("generation_config.json", readModelConfig);
    readIfThere("config.json", readModelConfig);
    if (std::filesystem::exists(folder / "chat_template.jinja"))
        settings.chatTemplate = readFile(folder / "chat_template.jinja");
    return settings;
}

} // namespace core
