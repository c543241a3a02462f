// SPDX-License-Identifier: Apache-2.0
#include "core/io/safetensors_writer.h"

#include "core/base/error.h"
#include "core/io/atomic_file.h"
#include "core/io/json.h"
#include "core/io/safetensors_header.h"

#include <algorithm>
#include <cstring>

namespace core {

namespace {

constexpr std::uint64_t kHeaderAlignment = 8; // so that the tensor bytes start aligned for every type

std::string contextOf(const std::filesystem::path& path, const TensorToWrite& tensor)
{
    return path.string() + ": " + tensor.name;
}

std::uint64_t elementSize(DType type)
{
    return byteCount(type, 1);
}

/** Returns the bytes that the tensor takes. */
std::uint64_t checkForm(const std::filesystem::path& path, const TensorToWrite& tensor)
{
    const auto context = contextOf(path, tensor);
    if (tensor.name == "__metadata__")
        throw Error(ErrorKind::InvalidArgument, "a tensor cannot have the reserved name '__metadata__'", context);
    switch (tensor.dtype) {
    case DType::Q8_0:
    case DType::Q4_0:
    case DType::Q4_1:
    case DType::Other:
        throw Error(ErrorKind::InvalidArgument,
                    "safetensors has no type " + std::string(toString(tensor.dtype)) + " for tensor '" + tensor.name
                        + "'",
                    context);
    default: break;
    }
    const auto elements = TensorView{tensor.name, tensor.dtype, tensor.shape, {}, path.string()}.elementCount();
    return byteCount(tensor.dtype, static_cast<std::uint64_t>(elements));
}

void check(const std::filesystem::path& path, const TensorToWrite& tensor)
{
    const auto needed = checkForm(path, tensor);
    if (needed != tensor.bytes.size())
        throw Error(ErrorKind::InvalidArgument,
                    "tensor '" + tensor.name + "' was given " + std::to_string(tensor.bytes.size()) + " bytes, type "
                        + std::string(toString(tensor.dtype)) + " and shape " + Json(tensor.shape).dump() + " need "
                        + std::to_string(needed),
                    contextOf(path, tensor));
}

std::string headerFor(const std::filesystem::path& path, const std::vector<TensorToWrite>& tensors,
                      const std::map<std::string, std::string>& metadata)
{
    // Built as a list of pairs, since Json searches all keys for each new one.
    Json::object_t header;
    header.reserve(tensors.size() + 1);
    if (!metadata.empty())
        header.emplace_back("__metadata__", Json(metadata));
    std::uint64_t offset = 0;
    for (const auto& tensor : tensors) {
        const auto end = offset + checkForm(path, tensor);
        header.emplace_back(
            tensor.name,
            Json{{"dtype", toString(tensor.dtype)}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}});
        offset = end;
    }
    try {
        auto text = Json(std::move(header)).dump();
        text.append((kHeaderAlignment - text.size() % kHeaderAlignment) % kHeaderAlignment, ' ');
        return text;
    } catch (const Json::exception& error) { // names and metadata that are not UTF-8
        throw Error(ErrorKind::InvalidArgument, std::string("the header cannot be written as JSON: ") + error.what(),
                    path.string());
    }
}

/** Reads back what the disk holds now; a file that is not what was meant must not replace the old one. */
void verify(const AtomicFile& file, const std::vector<TensorToWrite>& tensors,
            const std::map<std::string, std::string>& metadata)
{
    const auto written = MappedFile::open(file.aside());
    const auto header = parseSafetensors(written->bytes(), file.target().string());
    bool equal = header.tensors.size() == tensors.size() && header.metadata == metadata;
    std::map<std::string_view, const TensorView*> byName;
    for (const auto& tensor : header.tensors)
        byName.emplace(tensor.name, &tensor);
    for (std::size_t i = 0; equal && i < tensors.size(); ++i) {
        const auto found = byName.find(tensors[i].name);
        equal = found != byName.end() && found->second->dtype == tensors[i].dtype
            && found->second->shape == tensors[i].shape && found->second->bytes.size() == tensors[i].bytes.size();
    }
    if (!equal)
        throw Error(ErrorKind::Io, "the header read back from the disk is not the one written", file.target().string());
}

} // namespace

void writeSafetensors(const std::filesystem::path& path, std::vector<TensorToWrite> tensors,
                      const std::map<std::string, std::string>& metadata)
{
    for (const auto& tensor : tensors)
        check(path, tensor);
    std::sort(tensors.begin(), tensors.end(), [](const TensorToWrite& a, const TensorToWrite& b) {
        return std::pair(elementSize(b.dtype), std::string_view(a.name))
            < std::pair(elementSize(a.dtype), std::string_view(b.name));
    });
    std::vector<std::string_view> names;
    for (const auto& tensor : tensors)
        names.push_back(tensor.name);
    std::sort(names.begin(), names.end());
    if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end())
        throw Error(ErrorKind::InvalidArgument, "tensor '" + std::string(*twice) + "' was given twice", path.string());

    const auto header = headerFor(path, tensors, metadata);
    const std::uint64_t length = header.size();
    AtomicFile file(path);
    file.write(std::as_bytes(std::span(&length, 1)));
    file.write(header);
    for (const auto& tensor : tensors)
        file.write(tensor.bytes);
    file.flush();
    verify(file, tensors, metadata);
    file.commit();
}

SafetensorsParts::SafetensorsParts(const std::filesystem::path& path, const std::vector<TensorLayout>& layout,
                                   const std::map<std::string, std::string>& metadata)
    : m_file(AtomicFile::resumable(path))
{
    std::vector<TensorToWrite> tensors;
    for (const auto& tensor : layout)
        tensors.push_back({tensor.name, tensor.dtype, tensor.shape, {}});
    const auto header = headerFor(path, tensors, metadata);
    const std::uint64_t length = header.size();
    std::string start(reinterpret_cast<const char*>(&length), sizeof length);
    start += header;
    m_begins.push_back(start.size());
    for (const auto& tensor : tensors)
        m_begins.push_back(m_begins.back() + checkForm(path, tensor));
    m_goesOn = std::filesystem::file_size(m_file.aside()) == m_begins.back()
        && std::memcmp(MappedFile::open(m_file.aside())->bytes().data(), start.data(), start.size()) == 0;
    if (m_goesOn)
        return;
    m_file.resize(0);
    m_file.resize(m_begins.back());
    m_file.writeAt(0, std::as_bytes(std::span(start)));
}

void SafetensorsParts::write(std::size_t tensor, std::uint64_t offset, std::span<const std::byte> bytes)
{
    const auto begin = m_begins.at(tensor) + offset;
    if (begin + bytes.size() > m_begins.at(tensor + 1))
        throw Error(ErrorKind::Internal, "more bytes than the layout has", m_file.target().string());
    m_file.writeAt(begin, bytes);
}

void SafetensorsParts::commit()
{
    m_file.flush();
    const auto written = MappedFile::open(m_file.aside());
    parseSafetensors(written->bytes(), m_file.target().string());
    m_file.commit();
}

} // namespace core
