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

/** Writes one .safetensors file of known layout, whose content is too large for memory, in any order and from several threads. It stays
    aside without commit(), and another one of the same path, layout and metadata goes on with it. */
class SafetensorsParts
{
public:
    /** Errors as writeSafetensors, and as AtomicFile::resumable. */
    SafetensorsParts(const std::filesystem::path& path, const std::vector<TensorLayout>& layout,
                     const std::map<std::string, std::string>& metadata);

    /** True where an earlier one left its file: what it wrote is there. Else all is zeros. */
    bool goesOn() const { return m_goesOn; }

    /** Nothing is to stay without commit(). */
    void forget() { m_file.forget(); }

    /** Bytes of the layout's tensor `tensor`, from its byte `offset` on. Throws Error(Internal) beyond its end. */
    void write(std::size_t tensor, std::uint64_t offset, std::span<const std::byte> bytes);

    /** Reads the header back and renames the file into place. */
    void commit();

private:
    AtomicFile m_file;
    std::vector<std::uint64_t> m_begins; // of each tensor in the file, and the end
    bool m_goesOn = false;
};

} // namespace core
