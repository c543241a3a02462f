// SPDX-License-Identifier: Apache-2.0
#include "core/io/safetensors_header.h"

#include "core/base/error.h"
#include "core/io/json.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace core {

namespace {

constexpr std::uint64_t kLengthBytes = 8;
constexpr std::uint64_t kLargestHeader = 100'000'000; // as the reference implementation

std::string number(std::uint64_t value)
{
    return std::to_string(value);
}

std::optional<DType> typeNamed(const std::string& name)
{
    for (const auto type :
         {DType::F64, DType::F32, DType::F16, DType::BF16, DType::I64, DType::I32, DType::I16, DType::I8, DType::U64,
          DType::U32, DType::U16, DType::U8, DType::Bool, DType::F8E4M3, DType::F8E5M2}) {
        if (name == toString(type))
            return type;
    }
    return std::nullopt;
}

/** A file of another kind under this name deserves a better message than a length that makes no sense. */
void refuseOtherFormats(std::span<const std::byte> file, const std::string& fileName)
{
    const std::string_view start(reinterpret_cast<const char*>(file.data()), std::min<std::size_t>(file.size(), 4));
    if (start.starts_with("GGUF"))
        throw Error(ErrorKind::Unsupported, "is a GGUF file, not safetensors", fileName);
    const bool zip = start == std::string_view("PK\x03\x04", 4);
    const bool pickle = start.size() >= 2 && start[0] == '\x80' && start[1] >= 2 && start[1] <= 5
        && !(start.size() == 4 && start[2] == 0 && start[3] == 0); // a header of 640 bytes starts so too
    if (zip || pickle)
        throw Error(
            ErrorKind::Unsupported,
            "is a pickle file of PyTorch; these can run code and are never read: convert the model to safetensors",
            fileName);
}

/** The JSON text between the length and the tensor bytes. */
std::string_view headerText(std::span<const std::byte> file, const std::string& fileName)
{
    if (file.size() < kLengthBytes)
        throw Error(ErrorKind::Corrupt,
                    "file of " + number(file.size()) + " bytes is too short for safetensors (empty or cut?)", fileName);
    std::uint64_t length = 0;
    std::memcpy(&length, file.data(), kLengthBytes);
    if (length > file.size() - kLengthBytes || length > kLargestHeader) {
        refuseOtherFormats(file, fileName);
        const bool beyond = length > file.size() - kLengthBytes;
        throw Error(ErrorKind::Corrupt,
                    "header says it is " + number(length) + " bytes long, "
                        + (beyond ? "the file has " + number(file.size() - kLengthBytes)
                                   + " after the length (cut short, or not safetensors?)"
                                  : "more than the " + number(kLargestHeader) + " that are allowed"),
                    fileName);
    }
    const std::string_view text(reinterpret_cast<const char*>(file.data()) + kLengthBytes, length);
    if (!text.starts_with('{'))
        throw Error(ErrorKind::Corrupt, "header of " + number(length) + " bytes does not start with '{'", fileName);
    return text;
}

std::uint64_t countFrom(const Json& value, const std::string& what, const std::string& context)
{
    constexpr std::uint64_t largest = INT64_MAX;
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > largest)
        throw Error(ErrorKind::Corrupt, what + " holds " + value.dump().substr(0, 40) + " where a count is needed",
                    context);
    return value.get<std::uint64_t>();
}

const Json& member(const Json& entry, const char* key, const std::string& context)
{
    const auto found = entry.find(key);
    if (found == entry.end())
        throw Error(ErrorKind::Corrupt, std::string("tensor has no '") + key + "'", context);
    return *found;
}

/** Bytes that type and shape ask for, refused where they overflow. */
std::uint64_t expectedBytes(const TensorView& tensor, const std::string& context)
{
    std::uint64_t elements = 1;
    for (const auto extent : tensor.shape) {
        if (__builtin_mul_overflow(elements, static_cast<std::uint64_t>(extent), &elements) || elements > INT64_MAX)
            throw Error(ErrorKind::Corrupt, "tensor '" + tensor.name + "': shape counts more elements than 63 bits can",
                        context);
    }
    std::uint64_t bytes = 0;
    if (__builtin_mul_overflow(elements, byteCount(tensor.dtype, 1), &bytes))
        throw Error(ErrorKind::Corrupt,
                    "tensor '" + tensor.name + "': " + number(elements)
                        + " elements need more bytes than 64 bits can count",
                    context);
    return bytes;
}

