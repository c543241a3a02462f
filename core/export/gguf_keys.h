// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/gguf_writer.h"
#include "core/model/model_info.h"
#include "core/tokenizer/tokenizer.h"

namespace core {

/** ggml's name for a `model_type` of config.json: "llama" for llama and mistral, qwen2, qwen3. Throws Error(Unsupported) for others. */
std::string ggufArchitecture(const std::string& modelType);

/** Sizes, norm and rotary embedding under the keys of `architecture`. Throws Error(Unsupported) for a scaling of the rotary embedding that llama.cpp would
    compute otherwise. */
GgufEntries modelKeys(const ModelInfo& info, const std::string& architecture);

/** What the frequencies are divided by, [head_dim / 2], for the tensor rope_freqs; empty where there is no such table (llama3 has one). */
std::vector<float> ropeFactors(const ModelInfo& info);

/** The vocabulary of a model with `rows` rows of embedding: ids behind the vocabulary are padding. Throws Error(Unsupported) where llama.cpp has no name for the
    way the tokenizer splits, or the vocabulary is larger than the embedding. */
GgufEntries vocabularyKeys(const Tokenizer& tokenizer, std::int64_t rows);

} // namespace core
