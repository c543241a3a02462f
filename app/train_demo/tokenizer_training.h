// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace demo {

/** Trains a sentencepiece BPE model with byte fallback and Llama's options (digits split, no normalization, a space in
    front) and writes `tokenizer.model`. Equal text gives equal bytes. */
void trainTokenizer(const std::vector<std::string>& lines, int pieces, const std::filesystem::path& path);

} // namespace demo
