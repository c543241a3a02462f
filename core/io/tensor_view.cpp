// SPDX-License-Identifier: Apache-2.0
#include "core/io/tensor_view.h"

#include "core/base/error.h"
#include "core/io/half.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace core {

static_assert(std::endian::native == std::endian::little, "tensor files are little-endian and read in place");

namespace {

struct TypeRow
{
    DType type;
    std::string_view name;
    std::uint64_t blockElements; // 0: unknown
    std::uint64_t blockBytes;
};

constexpr TypeRow kTypes[] = {
    {DType::F64, "F64", 1, 8},     {DType::F32, "F32", 1, 4},        {DType::F16, "F16", 1, 2},
    {DType::BF16, "BF16", 1, 2},   {DType::I64, "I64", 1, 8},        {DType::I32, "I32", 1, 4},
    {DType::I16, "I16", 1, 2},     {DType::I8, "I8", 1, 1},          {DType::U64, "U64", 1, 8},
    {DType::U32, "U32", 1, 4},     {DType::U16, "U16", 1, 2},        {DType::U8, "U8", 1, 1},
    {DType::Bool, "BOOL", 1, 1},   {DType::F8E4M3, "F8_E4M3", 1, 1}, {DType::F8E5M2, "F8_E5M2", 1, 1},
    {DType::Q8_0, "Q8_0", 32, 34}, {DType::Q4_0, "Q4_0", 32, 18},    {DType::Q4_1, "Q4_1", 32, 20},
    {DType::Other, "other", 0, 0},
};

const TypeRow& rowOf(DType type)
{
    const auto& row = kTypes[static_cast<int>(type)];
    if (row.type != type)
        throw Error(ErrorKind::Internal, "the table of tensor types is out of order");
    return row;
}

template <typename T>
T load(const std::byte* at)
{
    T value;
    std::memcpy(&value, at, sizeof value); // tensors of a file need not be aligned
    return value;
}

template <typename T, typename Convert>
void convertAll(const std::byte* in, std::span<float> out, Convert convert)
{
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = convert(load<T>(in + i * sizeof(T)));
}

constexpr std::size_t kBlock = 32;

/** f16 d, 32 int8 q: x = d q. */
void readQ8_0(const std::byte* in, std::span<float> out)
{
    for (std::size_t start = 0; start < out.size(); start += kBlock, in += 34) {
        const float d = halfToFloat(load<std::uint16_t>(in));
        for (std::size_t i = 0; i < kBlock; ++i)
            out[start + i] = static_cast<float>(load<std::int8_t>(in + 2 + i)) * d;
    }
}

/** f16 d, 16 bytes; low nibbles are elements 0 to 15, high ones 16 to 31: x = d (q - 8). */
void readQ4_0(const std::byte* in, std::span<float> out)
{
    for (std::size_t start = 0; start < out.size(); start += kBlock, in += 18) {
        const float d = halfToFloat(load<std::uint16_t>(in));
        for (std::size_t i = 0; i < kBlock / 2; ++i) {
            const int pair = load<std::uint8_t>(in + 2 + i);
            out[start + i] = static_cast<float>((pair & 15) - 8) * d;
            out[start + i + kBlock / 2] = static_cast<float>((pair >> 4) - 8) * d;
        }
    }
}

/** f16 d, f16 m, 16 bytes as in Q4_0: x = d q + m. */
void readQ4_1(const std::byte* in, std::span<float> out)
{
    for (std::size_t start = 0; start < out.size(); start += kBlock, in += 20) {
        const float d = halfToFloat(load<std::uint16_t>(in));
        const float m = halfToFloat(load<std::uint16_t>(in + 2));
        for (std::size_t i = 0; i < kBlock / 2; ++i) {
            const int pair = load<std::uint8_t>(in + 4 + i);
            out[start + i] = static_cast<float>(pair & 15) * d + m;
            out[start + i + kBlock / 2] = static_cast<float>(pair >> 4) * d + m;
        }
    }
}

std::string contextOf(const TensorView& tensor)
{
    return tensor.file + ": " + tensor.name;
}

} // namespace

std::string_view toString(DType type)
{
    return rowOf(type).name;
}

std::uint64_t byteCount(DType type, std::uint64_t elements)
{
    const auto& row = rowOf(type);
    if (row.blockElements == 0)
        throw Error(ErrorKind::Unsupported, "the byte count of a tensor of unknown type cannot be computed");
    if (elements % row.blockElements != 0)
        throw Error(ErrorKind::Corrupt,
                    std::to_string(elements) + " elements do not fill whole " + std::string(row.name) + " blocks of "
                        + std::to_string(row.blockElements));
    std::uint64_t bytes = 0;
    if (__builtin_mul_overflow(elements / row.blockElements, row.blockBytes, &bytes))
        throw Error(ErrorKind::Corrupt,
                    std::to_string(elements) + " elements of " + std::string(row.name)
                        + " need more bytes than 64 bits can count");
    return bytes;
}

