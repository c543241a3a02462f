// SPDX-License-Identifier: Apache-2.0
#include "core/io/gguf_header.h"

#include "core/base/error.h"
#include "core/io/gguf_types.h"
#include "core/io/utf8.h"

#include <algorithm>
#include <cstring>

namespace core {

namespace {

// Metadata and records of real files are a few MB. The bound keeps what a lying count can make us allocate in reach: a
// stored value grows at most eight times in memory.
constexpr std::uint64_t kLargestHeader = 512ull << 20;
constexpr std::uint32_t kMostDimensions = 4;  // GGML_MAX_DIMS
constexpr std::uint64_t kSmallestPair = 13;   // length of an empty key, type, one byte
constexpr std::uint64_t kSmallestRecord = 24; // length of an empty name, no dimensions, type, offset

enum class ValueType : std::uint32_t { U8, I8, U16, I16, U32, I32, F32, Bool, String, Array, U64, I64, F64 };

std::string number(std::uint64_t value)
{
    return std::to_string(value);
}

/** Reads forward through the file; every read is checked against its end. */
class Cursor
{
public:
    Cursor(std::span<const std::byte> file, std::string name)
        : m_bytes(file.first(std::min<std::uint64_t>(file.size(), kLargestHeader)))
        , m_fileSize(file.size())
        , m_name(std::move(name))
    {
    }

    std::uint64_t position() const { return m_position; }
    std::uint64_t left() const { return m_bytes.size() - m_position; }
    const std::string& name() const { return m_name; }

    template <typename T>
    T read(const std::string& what)
    {
        need(sizeof(T), what);
        T value;
        std::memcpy(&value, m_bytes.data() + m_position, sizeof value);
        m_position += sizeof value;
        return value;
    }

    std::string readString(const std::string& what)
    {
        const auto length = read<std::uint64_t>("the length of " + what);
        need(length, what);
        std::string text(reinterpret_cast<const char*>(m_bytes.data()) + m_position, length);
        m_position += length;
        return text;
    }

    /** A count whose items take at least `smallest` bytes each: refused where the file cannot hold them. */
    std::uint64_t readCount(std::uint64_t smallest, const std::string& what)
    {
        const auto count = read<std::uint64_t>("the number of " + what);
        checkCount(count, smallest, what);
        return count;
    }

    void checkCount(std::uint64_t count, std::uint64_t smallest, const std::string& what) const
    {
        if (count > left() / smallest)
            throw Error(ErrorKind::Corrupt,
                        "says it has " + number(count) + " " + what + ", the " + number(left()) + " bytes after byte "
                            + number(m_position) + " cannot hold so many",
                        m_name);
    }

private:
    void need(std::uint64_t count, const std::string& what) const
    {
        if (count <= left())
            return;
        if (m_fileSize > m_bytes.size())
            throw Error(ErrorKind::Unsupported, "metadata longer than " + number(kLargestHeader) + " bytes is not read",
                        m_name);
        throw Error(ErrorKind::Corrupt,
                    "file ends at byte " + number(m_fileSize) + " inside " + what + ", which takes " + number(count)
                        + " bytes from byte " + number(m_position) + " (cut short?)",
                    m_name);
    }

