// SPDX-License-Identifier: Apache-2.0
#include "core/export/shard_writer.h"

#include "core/base/error.h"
#include "core/export/source_files.h"
#include "core/io/json.h"

#include <ATen/ATen.h>

#include <cstdio>

namespace core {

namespace {

at::ScalarType scalarType(DType dtype)
{
    switch (dtype) {
    case DType::F32: return at::kFloat;
    case DType::F16: return at::kHalf;
    case DType::BF16: return at::kBFloat16;
    default:
        throw Error(ErrorKind::InvalidArgument,
                    "weights are exported as F32, F16 or BF16, not as " + std::string(toString(dtype)));
    }
}

std::string pendingName(std::size_t index)
{
    return "shard-" + std::to_string(index) + ".safetensors";
}

std::string finalName(std::size_t index, std::size_t count)
{
    if (count == 1)
        return "model.safetensors";
    char name[64];
    std::snprintf(name, sizeof name, "model-%05zu-of-%05zu.safetensors", index + 1, count);
    return name;
}

} // namespace

ShardWriter::ShardWriter(std::filesystem::path folder, std::uint64_t shardBytes,
                         std::map<std::string, std::string> metadata)
    : m_folder(std::move(folder))
    , m_shardBytes(shardBytes)
    , m_metadata(std::move(metadata))
{
}

at::Tensor castWeight(const std::string& name, const at::Tensor& tensor, DType dtype)
{
    const auto cast = tensor.to(scalarType(dtype));
    if (!at::isfinite(cast).all().item<bool>())
        throw Error(ErrorKind::Numeric,
                    "a value is not finite as " + std::string(toString(dtype))
                        + "; F32 and BF16 hold larger numbers than F16",
                    name);
    return cast;
}

void ShardWriter::add(const std::string& name, const at::Tensor& tensor, DType dtype, Progress& progress)
{
    addAsItIs(name, castWeight(name, tensor, dtype), progress);
}

void ShardWriter::addAsItIs(const std::string& name, const at::Tensor& tensor, Progress& progress)
{
    progress.checkpoint();
    if (m_pendingBytes > 0 && m_pendingBytes + tensor.nbytes() > m_shardBytes)
        flush(progress);
    if (m_pendingBytes == 0)
        m_shards.emplace_back();
    m_collection.add(name, tensor);
    m_shards.back().push_back(name);
    m_pendingBytes += tensor.nbytes();
    m_totalBytes += tensor.nbytes();
}

void ShardWriter::flush(Progress& progress)
{
    const auto path = m_folder / pendingName(m_shards.size() - 1);
    writeSafetensors(path, m_collection.tensors(), m_metadata);
    verifyTensors(path, m_collection.tensors(), progress);
    m_collection = {};
    m_pendingBytes = 0;
}

void ShardWriter::finish(Progress& progress)
{
    if (m_pendingBytes > 0)
        flush(progress);
    auto weightMap = Json::object();
    for (std::size_t i = 0; i < m_shards.size(); ++i) {
        const auto name = finalName(i, m_shards.size());
        std::filesystem::rename(m_folder / pendingName(i), m_folder / name);
        for (const auto& tensor : m_shards[i])
            weightMap[tensor] = name;
    }
    if (m_shards.size() > 1)
        writeFileAtomically(
            m_folder / "model.safetensors.index.json",
            Json{{"metadata", {{"total_size", m_totalBytes}}}, {"weight_map", std::move(weightMap)}}.dump(2) + "\n");
}

} // namespace core
