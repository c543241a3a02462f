// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/export/bundle_tensors.h"

#include <map>

namespace core {

/** `tensor` as `dtype` (F32, F16 or BF16). Throws Error(Numeric) naming it for a value that is not finite or too large for the type. */
at::Tensor castWeight(const std::string& name, const at::Tensor& tensor, DType dtype);

/** Writes tensors in the order they come into one safetensors file or, where they need more than `shardBytes`, into several with an
    index, as Hugging Face names them. One shard is in memory at a time; each file is read back and compared bit by bit. */
class ShardWriter
{
public:
    /** `metadata` goes into every file. */
    ShardWriter(std::filesystem::path folder, std::uint64_t shardBytes, std::map<std::string, std::string> metadata);

    /** As castWeight gives it. */
    void add(const std::string& name, const at::Tensor& tensor, DType dtype, Progress& progress);

    /** `tensor` in its own type: packed integers and their scales. */
    void addAsItIs(const std::string& name, const at::Tensor& tensor, Progress& progress);

    /** Writes what is left, gives the files their names and writes the index. */
    void finish(Progress& progress);

private:
    void flush(Progress& progress);

    std::filesystem::path m_folder;
    std::uint64_t m_shardBytes;
    std::map<std::string, std::string> m_metadata;
    TensorCollection m_collection;
    std::uint64_t m_pendingBytes = 0;
    std::uint64_t m_totalBytes = 0;
    std::vector<std::vector<std::string>> m_shards; // names of each file's tensors
};

} // namespace core
