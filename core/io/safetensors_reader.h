// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/tensor_view.h"

namespace core {

/** Reads the header of a .safetensors file, or of a folder: `model.safetensors`, or all shards named by
    `model.safetensors.index.json`. Header and bounds only; no tensor byte is touched.

    Every lie is refused with Error(Corrupt | Unsupported | NotFound) that names file, tensor and numbers: header
    longer than the file or than 100 MB, overlap, gap, ranges out of bounds or reversed, shape times size overflowing or
    unlike the range, duplicate names (in one header or across shards), unknown type, shard names that leave the folder,
    tensors that the index promises and the shard lacks. Pickle files of PyTorch are never read.
    Source: the safetensors specification (huggingface/safetensors). */
std::shared_ptr<const TensorSet> readSafetensors(const std::filesystem::path& path);

} // namespace core
