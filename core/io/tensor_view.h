// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/mapped_file.h"

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace core {

/** Element types of safetensors and GGUF files. The Q types are GGUF blocks of 32 elements; Other is a type that can be
    listed but not read (its byte count is known from the file alone). */
enum class DType {
    F64,
    F32,
    F16,
    BF16,
    I64,
    I32,
    I16,
    I8,
    U64,
    U32,
    U16,
    U8,
    Bool,
    F8E4M3,
    F8E5M2,
    Q8_0,
    Q4_0,
    Q4_1,
    Other
};

std::string_view toString(DType type); // "F32", "BF16", "Q4_0", ...

/** Bytes of `elements` of this type. For Q types `elements` is a multiple of 32. Throws Error(Corrupt) on overflow. */
std::uint64_t byteCount(DType type, std::uint64_t elements);

/** One tensor inside a mapped file. Nothing is copied; the TensorSet that gave it keeps the mapping alive. */
struct TensorView
{
    std::string name;
    DType dtype = DType::F32;
    std::vector<std::int64_t> shape; // row-major, slowest first
    std::span<const std::byte> bytes;
    std::string file;          // file name, for messages
    std::string typeName = {}; // as the file spells it where dtype is Other ("Q6_K"), else empty

    std::int64_t elementCount() const;
};

/** A tensor on its way into a file, whose bytes come later. */
struct TensorLayout
{
    std::string name;
    DType dtype = DType::F32;
    std::vector<std::int64_t> shape;
};

/** The tensors of a model: immutable, by name, over one or more mapped files. */
class TensorSet
{
public:
    TensorSet(std::vector<std::shared_ptr<const MappedFile>> files, std::vector<TensorView> tensors,
              std::map<std::string, std::string> metadata);

    const std::vector<TensorView>& tensors() const { return m_tensors; }
    const std::map<std::string, std::string>& metadata() const { return m_metadata; }
    const std::vector<std::shared_ptr<const MappedFile>>& files() const { return m_files; }

    const TensorView* find(std::string_view name) const; // null where there is none
    const TensorView& at(std::string_view name) const;   // throws Error(NotFound) that names the files searched

private:
    std::vector<std::shared_ptr<const MappedFile>> m_files;
    std::vector<TensorView> m_tensors;
    std::map<std::string, std::string> m_metadata;
    std::unordered_map<std::string, std::size_t> m_index;
};

/** Reads any float or Q type as float32. `out` has elementCount() places. Throws Error(Unsupported) for other types,
    naming file, tensor and type. BF16, F16, F8: exact. Q4_0, Q4_1, Q8_0: the reference formulas of ggml. */
void readAsFloat(const TensorView& tensor, std::span<float> out);

/** Throws Error(Numeric) with file, tensor, how many and where the first, where values are NaN or infinite. Types that hold no
    floats are left alone. */
void requireFinite(const TensorView& tensor);

} // namespace core