std::int64_t TensorView::elementCount() const
{
    std::int64_t count = 1;
    for (const auto extent : shape) {
        if (extent < 0 || __builtin_mul_overflow(count, extent, &count))
            throw Error(ErrorKind::Corrupt, "the shape counts more elements than 63 bits can", contextOf(*this));
    }
    return count;
}

TensorSet::TensorSet(std::vector<std::shared_ptr<const MappedFile>> files, std::vector<TensorView> tensors,
                     std::map<std::string, std::string> metadata)
    : m_files(std::move(files))
    , m_tensors(std::move(tensors))
    , m_metadata(std::move(metadata))
{
    m_index.reserve(m_tensors.size());
    for (std::size_t i = 0; i < m_tensors.size(); ++i) {
        const auto [entry, isNew] = m_index.emplace(m_tensors[i].name, i);
        if (!isNew) {
            const auto& first = m_tensors[entry->second];
            throw Error(ErrorKind::Corrupt,
                        "tensor '" + first.name + "' is there twice, in " + first.file + " and in " + m_tensors[i].file,
                        contextOf(m_tensors[i]));
        }
    }
}

const TensorView* TensorSet::find(std::string_view name) const
{
    const auto entry = m_index.find(std::string(name));
    return entry == m_index.end() ? nullptr : &m_tensors[entry->second];
}

const TensorView& TensorSet::at(std::string_view name) const
{
    if (const auto* tensor = find(name))
        return *tensor;
    constexpr std::size_t kNamed = 4;
    std::string searched;
    for (std::size_t i = 0; i < m_files.size() && i < kNamed; ++i)
        searched += (i == 0 ? "" : ", ") + m_files[i]->path().string();
    if (m_files.size() > kNamed)
        searched += " and " + std::to_string(m_files.size() - kNamed) + " more";
    throw Error(ErrorKind::NotFound,
                "tensor '" + std::string(name) + "' is not among the " + std::to_string(m_tensors.size())
                    + " of the model",
                searched);
}

void readAsFloat(const TensorView& tensor, std::span<float> out)
{
    const auto elements = static_cast<std::uint64_t>(tensor.elementCount());
    if (out.size() != elements)
        throw Error(ErrorKind::InvalidArgument,
                    "room for " + std::to_string(out.size()) + " values was given, the tensor has "
                        + std::to_string(elements),
                    contextOf(tensor));
    const auto refuse = [&] {
        const auto type = tensor.typeName.empty() ? std::string(toString(tensor.dtype)) : tensor.typeName;
        throw Error(ErrorKind::Unsupported,
                    "tensor '" + tensor.name + "' of type " + type + " cannot be read as numbers", contextOf(tensor));
    };
    if (tensor.dtype == DType::Other)
        refuse();
    const auto needed = byteCount(tensor.dtype, elements);
    if (tensor.bytes.size() != needed)
        throw Error(ErrorKind::Corrupt,
                    "tensor '" + tensor.name + "' needs " + std::to_string(needed) + " bytes, the file holds "
                        + std::to_string(tensor.bytes.size()) + " of them (cut short?)",
                    contextOf(tensor));
    const auto* in = tensor.bytes.data();
    switch (tensor.dtype) {
    case DType::F64: return convertAll<double>(in, out, [](double x) { return static_cast<float>(x); });
    case DType::F32:
        if (!out.empty())
            std::memcpy(out.data(), in, out.size_bytes());
        return;
    case DType::F16: return convertAll<std::uint16_t>(in, out, halfToFloat);
    case DType::BF16: return convertAll<std::uint16_t>(in, out, bfloat16ToFloat);
    case DType::F8E4M3: return convertAll<std::uint8_t>(in, out, e4m3ToFloat);
    case DType::F8E5M2: return convertAll<std::uint8_t>(in, out, e5m2ToFloat);
    case DType::Q8_0: return readQ8_0(in, out);
    case DType::Q4_0: return readQ4_0(in, out);
    case DType::Q4_1: return readQ4_1(in, out);
    default: refuse();
    }
}

void requireFinite(const TensorView& tensor)
{
    if (tensor.dtype != DType::F64 && tensor.dtype != DType::F32 && tensor.dtype != DType::F16
        && tensor.dtype != DType::BF16)
        return;
    std::vector<float> values(static_cast<std::size_t>(tensor.elementCount()));
    readAsFloat(tensor, values);
    const auto isBad = [](float value) { return !std::isfinite(value); };
    const auto first = std::find_if(values.begin(), values.end(), isBad);
    if (first == values.end())
        return;
    throw Error(ErrorKind::Numeric,
                std::to_string(std::count_if(first, values.end(), isBad)) + " of its " + std::to_string(values.size())
                    + " values are NaN or infinite, the first at " + std::to_string(first - values.begin())
                    + ": the file is damaged, or its training had diverged",
                contextOf(tensor));
}

} // namespace core
