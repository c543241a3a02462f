// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/tokenizer/sentencepiece_model.h"

namespace core {

/** All that makes the ids of a text, in the terms of GGUF, whatever files it came from. */
struct Vocabulary
{
    struct Token
    {
        std::string piece; // empty: the id is not used
        PieceType type = PieceType::Normal;
        float score = 0; // of two possible merges the one with the higher score is done first; byte level: not used
    };

    bool byteLevel = false;            // merges of bytes by rank; else SentencePiece's merges by score
    std::vector<Token> tokens;         // by id
    std::vector<std::string> merges;   // byte level: "left right", lowest rank first
    std::vector<std::string> patterns; // byte level: the splits, one after another, matches isolated
    bool prefixesSpace = false;        // in front of a text
    bool addsBos = false;              // in front of a text
    bool addsEos = false;              // behind it
    std::optional<int> bosId;
    std::optional<int> eosId;
    std::optional<int> unknownId;
};

} // namespace core
