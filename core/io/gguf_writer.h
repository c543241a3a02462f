// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/atomic_file.h"
#include "core/io/tensor_view.h"

#include <variant>

namespace core {

/** A metadata value to be written. Readers ask for one width: whole numbers are 32 bits wide, floats too. */
using GgufEntry = std::variant<std::uint32_t, float, bool, std::string, std::vector<std::int32_t>, std::vector<float>,
                               std::vector<std::string>>;

using GgufEntries = std::vector<std::pair<std::string, GgufEntry>>;

/** Writes one GGUF version 3 file, tensor after tensor: aside, and renamed by commit(). Source: ggml's gguf.md. */
class GgufStream
{
public:
    /** Shapes are row-major, slowest first, as a reader gives them back. Throws Error(Unsupported) for a type that ggml lacks, Error(InvalidArgument) where a
        row does not fill whole blocks, a name is there twice or longer than 63 bytes, Error(Io) as AtomicFile. */
    GgufStream(const std::filesystem::path& path, const GgufEntries& metadata, std::vector<TensorLayout> layout);

    /** The next tensor of the layout. Throws Error(Internal) where its size is another. */
    void write(std::span<const std::byte> tensor);

    /** All tensors are written: flushes, reads the file back and compares names, shapes and checksums. Throws Error(Io) naming the tensor that
        differs. The file aside may be opened afterwards. */
    const std::filesystem::path& verify();

    void commit();

private:
    AtomicFile m_file;
    std::vector<TensorLayout> m_layout;
    std::vector<unsigned long> m_checksums; // CRC-32 of what was written
};

} // namespace core
