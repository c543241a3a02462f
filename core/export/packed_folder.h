// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/words.h"
#include "core/export/folder_parts.h"

namespace core {

/** Hugging Face folders whose linear layers stay integers. None of them runs a transform, so all modules of the bundle are identity. */
enum class PackedFormat { CompressedTensors, Gptq, Awq };

inline constexpr Words<PackedFormat, 3> kPackedFormats{{{"compressed-tensors", PackedFormat::CompressedTensors},
                                                        {"gptq", PackedFormat::Gptq},
                                                        {"awq", PackedFormat::Awq}}};

/** Throws Error(Unsupported) naming the first module that the format cannot carry, and why: a transform that runs while the model does, a
    width that the format lacks, widths that differ between modules (gptq), sizes that do not fill its words. */
void checkCarries(PackedFormat format, const ModelInfo& info, const Plan& plan);

/** Type, size and losses of the folder that writePackedFolder would write. Throws as checkCarries does. */
FolderContents packedOutlook(PackedFormat format, const BundleHeader& header, const FolderOptions& options);

/** A bundle's codes and scales as `format` lays them out (core/export/packed_layouts.h), norms, embedding and head as floats, config.json with
    its `quantization_config`, the tokenizer's files. compressed-tensors keeps the type of the source; scales of gptq and awq are float16
    and so is the rest where no type is asked for. Every tensor is read back and compared. `folder` exists and is empty. */
FolderContents writePackedFolder(const std::filesystem::path& bundle, const std::filesystem::path& folder,
                                 PackedFormat format, const FolderOptions& options, Progress& progress);

/** Largest |weight decoded from the folder - the bundle's| over all linear layers: what scales of 16 bits cost. */
double largestPackedDifference(const std::filesystem::path& bundle, const std::filesystem::path& folder,
                               PackedFormat format, Progress& progress);

/** What another program runs: the folder's integers decoded to float32, on `device`. Sizes and widths are the bundle's. */
std::shared_ptr<const Model> loadPackedFolder(const std::filesystem::path& bundle, const std::filesystem::path& folder,
                                              PackedFormat format, at::Device device, Progress& progress);

} // namespace core