    std::span<const std::byte> m_bytes;
    std::uint64_t m_fileSize;
    std::uint64_t m_position = 0;
    std::string m_name;
};

bool readBool(Cursor& in, const std::string& what)
{
    const auto value = in.read<std::uint8_t>(what);
    if (value > 1)
        throw Error(ErrorKind::Corrupt, what + " is a truth value of " + number(value) + ", neither 0 nor 1",
                    in.name());
    return value == 1;
}

template <typename Stored, typename Kept>
std::vector<Kept> readNumbers(Cursor& in, std::uint64_t count, const std::string& what)
{
    in.checkCount(count, sizeof(Stored), "values of " + what);
    std::vector<Kept> values(count);
    for (auto& value : values)
        value = static_cast<Kept>(in.read<Stored>(what));
    return values;
}

GgufValue readArray(Cursor& in, const std::string& what)
{
    const auto type = in.read<std::uint32_t>("the element type of " + what);
    const auto count = in.readCount(1, "values of " + what);
    using U = std::uint64_t;
    using I = std::int64_t;
    switch (static_cast<ValueType>(type)) {
    case ValueType::U8: return readNumbers<std::uint8_t, U>(in, count, what);
    case ValueType::I8: return readNumbers<std::int8_t, I>(in, count, what);
    case ValueType::U16: return readNumbers<std::uint16_t, U>(in, count, what);
    case ValueType::I16: return readNumbers<std::int16_t, I>(in, count, what);
    case ValueType::U32: return readNumbers<std::uint32_t, U>(in, count, what);
    case ValueType::I32: return readNumbers<std::int32_t, I>(in, count, what);
    case ValueType::U64: return readNumbers<std::uint64_t, U>(in, count, what);
    case ValueType::I64: return readNumbers<std::int64_t, I>(in, count, what);
    case ValueType::F32: return readNumbers<float, double>(in, count, what);
    case ValueType::F64: return readNumbers<double, double>(in, count, what);
    case ValueType::Bool: {
        std::vector<bool> values;
        for (std::uint64_t i = 0; i < count; ++i)
            values.push_back(readBool(in, what));
        return values;
    }
    case ValueType::String: {
        in.checkCount(count, sizeof(std::uint64_t), "texts of " + what);
        std::vector<std::string> values;
        values.reserve(count);
        for (std::uint64_t i = 0; i < count; ++i)
            values.push_back(in.readString(what));
        return values;
    }
    case ValueType::Array:
        throw Error(ErrorKind::Unsupported,
                    what + " is an array of arrays; only arrays of numbers, truth values and texts are read",
                    in.name());
    }
    throw Error(ErrorKind::Corrupt, what + " is an array of the unknown value type " + number(type), in.name());
}

GgufValue readValue(Cursor& in, const std::string& what)
{
    const auto type = in.read<std::uint32_t>("the type of " + what);
    switch (static_cast<ValueType>(type)) {
    case ValueType::U8: return std::uint64_t{in.read<std::uint8_t>(what)};
    case ValueType::I8: return std::int64_t{in.read<std::int8_t>(what)};
    case ValueType::U16: return std::uint64_t{in.read<std::uint16_t>(what)};
    case ValueType::I16: return std::int64_t{in.read<std::int16_t>(what)};
    case ValueType::U32: return std::uint64_t{in.read<std::uint32_t>(what)};
    case ValueType::I32: return std::int64_t{in.read<std::int32_t>(what)};
    case ValueType::U64: return in.read<std::uint64_t>(what);
    case ValueType::I64: return in.read<std::int64_t>(what);
    case ValueType::F32: return double{in.read<float>(what)};
    case ValueType::F64: return in.read<double>(what);
    case ValueType::Bool: return readBool(in, what);
    case ValueType::String: return in.readString(what);
    case ValueType::Array: return readArray(in, what);
    }
    throw Error(ErrorKind::Corrupt, what + " has the unknown value type " + number(type), in.name());
}

void checkStart(Cursor& in)
{
    char magic[4];
    for (char& letter : magic)
        letter = in.read<char>("the letters 'GGUF'");
    if (std::string_view(magic, 4) != "GGUF")
        throw Error(ErrorKind::Corrupt, "does not start with the letters 'GGUF': not a GGUF file", in.name());
    const auto version = in.read<std::uint32_t>("the version");
    if (version == 2 || version == 3)
        return;
    const bool bigEndian = (version & 0xffffu) == 0 && version != 0;
    throw Error(ErrorKind::Unsupported,
                bigEndian ? std::string("is a big-endian GGUF file; only little-endian ones are read")
                          : "is of GGUF version " + number(version) + "; versions 2 and 3 are read",
                in.name());
}

std::map<std::string, GgufValue> readMetadata(Cursor& in, std::uint64_t count)
{
    std::map<std::string, GgufValue> metadata;
    for (std::uint64_t i = 0; i < count; ++i) {
        auto key = in.readString("metadata key " + number(i));
        if (firstBadUtf8(key) != std::string_view::npos)
            throw Error(ErrorKind::Corrupt, "metadata key " + number(i) + " is not UTF-8", in.name());
        auto value = readValue(in, "metadata '" + key + "'");
        const auto [entry, isNew] = metadata.emplace(std::move(key), std::move(value));
        if (!isNew)
            throw Error(ErrorKind::Corrupt, "has the metadata key '" + entry->first + "' twice", in.name());
    }
    return metadata;
}

std::uint64_t alignmentOf(const std::map<std::string, GgufValue>& metadata, const std::string& fileName)
{
    const auto entry = metadata.find("general.alignment");
    if (entry == metadata.end())
        return 32;
    const auto* value = std::get_if<std::uint64_t>(&entry->second);
    constexpr std::uint64_t largest = 1u << 30;
    if (value == nullptr || *value == 0 || *value % 8 != 0 || *value > largest)
        throw Error(ErrorKind::Corrupt,
                    "general.alignment is " + (value ? number(*value) : "no whole number")
                        + "; it must be a multiple of 8 from 8 to " + number(largest),
                    fileName);
    return *value;
}

struct Record
{
    TensorView view;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

/** Bytes of a tensor whose rows are whole blocks. */
std::uint64_t sizeOf(const GgmlType& type, const TensorView& view, const std::string& context)
{
    const auto row = view.shape.empty() ? 1 : static_cast<std::uint64_t>(view.shape.back());
    if (row % type.blockElements != 0)
        throw Error(ErrorKind::Corrupt,
                    "tensor '" + view.name + "': rows of " + number(row) + " do not fill whole "
                        + std::string(type.name) + " blocks of " + number(type.blockElements),
                    context);
    std::uint64_t size = 0;
    const auto blocks = static_cast<std::uint64_t>(view.elementCount()) / type.blockElements;
    if (__builtin_mul_overflow(blocks, std::uint64_t{type.blockBytes}, &size) || size > INT64_MAX)
        throw Error(ErrorKind::Corrupt, "tensor '" + view.name + "' needs more bytes than 63 bits can count", context);
    return size;
}

Record readRecord(Cursor& in, std::uint64_t position)
{
    Record record;
    auto& view = record.view;
    view.file = in.name();
    view.name = in.readString("the name of tensor " + number(position));
    if (firstBadUtf8(view.name) != std::string_view::npos)
        throw Error(ErrorKind::Corrupt, "the name of tensor " + number(position) + " is not UTF-8", in.name());
    const std::string what = "the record of tensor '" + view.name + "'";
    const std::string context = in.name() + ": " + view.name;

    const auto dimensions = in.read<std::uint32_t>(what);
    if (dimensions > kMostDimensions)
        throw Error(ErrorKind::Corrupt,
                    "tensor '" + view.name + "' has " + number(dimensions) + " dimensions; at most "
                        + number(kMostDimensions) + " are allowed",
                    context);
    for (std::uint32_t i = 0; i < dimensions; ++i) {
        const auto extent = in.read<std::uint64_t>(what);
        if (extent > INT64_MAX)
            throw Error(ErrorKind::Corrupt, "tensor '" + view.name + "' has an extent of " + number(extent), context);
        view.shape.insert(view.shape.begin(), static_cast<std::int64_t>(extent)); // the file has the fastest one first
    }
    const auto id = in.read<std::uint32_t>(what);
    const auto* type = ggmlType(id);
    if (type == nullptr)
        throw Error(ErrorKind::Unsupported, "tensor '" + view.name + "' has the unknown type number " + number(id),
                    context);
    view.dtype = type->dtype;
    if (view.dtype == DType::Other)
        view.typeName = type->name;
    record.offset = in.read<std::uint64_t>(what);
    record.size = sizeOf(*type, view, context);
    return record;
}

/** Tensors follow each other, each padded to the alignment, without overlap or hole. Returns where the last ends. */
std::uint64_t checkLayout(const std::vector<Record>& records, std::uint64_t alignment, const std::string& fileName)
{
    std::vector<const Record*> ordered;
    for (const auto& record : records)
        ordered.push_back(&record);
    std::stable_sort(ordered.begin(), ordered.end(), [](const Record* a, const Record* b) {
        return std::pair(a->offset, a->size) < std::pair(b->offset, b->size);
    });
    std::uint64_t end = 0;
    for (const auto* record : ordered) {
        const std::string context = fileName + ": " + record->view.name;
        const std::string start =
            "tensor '" + record->view.name + "' starts at byte " + number(record->offset) + " of the tensor data";
        if (record->offset % alignment != 0)
            throw Error(ErrorKind::Corrupt, start + ", which is not a multiple of the alignment " + number(alignment),
                        context);
        std::uint64_t expected = 0;
        if (__builtin_add_overflow(end, (alignment - end % alignment) % alignment, &expected)
            || record->offset != expected)
            throw Error(ErrorKind::Corrupt,
                        start + ", the one before ends at " + number(end)
                            + (record->offset < end ? ": they overlap" : ": the gap belongs to no tensor"),
                        context);
        if (__builtin_add_overflow(record->offset, record->size, &end) || end > INT64_MAX)
            throw Error(ErrorKind::Corrupt,
                        start + " and is " + number(record->size) + " bytes long: more than 63 bits can count",
                        context);
    }
    return end;
}

} // namespace

GgufHeader parseGguf(std::span<const std::byte> file, const std::string& fileName, GgufBody body)
{
    Cursor in(file, fileName);
    checkStart(in);
    const auto tensorCount = in.readCount(kSmallestRecord, "tensors");
    const auto pairCount = in.readCount(kSmallestPair, "metadata keys");
    GgufHeader header;
    header.metadata = readMetadata(in, pairCount);
    const auto alignment = alignmentOf(header.metadata, fileName);
    in.checkCount(tensorCount, kSmallestRecord, "tensors");
    std::vector<Record> records;
    records.reserve(tensorCount);
    for (std::uint64_t i = 0; i < tensorCount; ++i)
        records.push_back(readRecord(in, i));

    const auto end = checkLayout(records, alignment, fileName);
    const auto start = (in.position() + alignment - 1) / alignment * alignment;
    const auto needed = records.empty() ? in.position() : start + end;
    header.complete = needed <= file.size();
    if (!header.complete && body == GgufBody::Required)
        throw Error(ErrorKind::Corrupt,
                    "file is " + number(file.size()) + " bytes long, its " + number(records.size()) + " tensors need "
                        + number(needed) + ": it is cut short",
                    fileName);
    for (auto& record : records) {
        if (header.complete && record.size > 0)
            record.view.bytes = file.subspan(start + record.offset, record.size);
        header.tensors.push_back(std::move(record.view));
    }
    return header;
}

} // namespace core
