// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/tokenizer/bpe_merges.h"
#include "core/tokenizer/pre_tokenizer.h"
#include "core/tokenizer/text_normalizer.h"
#include "core/tokenizer/tokenizer_frame.h"

#include <memory>
#include <unordered_map>

namespace core {

/** Where a "▁" goes in front of a text without one. */
enum class SpaceMark { Nowhere, FirstStretch, EveryStretch };

/** Everything that makes a BPE tokenizer, whatever file it came from. */
struct BpeSpec
{
    std::vector<std::string> pieces; // by id, as the vocabulary spells them; empty where an id is not used
    std::vector<BpeMerge> merges;    // lowest rank first
    std::vector<AddedToken> added;   // their ids may lie behind the pieces
    TextNormalizer normalizer;
    PreTokenizer preTokenizer;

    bool byteLevel = true;     // pieces are spelled in the alphabet of byte_alphabet.h; else in characters
    bool prependSpace = false; // a space before a text (or stretch between added tokens) that does not begin with one
    SpaceMark spaceMark = SpaceMark::Nowhere; // a stretch is what lies between added tokens
    bool ignoreMerges = false;                // a word that is a piece is taken whole
    bool byteFallback = false;                // not byteLevel: characters without a piece become "<0xE2>"...
    bool fuseUnknown = false;                 // neighbouring unknown characters become one unknown token
    std::optional<int> unknown;               // absent: unknown characters vanish
    bool dropsFirstSpace = false;
};

/** `frame` holds ids of `spec`. Throws Error(Corrupt) naming `origin` where ids are out of range. */
std::shared_ptr<const Tokenizer> makeBpe(BpeSpec spec, TokenizerFrame frame, const std::string& origin);

/** Ids by piece and by added token, for building merges and frames. */
std::unordered_map<std::string, int> idsByPiece(const BpeSpec& spec);

/** Merge rules from their usual spelling "left right". Throws Error(Corrupt) naming `origin`, the rule's number and its
    text where a part or the result is no piece. */
class MergeReader
{
public:
    MergeReader(const std::unordered_map<std::string, int>& ids, std::string origin)
        : m_ids(ids)
        , m_origin(std::move(origin))
    {
    }

    void add(const std::string& left, const std::string& right);
    void add(std::string_view line); // left and right with one space between them

    std::vector<BpeMerge> take() { return std::move(m_merges); }

private:
    int idOf(const std::string& piece, const std::string& left, const std::string& right) const;

    const std::unordered_map<std::string, int>& m_ids;
    std::string m_origin;
    std::vector<BpeMerge> m_merges;
};

} // namespace core
