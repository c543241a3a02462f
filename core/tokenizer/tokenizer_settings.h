// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/tokenizer/added_tokens.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace core {

/** What the JSON files beside a vocabulary say about it. Absent is absent: each kind of tokenizer has its own defaults. */
struct TokenizerSettings
{
    bool hasConfig = false; // there is a tokenizer_config.json
    std::string tokenizerClass;
    std::optional<bool> addBos;
    std::optional<bool> addEos;
    std::optional<bool> legacy;
    std::optional<bool> addPrefixSpace;
    std::optional<std::string> bosToken;
    std::optional<std::string> eosToken;
    std::optional<std::string> unknownToken;
    std::vector<AddedToken> addedTokens;      // added_tokens_decoder
    std::map<std::string, int> addedTokenIds; // added_tokens.json
    std::vector<AddedToken> specialTokens;    // named by special_tokens_map.json; their ids are not known there
    std::string chatTemplate;
    std::optional<int> bosId; // generation_config.json, else config.json
    std::vector<int> endIds;  // eos_token_id of the same, one or several
};

/** Reads tokenizer_config.json, special_tokens_map.json, added_tokens.json, chat_template.jinja, generation_config.json and
    config.json of `folder`; each may be missing. Throws Error(Corrupt) that names the file where one is not what it should
    be. */
TokenizerSettings readTokenizerSettings(const std::filesystem::path& folder);

} // namespace core
