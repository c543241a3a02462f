// SPDX-License-Identifier: Apache-2.0
#include "core/io/unpack.h"

#include "core/base/error.h"

#include <bzlib.h>
#include <zlib.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace core {

namespace {

constexpr std::size_t kChunk = 1 << 16;
constexpr std::size_t kLargestInput = 1u << 30; // both libraries count in 32 bits

struct Gzip
{
    static constexpr const char* kName = "gzip";
    z_stream stream = {};

    bool begin() { return inflateInit2(&stream, MAX_WBITS + 16) == Z_OK; } // 16: gzip, not zlib
    void end() { inflateEnd(&stream); }
    void nextMember() { inflateReset(&stream); }
    void give(const char* data, std::size_t size)
    {
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data));
        stream.avail_in = static_cast<uInt>(size);
    }
    void take(char* data, std::size_t size)
    {
        stream.next_out = reinterpret_cast<Bytef*>(data);
        stream.avail_out = static_cast<uInt>(size);
    }
    int run() { return inflate(&stream, Z_NO_FLUSH); }
    static bool isEnd(int status) { return status == Z_STREAM_END; }
    static bool isFailure(int status) { return status != Z_OK && status != Z_BUF_ERROR; }
    std::string reason(int) const { return stream.msg ? stream.msg : "unknown reason"; }
};

struct Bzip2
{
    static constexpr const char* kName = "bzip2";
    bz_stream stream = {};

    bool begin() { return BZ2_bzDecompressInit(&stream, 0, 0) == BZ_OK; }
    void end() { BZ2_bzDecompressEnd(&stream); }
    void nextMember()
    {
        const auto input = stream;
        end();
        stream = {};
        begin();
        stream.next_in = input.next_in;
        stream.avail_in = input.avail_in;
    }
    void give(const char* data, std::size_t size)
    {
        stream.next_in = const_cast<char*>(data);
        stream.avail_in = static_cast<unsigned>(size);
    }
    void take(char* data, std::size_t size)
    {
        stream.next_out = data;
        stream.avail_out = static_cast<unsigned>(size);
    }
    int run() { return BZ2_bzDecompress(&stream); }
    static bool isEnd(int status) { return status == BZ_STREAM_END; }
    static bool isFailure(int status) { return status != BZ_OK; }
    static std::string reason(int status)
    {
        return status == BZ_DATA_ERROR ? "incorrect data check" : "error " + std::to_string(status);
    }
};

template <typename Format>
std::string unpackAs(std::string_view packed, const std::string& name, std::size_t limit)
{
    Format format;
    if (!format.begin())
        throw Error(ErrorKind::OutOfMemory, std::string("no memory to unpack ") + Format::kName, name);
    struct End
    {
        Format& format;
        ~End() { format.end(); }
    } end{format};

    std::string text;
    std::vector<char> chunk(kChunk);
    std::size_t read = 0;
    for (;;) {
        if (format.stream.avail_in == 0) {
            const auto next = std::min(packed.size() - read, kLargestInput);
            format.give(packed.data() + read, next);
            read += next;
        }
        format.take(chunk.data(), chunk.size());
        const int status = format.run();
        const auto got = chunk.size() - format.stream.avail_out;
        text.append(chunk.data(), got);
        if (text.size() > limit)
            throw Error(ErrorKind::Unsupported, "unpacks to more than " + std::to_string(limit) + " bytes", name);
        const bool exhausted = format.stream.avail_in == 0 && read == packed.size();
        if (Format::isEnd(status)) {
            if (exhausted)
                return text;
            format.nextMember(); // both formats allow several, one after the other
        } else if (Format::isFailure(status)) {
            throw Error(ErrorKind::Corrupt,
                        std::string(Format::kName) + " data cannot be unpacked: " + format.reason(status), name);
        } else if (exhausted && got == 0) {
            throw Error(ErrorKind::Corrupt,
                        std::string(Format::kName) + " data ends after " + std::to_string(packed.size())
                            + " bytes in the middle (cut short?)",
                        name);
        }
    }
}

} // namespace

std::string unpack(std::string bytes, const std::string& name, std::size_t limit)
{
    if (bytes.starts_with("\x1f\x8b"))
        return unpackAs<Gzip>(bytes, name, limit);
    if (bytes.starts_with("BZh"))
        return unpackAs<Bzip2>(bytes, name, limit);
    return bytes;
}

} // namespace core
