// SPDX-License-Identifier: Apache-2.0
#include "core/io/gguf_writer.h"

#include "core/base/error.h"
#include "core/io/gguf_reader.h"
#include "core/io/gguf_types.h"

#include <zlib.h>

#include <set>

namespace core {

namespace {

constexpr std::uint64_t kAlignment = 32; // GGUF's default
constexpr std::size_t kLongestName = 63; // GGML_MAX_NAME with its terminating zero
constexpr std::uint32_t kVersion = 3;

/** The numbers of GGUF's value types. */
enum ValueType : std::uint32_t { U32 = 4, I32 = 5, F32 = 6, Bool = 7, String = 8, Array = 9 };

std::uint64_t paddingOf(std::uint64_t size)
{
    return (kAlignment - size % kAlignment) % kAlignment;
}

class Bytes
{
public:
    template <typename T>
    void add(T number)
    {
        m_text.append(reinterpret_cast<const char*>(&number), sizeof number);
    }

    void add(const std::string& text)
    {
        add(std::uint64_t{text.size()});
        m_text += text;
    }

    void pad() { m_text.append(paddingOf(m_text.size()), '\0'); }
    const std::string& text() const { return m_text; }

private:
    std::string m_text;
};

/** A value behind its key: type number, then the value. */
struct ValueWriter
{
    Bytes& out;

    void operator()(std::uint32_t value) const { single(U32, value); }
    void operator()(float value) const { single(F32, value); }
    void operator()(bool value) const { single(Bool, std::uint8_t{value}); }
    void operator()(const std::string& value) const { single(String, value); }
    void operator()(const std::vector<std::int32_t>& values) const { array(I32, values); }
    void operator()(const std::vector<float>& values) const { array(F32, values); }
    void operator()(const std::vector<std::string>& values) const { array(String, values); }

    template <typename T>
    void single(ValueType type, const T& value) const
    {
        out.add(std::uint32_t{type});
        out.add(value);
    }

    template <typename T>
    void array(ValueType type, const std::vector<T>& values) const
    {
        out.add(std::uint32_t{Array});
        out.add(std::uint32_t{type});
        out.add(std::uint64_t{values.size()});
        for (const T& value : values)
            out.add(value);
    }
};

[[noreturn]] void refuse(const AtomicFile& file, const TensorLayout& tensor, ErrorKind kind, const std::string& what)
{
    throw Error(kind, what, file.target().string() + ": " + tensor.name);
}

std::uint64_t elementsOf(const TensorLayout& tensor)
{
    std::uint64_t elements = 1;
    for (const auto extent : tensor.shape)
        elements *= static_cast<std::uint64_t>(extent);
    return elements;
}

std::uint64_t sizeOf(const TensorLayout& tensor)
{
    return byteCount(tensor.dtype, elementsOf(tensor));
}

std::string headerOf(const AtomicFile& file, const GgufEntries& metadata, const std::vector<TensorLayout>& layout)
{
    Bytes header;
    for (const char letter : {'G', 'G', 'U', 'F'})
        header.add(letter);
    header.add(kVersion);
    header.add(std::uint64_t{layout.size()});
    header.add(std::uint64_t{metadata.size()});
    for (const auto& [key, value] : metadata) {
        header.add(key);
        std::visit(ValueWriter{header}, value);
    }
    std::uint64_t offset = 0;
    std::set<std::string_view> names;
    for (const auto& tensor : layout) {
        const auto* type = ggmlType(tensor.dtype);
        if (type == nullptr)
            refuse(file, tensor, ErrorKind::Unsupported, "GGUF has no type " + std::string(toString(tensor.dtype)));
        if (tensor.name.size() > kLongestName || !names.insert(tensor.name).second)
            refuse(file, tensor, ErrorKind::InvalidArgument, "a tensor's name is there twice, or longer than 63 bytes");
        if (tensor.shape.empty() || tensor.shape.back() % type->blockElements != 0)
            refuse(file, tensor, ErrorKind::InvalidArgument,
                   "rows do not fill whole blocks of " + std::to_string(type->blockElements));
        header.add(tensor.name);
        header.add(static_cast<std::uint32_t>(tensor.shape.size()));
        for (auto extent = tensor.shape.rbegin(); extent != tensor.shape.rend(); ++extent)
            header.add(static_cast<std::uint64_t>(*extent)); // the fastest one first
        header.add(type->id);
        header.add(offset);
        offset += sizeOf(tensor) + paddingOf(sizeOf(tensor));
    }
    header.pad();
    return header.text();
}

unsigned long checksum(std::span<const std::byte> bytes)
{
    return crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
}

} // namespace

GgufStream::GgufStream(const std::filesystem::path& path, const GgufEntries& metadata, std::vector<TensorLayout> layout)
    : m_file(path)
    , m_layout(std::move(layout))
{
    m_file.write(headerOf(m_file, metadata, m_layout));
}

void GgufStream::write(std::span<const std::byte> tensor)
{
    if (m_checksums.size() == m_layout.size() || tensor.size() != sizeOf(m_layout[m_checksums.size()]))
        throw Error(ErrorKind::Internal, "a tensor of " + std::to_string(tensor.size()) + " bytes has no place",
                    m_file.target().string());
    m_file.write(tensor);
    m_file.write(std::string(paddingOf(tensor.size()), '\0'));
    m_checksums.push_back(checksum(tensor));
}

const std::filesystem::path& GgufStream::verify()
{
    if (m_checksums.size() != m_layout.size())
        throw Error(ErrorKind::Internal, "tensors are missing", m_file.target().string());
    m_file.flush();
    const auto read = readGguf(m_file.aside(), GgufBody::Required);
    for (std::size_t i = 0; i < m_layout.size(); ++i) {
        const auto& view = read.tensors->at(m_layout[i].name);
        if (view.dtype != m_layout[i].dtype || view.shape != m_layout[i].shape
            || checksum(view.bytes) != m_checksums[i])
            refuse(m_file, m_layout[i], ErrorKind::Io, "what was read back differs from what was written");
    }
    return m_file.aside();
}

void GgufStream::commit()
{
    m_file.commit();
}

} // namespace core
