// SPDX-License-Identifier: Apache-2.0
#include "core/io/text_reader.h"

#include "core/base/error.h"
#include "core/io/json.h"
#include "core/io/unpack.h"
#include "core/io/utf8.h"

#include <algorithm>

namespace core {

namespace {

constexpr std::size_t kLargestText = std::size_t{4} << 30;

void checkUtf8(std::string_view text, const std::string& name)
{
    const auto bad = firstBadUtf8(text);
    if (bad == std::string_view::npos)
        return;
    const auto before = text.substr(0, bad);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    constexpr char kHex[] = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(text[bad]);
    const bool utf16 = text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff");
    throw Error(ErrorKind::Corrupt,
                "line " + std::to_string(line) + " is not UTF-8: byte 0x" + kHex[byte >> 4] + kHex[byte & 15]
                    + " at position " + std::to_string(bad) + (utf16 ? " (UTF-16? convert the file)" : ""),
                name);
}

std::vector<std::string> readLines(std::string_view text, const std::string& name)
{
    std::vector<std::string> documents;
    std::size_t lineNumber = 0;
    while (!text.empty()) {
        ++lineNumber;
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.find_first_not_of(" \t\r") == std::string_view::npos)
            continue;
        const auto here = name + ": line " + std::to_string(lineNumber);
        const auto json = parseJson(line, here);
        const auto found = json.is_object() ? json.find("text") : json.end();
        if (!json.is_object() || found == json.end() || !found->is_string())
            throw Error(ErrorKind::Corrupt,
                        "line " + std::to_string(lineNumber)
                            + " is not a JSON object with a 'text' key that holds a text",
                        name);
        documents.push_back(found->get<std::string>());
    }
    return documents;
}

} // namespace

std::vector<std::string> readDocuments(const std::filesystem::path& path)
{
    const auto name = path.string();
    std::error_code unknown;
    const auto size = std::filesystem::file_size(path, unknown);
    if (!unknown && size > kLargestText)
        throw Error(ErrorKind::Unsupported,
                    "text of " + std::to_string(size) + " bytes; at most " + std::to_string(kLargestText) + " are read",
                    name);
    auto text = readFile(path);
    text = unpack(std::move(text), name, kLargestText);
    checkUtf8(text, name);
    const bool packed = path.extension() == ".gz" || path.extension() == ".bz2";
    const auto inner = packed ? path.stem() : path.filename();
    // Public corpora also name such files .json (C4: c4-train.00000-of-01024.json.gz).
    if (inner.extension() == ".jsonl" || inner.extension() == ".json")
        return readLines(text, name);
    return {std::move(text)};
}

std::string readText(const std::filesystem::path& path)
{
    const auto documents = readDocuments(path);
    std::string text;
    for (std::size_t i = 0; i < documents.size(); ++i)
        text += (i == 0 ? "" : "\n\n") + documents[i];
    return text;
}

} // namespace core
