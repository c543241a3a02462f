// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/progress.h"
#include "core/io/safetensors_writer.h"
#include "core/model/model_files.h"

namespace core {

/** Configuration and tokenizer of a model into `folder`: the files themselves from a Hugging Face folder; from a GGUF file a
    config.json and its head with the vocabulary (tokenizer.gguf). */
void copySourceFiles(const ModelFiles& source, const std::filesystem::path& folder);

/** The tokenizer's files and generation_config.json of a folder; a vocabulary kept as a GGUF head (tokenizer.gguf) as the files that
    other programs read: `tokenizer.model` or `tokenizer.json` with tokenizer_config.json. */
void copyTokenizerFiles(const std::filesystem::path& from, const std::filesystem::path& to);

/** Reads a file just written and compares every tensor bit by bit. Throws Error(Io) naming the first that differs. */
void verifyTensors(const std::filesystem::path& path, const std::vector<TensorToWrite>& written, Progress& progress);

} // namespace core
