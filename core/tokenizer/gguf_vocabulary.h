// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/gguf_reader.h"
#include "core/tokenizer/sentencepiece_model.h"
#include "core/tokenizer/tokenizer_settings.h"

#include <filesystem>
#include <memory>

namespace core {

class Tokenizer;

/** The vocabulary that a GGUF file embeds: `tokenizer.ggml.model` "llama" (SentencePiece pieces with scores) or "gpt2"
    (byte-level BPE, whose splitting pattern `tokenizer.ggml.pre` names). The file may hold no tensors. Throws
    Error(Unsupported) for other kinds, naming them. Source: ggml's gguf.md, llama.cpp's llama-vocab.cpp. */
std::shared_ptr<const Tokenizer> loadGgufVocabulary(const std::filesystem::path& file);

/** The same, read but not yet made a tokenizer. */
struct GgufVocabulary
{
    GgufFile gguf;
    std::string origin;              // the file, for messages
    std::string model;               // "llama", "gpt2"
    std::vector<std::string> tokens; // by id, not empty
    std::vector<int> types;          // PieceType, as long as tokens, or empty
    TokenizerSettings settings;

    PieceType type(std::size_t id) const { return static_cast<PieceType>(types[id]); }
};

GgufVocabulary readGgufVocabulary(const std::filesystem::path& file);

/** A "llama" vocabulary as a SentencePiece model. */
SentencePieceModel sentencePieceModelOf(const GgufVocabulary& vocabulary);

/** How a "gpt2" vocabulary splits and merges. */
struct GgufByteLevel
{
    std::vector<std::string> patterns; // applied one after another, matches isolated
    std::vector<std::string> merges;   // "left right", lowest rank first
    std::vector<AddedToken> added;
    bool composed = false;     // Unicode form C first
    bool ignoreMerges = false; // a word that is a piece is taken whole
    bool prependSpace = false;
    bool addBos = false;
    bool addEos = false;
};

GgufByteLevel byteLevelOf(const GgufVocabulary& vocabulary);

} // namespace core
