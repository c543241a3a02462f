// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/atomic_file.h"
#include "core/io/tensor_view.h"

namespace core {

struct TensorToWrite
{
    std::string name;
    DType dtype = DType::F32;
    std::vector<std::int64_t> shape;
    std::span<const std::byte> bytes; // must stay valid until written
};

/** Writes one .safetensors file aside, reads its header back, compares, and renames it into place: the old file is
    there until the new one is whole. Tensors are laid out by element size (largest first), then by name, so equal
    content gives equal bytes and every tensor is aligned. Throws Error(Io) with path and reason (disk full among them),
    Error(InvalidArgument) where bytes do not match type and shape, a name is there twice or a text is not UTF-8. */
void writeSafetensors(const std::filesystem::path& path, std::vector<TensorToWrite> tensors,
                      const std::map<std::string, std::string>& metadata);

/** Writes one .safetensors file of known layout whose content is too large for memory: aside, and renamed by commit(). */
class SafetensorsStream
{
public:
    /** Errors as writeSafetensors. */
    SafetensorsStream(const std::filesystem::path& path, const std::vector<TensorLayout>& layout,
                      const std::map<std::string, std::string>& metadata);

    /** The next bytes, tensor after tensor in the layout's order. */
    void write(std::span<const std::byte> bytes);

    /** Throws Error(Internal) where fewer or more bytes came than the layout has. */
    void commit();

private:
    AtomicFile m_file;
    std::uint64_t m_missing = 0;
};

} // namespace core
