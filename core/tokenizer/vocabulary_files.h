// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace core {

/** The vocabulary embedded in a GGUF file as the files that other programs read, with the same ids for every text: a SentencePiece
    vocabulary becomes `tokenizer.model`, a byte-level one `tokenizer.json`; `tokenizer_config.json` says the special tokens
    and the chat template. Throws Error(Unsupported) for other kinds, as loading it does. */
void writeVocabularyFiles(const std::filesystem::path& gguf, const std::filesystem::path& folder);

} // namespace core
