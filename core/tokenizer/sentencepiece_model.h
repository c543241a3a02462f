// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/** The numbers of ModelProto.SentencePiece.Type; GGUF's tokenizer.ggml.token_type uses the same. */
enum class PieceType { Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Unused = 5, Byte = 6 };

struct SentencePiece
{
    std::string piece; // with "▁" for a space
    float score = 0;   // of two possible merges the one with the higher score is done first
    PieceType type = PieceType::Normal;
};

/** The parts of a SentencePiece model file that tokenizing needs. Source: sentencepiece_model.proto (google/sentencepiece). */
struct SentencePieceModel
{
    std::vector<SentencePiece> pieces;
    bool addDummyPrefix = true;
    bool removeExtraWhitespaces = true;
    bool escapeWhitespaces = true;
    bool whitespaceIsSuffix = false;
    bool isBpe = false;           // else unigram, word or char
    std::optional<int> unknownId; // the three: only for writing, where they differ from 0, 1, 2
    std::optional<int> bosId;
    std::optional<int> eosId;
};

/** Reads the pieces and the normalizer's flags of a serialized ModelProto. Throws Error(Corrupt) naming `file` and the
    byte position where the wire format is broken. */
SentencePieceModel parseSentencePieceModel(std::string_view proto, const std::string& file);

/** Whether BPE never merges across a place where a letter is followed by a space: no piece holds "▁" behind another
    character. A text can then be encoded part by part. */
bool mergesStayWithinWords(const SentencePieceModel& model);

/** A BPE ModelProto with identity normalization that SentencePiece itself can load. Byte fallback is on where the model
    has pieces of type Byte. */
std::string serializeSentencePieceModel(const SentencePieceModel& model);

/** `proto` with normalizer_spec.add_dummy_prefix = false: serialized messages merge when they are joined. */
std::string withoutDummyPrefix(std::string proto);

} // namespace core
