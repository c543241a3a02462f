// SPDX-License-Identifier: Apache-2.0
#include "core/io/gguf_reader.h"

#include "core/base/error.h"
#include "core/io/gguf_header.h"

#include <cstdio>
#include <fstream>

namespace core {

namespace {

/** Single values as text, for those who only list metadata. */
struct AsText
{
    std::optional<std::string> operator()(const std::string& value) const { return value; }
    std::optional<std::string> operator()(bool value) const { return value ? "true" : "false"; }
    std::optional<std::string> operator()(std::uint64_t value) const { return std::to_string(value); }
    std::optional<std::string> operator()(std::int64_t value) const { return std::to_string(value); }
    std::optional<std::string> operator()(double value) const
    {
        char text[32];
        std::snprintf(text, sizeof text, "%.9g", value);
        return text;
    }
    template <typename T>
    std::optional<std::string> operator()(const std::vector<T>&) const
    {
        return std::nullopt;
    }
};

const GgufValue* lookUp(const GgufFile& file, std::string_view key)
{
    const auto entry = file.metadata.find(std::string(key));
    return entry == file.metadata.end() ? nullptr : &entry->second;
}

[[noreturn]] void refuse(const GgufFile& file, std::string_view key, const char* wanted)
{
    const bool named = file.tensors && !file.tensors->files().empty();
    throw Error(ErrorKind::Corrupt, "metadata key '" + std::string(key) + "' is not " + wanted,
                named ? file.tensors->files().front()->path().string() : std::string());
}

} // namespace

std::optional<std::string> GgufFile::text(std::string_view key) const
{
    const auto* value = lookUp(*this, key);
    if (value == nullptr)
        return std::nullopt;
    if (const auto* string = std::get_if<std::string>(value))
        return *string;
    refuse(*this, key, "a text");
}

std::optional<std::int64_t> GgufFile::integer(std::string_view key) const
{
    const auto* value = lookUp(*this, key);
    if (value == nullptr)
        return std::nullopt;
    if (const auto* number = std::get_if<std::int64_t>(value))
        return *number;
    if (const auto* number = std::get_if<std::uint64_t>(value); number && *number <= INT64_MAX)
        return static_cast<std::int64_t>(*number);
    refuse(*this, key, "a whole number of 63 bits");
}

std::optional<double> GgufFile::real(std::string_view key) const
{
    const auto* value = lookUp(*this, key);
    if (value == nullptr)
        return std::nullopt;
    if (const auto* number = std::get_if<double>(value))
        return *number;
    if (const auto* number = std::get_if<std::int64_t>(value))
        return static_cast<double>(*number);
    if (const auto* number = std::get_if<std::uint64_t>(value))
        return static_cast<double>(*number);
    refuse(*this, key, "a number");
}

std::optional<bool> GgufFile::flag(std::string_view key) const
{
    const auto* value = lookUp(*this, key);
    if (value == nullptr)
        return std::nullopt;
    if (const auto* truth = std::get_if<bool>(value))
        return *truth;
    refuse(*this, key, "a truth value");
}

bool isGguf(const std::filesystem::path& path)
{
    char letters[4] = {};
    std::ifstream(path, std::ios::binary).read(letters, sizeof letters);
    return path.extension() == ".gguf" || std::string_view(letters, sizeof letters) == "GGUF";
}

GgufFile readGguf(const std::filesystem::path& path, GgufBody body)
{
    auto mapped = MappedFile::open(path);
    auto header = parseGguf(mapped->bytes(), path.string(), body);
    std::map<std::string, std::string> listed;
    for (const auto& [key, value] : header.metadata) {
        if (auto text = std::visit(AsText{}, value))
            listed.emplace(key, *std::move(text));
    }
    GgufFile file;
    file.metadata = std::move(header.metadata);
    file.complete = header.complete;
    file.tensors =
        std::make_shared<const TensorSet>(std::vector{std::move(mapped)}, std::move(header.tensors), std::move(listed));
    return file;
}

} // namespace core