TensorView readEntry(const std::string& name, const Json& entry, std::span<const std::byte> body,
                     const std::string& fileName)
{
    const std::string context = fileName + ": " + name;
    if (!entry.is_object())
        throw Error(ErrorKind::Corrupt, "tensor '" + name + "' is not described by a JSON object", context);
    TensorView tensor;
    tensor.name = name;
    tensor.file = fileName;

    const auto& typeName = member(entry, "dtype", context);
    const auto type = typeName.is_string() ? typeNamed(typeName.get<std::string>()) : std::nullopt;
    if (!type)
        throw Error(ErrorKind::Unsupported,
                    "tensor '" + name + "' has the unknown type " + typeName.dump().substr(0, 40), context);
    tensor.dtype = *type;

    const auto& shape = member(entry, "shape", context);
    if (!shape.is_array())
        throw Error(ErrorKind::Corrupt, "tensor '" + name + "': shape is not a list", context);
    for (const auto& extent : shape)
        tensor.shape.push_back(static_cast<std::int64_t>(countFrom(extent, "tensor '" + name + "': shape", context)));

    const auto& offsets = member(entry, "data_offsets", context);
    if (!offsets.is_array() || offsets.size() != 2)
        throw Error(ErrorKind::Corrupt, "tensor '" + name + "': data_offsets is not a list of two numbers", context);
    const auto begin = countFrom(offsets[0], "tensor '" + name + "': data_offsets", context);
    const auto end = countFrom(offsets[1], "tensor '" + name + "': data_offsets", context);
    const std::string range = "tensor '" + name + "': bytes [" + number(begin) + ", " + number(end) + ")";
    if (begin > end)
        throw Error(ErrorKind::Corrupt, range + " run backwards", context);
    if (end > body.size())
        throw Error(ErrorKind::Corrupt,
                    range + " leave the " + number(body.size()) + " tensor bytes of the file (cut short?)", context);
    const auto expected = expectedBytes(tensor, context);
    if (expected != end - begin)
        throw Error(ErrorKind::Corrupt,
                    range + " are " + number(end - begin) + ", type " + std::string(toString(tensor.dtype))
                        + " and shape " + shape.dump() + " need " + number(expected),
                    context);
    tensor.bytes = body.subspan(begin, end - begin);
    return tensor;
}

/** The specification allows no hole and no overlap: the tensors tile the bytes after the header. */
void checkTiling(std::vector<TensorView>& tensors, std::span<const std::byte> body, const std::string& fileName)
{
    std::stable_sort(tensors.begin(), tensors.end(), [](const TensorView& a, const TensorView& b) {
        return std::pair(a.bytes.data(), a.bytes.size()) < std::pair(b.bytes.data(), b.bytes.size());
    });
    std::uint64_t reached = 0;
    const TensorView* before = nullptr;
    for (const auto& tensor : tensors) {
        const auto begin = static_cast<std::uint64_t>(tensor.bytes.data() - body.data());
        if (begin != reached) {
            const std::string previous = before ? "'" + before->name + "'" : "the header";
            throw Error(ErrorKind::Corrupt,
                        "tensor '" + tensor.name + "' starts at byte " + number(begin) + ", " + previous + " ends at "
                            + number(reached) + (begin < reached ? ": they overlap" : ": the gap belongs to no tensor"),
                        fileName + ": " + tensor.name);
        }
        reached = begin + tensor.bytes.size();
        before = &tensor;
    }
    if (reached != body.size())
        throw Error(ErrorKind::Corrupt,
                    "the tensors end at byte " + number(reached) + " of " + number(body.size())
                        + ": the rest belongs to no tensor",
                    fileName);
}

} // namespace

SafetensorsHeader parseSafetensors(std::span<const std::byte> file, const std::string& fileName)
{
    const auto text = headerText(file, fileName);
    const auto body = file.subspan(kLengthBytes + text.size());
    const auto json = parseJson(text, fileName + " header");
    SafetensorsHeader header;
    header.tensors.reserve(json.size());
    for (const auto& [name, entry] : json.items()) {
        if (name != "__metadata__") {
            header.tensors.push_back(readEntry(name, entry, body, fileName));
            continue;
        }
        if (!entry.is_object())
            throw Error(ErrorKind::Corrupt, "__metadata__ is not a JSON object", fileName);
        for (const auto& [key, value] : entry.items()) {
            if (!value.is_string())
                throw Error(ErrorKind::Corrupt, "__metadata__ entry '" + key + "' is not a text", fileName);
            header.metadata.emplace(key, value.get<std::string>());
        }
    }
    checkTiling(header.tensors, body, fileName);
    return header;
}

} // namespace core
