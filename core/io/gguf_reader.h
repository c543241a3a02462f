// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/tensor_view.h"

#include <optional>
#include <variant>

namespace core {

/** A metadata value of a GGUF file. Integers of every width become the 64-bit form of their signedness, floats double;
    arrays hold one of the scalar kinds or strings. */
using GgufValue =
    std::variant<std::uint64_t, std::int64_t, double, bool, std::string, std::vector<std::uint64_t>,
                 std::vector<std::int64_t>, std::vector<double>, std::vector<bool>, std::vector<std::string>>;

struct GgufFile
{
    std::map<std::string, GgufValue> metadata;
    std::shared_ptr<const TensorSet> tensors; // shapes in row-major order, slowest first (reversed from the file)
    bool complete = true;                     // false: the tensor data is cut short; their bytes are then empty

    // Absent keys give nullopt; a key of another type throws Error(Corrupt) that names it.
    std::optional<std::string> text(std::string_view key) const;
    std::optional<std::int64_t> integer(std::string_view key) const;
    std::optional<double> real(std::string_view key) const; // accepts integers
    std::optional<bool> flag(std::string_view key) const;
};

/** Whether `path` ends in .gguf or the file begins with the letters "GGUF". */
bool isGguf(const std::filesystem::path& path);

enum class GgufBody { Required, MayBeMissing };

/** Reads header, metadata and tensor records of a GGUF version 3 file (2 is read alike). With MayBeMissing a file that
    ends before its tensor data (a vocabulary, a partial download) is described: the bytes of all its tensors are empty;
    with Required it is refused with both lengths. Hostile counts never allocate more than the file could hold;
    overlaps, gaps and unknown types are refused as in safetensors. Source: ggml's gguf.md. */
GgufFile readGguf(const std::filesystem::path& path, GgufBody body);

} // namespace core
