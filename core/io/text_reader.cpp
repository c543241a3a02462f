// SPDX-License-Identifier: Apache-2.0
#include "core/io/text_reader.h"

#include "core/base/error.h"
#include "core/io/json.h"
#include "core/io/utf8.h"

#include <zlib.h>

#include <algorithm>

namespace core {

namespace {

constexpr std::size_t kLargestText = std::size_t{4} << 30; // a small gzip file can unpack to any length

bool isGzip(std::string_view bytes)
{
    return bytes.starts_with("\x1f\x8b");
}

/** Unpacks all members of a gzip file (RFC 1952 allows several, one after the other). */
std::string gunzip(std::string_view packed, const std::string& name)
{
    constexpr int kGzipOnly = 16;
    z_stream stream = {};
    if (inflateInit2(&stream, MAX_WBITS + kGzipOnly) != Z_OK)
        throw Error(ErrorKind::OutOfMemory, "zlib has no memory to unpack", name);
    struct End
    {
        z_stream& stream;
        ~End() { inflateEnd(&stream); }
    } end{stream};

    std::string text;
    std::vector<Bytef> chunk(1 << 16);
    std::size_t read = 0;
    for (;;) {
        if (stream.avail_in == 0) {
            const auto next = std::min<std::size_t>(packed.size() - read, 1u << 30);
            stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data() + read));
            stream.avail_in = static_cast<uInt>(next);
            read += next;
        }
        stream.next_out = chunk.data();
        stream.avail_out = static_cast<uInt>(chunk.size());
        const int status = inflate(&stream, Z_NO_FLUSH);
        text.append(reinterpret_cast<const char*>(chunk.data()), chunk.size() - stream.avail_out);
        if (text.size() > kLargestText)
            throw Error(ErrorKind::Unsupported, "unpacks to more than " + std::to_string(kLargestText) + " bytes",
                        name);
        const bool exhausted = stream.avail_in == 0 && read == packed.size();
        if (status == Z_STREAM_END) {
            if (exhausted)
                return text;
            inflateReset(&stream);
        } else if (status == Z_BUF_ERROR && exhausted) {
            throw Error(ErrorKind::Corrupt,
                        "gzip data ends after " + std::to_string(packed.size()) + " bytes in the middle (cut short?)",
                        name);
        } else if (status != Z_OK && status != Z_BUF_ERROR) {
            throw Error(ErrorKind::Corrupt,
                        std::string("gzip data cannot be unpacked: ") + (stream.msg ? stream.msg : "unknown reason"),
                        name);
        }
    }
}

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
    if (isGzip(text))
        text = gunzip(text, name);
    checkUtf8(text, name);
    const auto inner = path.extension() == ".gz" ? path.stem() : path.filename();
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
