// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

namespace core {

class Tokenizer;

/** The vocabulary that a GGUF file embeds: `tokenizer.ggml.model` "llama" (SentencePiece pieces with scores) or "gpt2"
    (byte-level BPE, whose splitting pattern `tokenizer.ggml.pre` names). The file may hold no tensors. Throws
    Error(Unsupported) for other kinds, naming them. Source: ggml's gguf.md, llama.cpp's llama-vocab.cpp. */
std::shared_ptr<const Tokenizer> loadGgufVocabulary(const std::filesystem::path& file);

} // namespace core
