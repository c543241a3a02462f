// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/export/native_bundle.h"

#include <map>

namespace core {

struct FolderOptions
{
    std::optional<DType> dtype;               // F32, BF16 or F16, of what is not packed; none: what the format prefers
    std::uint64_t shardBytes = 5'000'000'000; // a file larger than this is split between tensors
};

/** What is to be written, or was. */
struct FolderContents
{
    DType dtype = DType::F32;       // of what is not packed
    std::vector<std::string> files; // by name
    std::uint64_t bytes = 0; // of all files; before they are written an estimate, without tokenizer and configuration
    std::vector<std::string> lost; // what the bundle does and the folder cannot, a sentence each
};

/** A block's weights folded back, float64. Where the bundle keeps the trained parameters, scales and P_v are taken out too. */
BlockWeights plainBlock(const std::filesystem::path& bundle, const BundleHeader& header, int block);

/** Names and sizes of what lies in `folder`, into `contents`. */
void listFiles(const std::filesystem::path& folder, FolderContents& contents);

/** "model.layers.3.self_attn.q_proj": the layer that a matrix belongs to. */
std::string linearName(int block, Role role);

/** The norms and biases that a block has, by name. */
std::vector<std::pair<std::string, at::Tensor*>> blockExtras(int block, BlockWeights& weights,
                                                             Naming naming = Naming::HuggingFace);

/** What stands outside the blocks, by its name in the export and in the bundle. A tied head is not there. */
std::vector<std::pair<std::string, const char*>> outerTensors(const ModelInfo& info,
                                                              Naming naming = Naming::HuggingFace);

/** "cached keys were quantized to 4 bits and are not here": quantizers of activations, keys and values. */
std::vector<std::string> lostQuantizers(const Plan& plan);

/** Bytes of embedding, final norm and head as `dtype`. */
std::uint64_t outerBytes(const ModelInfo& info, DType dtype);

/** For the header of every tensor file: where it comes from and what is lost. */
std::map<std::string, std::string> folderMetadata(const std::filesystem::path& bundle, const BundleHeader& header,
                                                  const std::vector<std::string>& lost);

} // namespace core
