// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/tokenizer/tokenizer_settings.h"

#include <filesystem>
#include <memory>
#include <string_view>

namespace core {

class Tokenizer;

/** `vocab.json` (piece to id) with `merges.txt` beside it ("left right" a line, an optional "#version" line first): GPT-2's
    form, also Qwen2's, which tokenizer_config.json tells by its class. */
std::shared_ptr<const Tokenizer> loadVocabAndMerges(const std::filesystem::path& folder,
                                                    const TokenizerSettings& settings);

/** Whether a file begins with a tiktoken line, "base64 rank". */
bool looksLikeRanks(std::string_view content);

/** A tiktoken rank file. It holds neither pattern nor special tokens; these are known for two vocabularies, told by the
    number of ranks: Llama-3 (128,000; names of Llama 3.1) and Qwen (151,643; names of the first Qwen). Added tokens of
    `settings` replace them. Throws Error(Unsupported) for other counts. */
std::shared_ptr<const Tokenizer> loadRanks(const std::filesystem::path& file, const TokenizerSettings& settings);

/** `tokenizer.json` of Hugging Face tokenizers with a BPE model. Throws Error(Unsupported) naming the part (a normalizer, a
    pre-tokenizer, a post-processor, a model) that is not understood. */
std::shared_ptr<const Tokenizer> loadTokenizerJson(const std::filesystem::path& file,
                                                   const TokenizerSettings& settings);

} // namespace core
