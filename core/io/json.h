// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace core {

using Json = nlohmann::ordered_json;

/** Parses a JSON file of at most 512 MB. Throws Error(NotFound | Io | Corrupt) with path and byte position. */
Json readJson(const std::filesystem::path& path);
Json parseJson(std::string_view text, const std::string& nameForMessages);

/** A double as the command line's contract wants it: NaN and infinities as the strings "nan", "inf", "-inf". */
Json jsonNumber(double value);
double numberFromJson(const Json& value); // accepts both forms

/** Writes aside, flushes to the disk and renames, so that a reader sees the old file or the whole new one. */
void writeFileAtomically(const std::filesystem::path& path, std::string_view content);

std::string readFile(const std::filesystem::path& path);

/** SHA-256 as 64 hex digits: the provenance of models, plans and texts. */
std::string sha256(std::string_view bytes);

} // namespace core
