// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <vector>

namespace support {

/** A .safetensors file put together by hand, right or wrong: length, header, `bodySize` bytes counting 0, 1, 2, ... */
inline std::string safetensorsBytes(const std::string& header, std::size_t bodySize)
{
    const std::uint64_t length = header.size();
    std::string file(8, '\0');
    std::memcpy(file.data(), &length, 8);
    file += header;
    for (std::size_t i = 0; i < bodySize; ++i)
        file += static_cast<char>(i);
    return file;
}

/** The inside of one entry: {"dtype":..., "shape":..., "data_offsets":...}. */
inline std::string entry(const std::string& type, const std::string& shape, const std::string& offsets)
{
    return R"({"dtype":")" + type + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
}

inline void writeBytes(const std::filesystem::path& path, const std::string& bytes)
{
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
}

inline std::span<const std::byte> asBytes(const std::string& text)
{
    return std::as_bytes(std::span(text));
}

} // namespace support
