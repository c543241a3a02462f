// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string>

namespace support {

/** A GGUF file put together by hand, right or wrong, after ggml's gguf.md. Numbers are little-endian. */
class GgufBytes
{
public:
    explicit GgufBytes(std::uint64_t tensors, std::uint64_t pairs, std::uint32_t version = 3)
        : m_bytes("GGUF")
    {
        put(version).put(tensors).put(pairs);
    }

    template <typename T>
    GgufBytes& put(T value)
    {
        char bytes[sizeof value];
        std::memcpy(bytes, &value, sizeof value);
        m_bytes.append(bytes, sizeof value);
        return *this;
    }

    GgufBytes& text(const std::string& text)
    {
        put(std::uint64_t{text.size()});
        m_bytes += text;
        return *this;
    }

    /** key, type number, value of the width of T */
    template <typename T>
    GgufBytes& pair(const std::string& key, std::uint32_t type, T value)
    {
        return text(key).put(type).put(value);
    }

    GgufBytes& pair(const std::string& key, const std::string& value)
    {
        return text(key).put(std::uint32_t{8}).text(value);
    }

    /** name, extents with the fastest first, type number, offset */
    GgufBytes& record(const std::string& name, std::initializer_list<std::uint64_t> extents, std::uint32_t type,
                      std::uint64_t offset)
    {
        text(name).put(static_cast<std::uint32_t>(extents.size()));
        for (const auto extent : extents)
            put(extent);
        return put(type).put(offset);
    }

    GgufBytes& pad(std::size_t alignment = 32)
    {
        m_bytes.resize((m_bytes.size() + alignment - 1) / alignment * alignment, '\0');
        return *this;
    }

    /** `count` bytes 0, 1, 2, ... */
    GgufBytes& body(std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i)
            m_bytes += static_cast<char>(i);
        return *this;
    }

    const std::string& bytes() const { return m_bytes; }

private:
    std::string m_bytes;
};

} // namespace support
