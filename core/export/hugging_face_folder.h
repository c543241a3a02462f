// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/export/folder_parts.h"

namespace core {

/** Type, size and losses of the folder that writeHuggingFaceFolder would write. */
FolderContents huggingFaceOutlook(const BundleHeader& header, const FolderOptions& options);

/** A bundle's rounded weights folded back (foldBack) as a plain Hugging Face folder that transformers, lm-eval, vLLM and llama.cpp's
    converter read: `model.safetensors`, or shards with `model.safetensors.index.json`, in float64 arithmetic and one cast;
    config.json, generation_config.json and the tokenizer's files; a GGUF source's vocabulary as `tokenizer.model` or
    `tokenizer.json`. Every tensor is read back and compared. `folder` exists and is empty.

    Quantization of activations, keys and values is lost. Throws Error(Unsupported) where a configuration cannot be said in
    config.json: rope factors of a GGUF file that no known scaling gives. */
FolderContents writeHuggingFaceFolder(const std::filesystem::path& bundle, const std::filesystem::path& folder,
                                      const FolderOptions& options, Progress& progress);

/** Opens a written folder like any model and returns the largest |weight - bundle's weight folded back in float64| over all
    tensors: what the cast to the folder's type cost. NaN where a weight is. */
double largestWeightDifference(const std::filesystem::path& bundle, const std::filesystem::path& folder,
                               Progress& progress);

} // namespace core
