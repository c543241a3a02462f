// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/sentencepiece_tokenizer.h"

#include "core/base/error.h"
#include "core/io/json.h"
#include "core/tokenizer/byte_pieces.h"
#include "core/tokenizer/text_normalizer.h"
#include "core/tokenizer/tokenizer_frame.h"

#include <sentencepiece_processor.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace core {
namespace {

constexpr std::string_view kSpaceMark = "\xE2\x96\x81"; // "▁", U+2581

struct Entry
{
    std::string piece;
    std::string bytes;
    bool special = false;
    PieceType type = PieceType::UserDefined; // of added tokens behind the pieces
    float score = 0;
};

enum class Prefix {
    Library, // SentencePiece's own dummy prefix, for each stretch of text
    Front,   // one "▁" before the whole text
    None,    // none, and SentencePiece's is off
};

struct Parts
{
    std::unique_ptr<sentencepiece::SentencePieceProcessor> processor;
    std::vector<Entry> entries;
    std::unordered_map<std::string, int> ids;
    AddedTokenSplitter added;
    Prefix prefix = Prefix::Library;
    bool legacy = true;
    bool dropsFirstSpace = true;
    bool encodesInParts = false;
    bool prefixesSpace = true;
    bool isBpe = true;
    std::string unknown; // the unknown token's text, a guard before leading spaces
    std::string origin;
};

class SentencePieceTokenizer final : public FramedTokenizer
{
public:
    SentencePieceTokenizer(Parts parts, TokenizerFrame frame)
        : FramedTokenizer(std::move(frame))
        , m_parts(std::move(parts))
    {
        if (!m_parts.legacy)
            m_guardLength = idsOf(m_parts.unknown).size();
    }

    std::string bytesOf(int id) const override
    {
        requireId(id);
        return m_parts.entries[id].bytes;
    }

    std::string piece(int id) const override
    {
        requireId(id);
        return m_parts.entries[id].piece;
    }

    bool isSpecial(int id) const override
    {
        requireId(id);
        return m_parts.entries[id].special;
    }

    std::optional<int> idOf(std::string_view piece) const override
    {
        const auto found = m_parts.ids.find(std::string(piece));
        return found == m_parts.ids.end() ? std::nullopt : std::optional(found->second);
    }

    std::string_view kind() const override { return "sentencepiece"; }
    int vocabSize() const override { return static_cast<int>(m_parts.entries.size()); }
    bool dropsFirstSpace() const override { return m_parts.dropsFirstSpace; }

protected:
    Vocabulary pieces() const override
    {
        if (!m_parts.isBpe)
            throw Error(ErrorKind::Unsupported, "the SentencePiece model chooses pieces by likelihood, not by merges",
                        m_parts.origin);
        Vocabulary vocabulary;
        vocabulary.prefixesSpace = m_parts.prefixesSpace;
        for (const Entry& entry : m_parts.entries) {
            const bool becameSpecial = entry.special && entry.type != PieceType::Unknown;
            if (entry.type == PieceType::Unknown)
                vocabulary.unknownId = static_cast<int>(vocabulary.tokens.size());
            vocabulary.tokens.push_back({entry.piece, becameSpecial ? PieceType::Control : entry.type, entry.score});
        }
        return vocabulary;
    }

    void encodeText(std::string_view text, std::vector<int>& ids) const override
    {
        if (m_parts.legacy) {
            for (const TextSegment& segment : m_parts.added.split(text))
                appendSegment(segment, ids);
            return;
        }
        // transformers: tokenization_llama.py, tokenize().
        std::string prepared = m_parts.prefix == Prefix::Front ? std::string(kSpaceMark) : std::string();
        prepared += replaceAll(text, kSpaceMark, " ");
        const std::vector<TextSegment> segments = m_parts.added.split(prepared);
        const bool markAlone = m_parts.prefix == Prefix::Front && segments.size() > 1 && !segments[0].token
            && segments[0].text == kSpaceMark && segments[1].token && segments[1].token->special;
        for (std::size_t i = markAlone ? 1 : 0; i < segments.size(); ++i)
            appendSegment(segments[i], ids);
    }

private:
    void appendSegment(const TextSegment& segment, std::vector<int>& ids) const
    {
        if (segment.token) {
            ids.push_back(segment.token->id);
            return;
        }
        std::string_view rest = segment.text;
        bool first = true;
        while (!rest.empty()) {
            const std::size_t length = m_parts.encodesInParts ? lengthOfPart(rest) : rest.size();
            std::string_view part = rest.substr(0, length);
            if (!first && m_parts.prefix == Prefix::Library)
                part.remove_prefix(1); // the space that the dummy prefix is again
            appendPart(part, ids);
            rest.remove_prefix(length);
            first = false;
        }
    }

    // SentencePiece's time grows faster than the text; parts that end before a space between two letters or digits give
    // the same ids (see mergesStayWithinWords).
    static std::size_t lengthOfPart(std::string_view text)
    {
        constexpr std::size_t kPart = 2048;
        const auto isPlain = [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        };
        for (std::size_t i = text.find(' ', kPart); i != std::string_view::npos; i = text.find(' ', i + 1)) {
            if (i + 1 < text.size() && isPlain(text[i - 1]) && isPlain(text[i + 1]))
                return i;
        }
        return text.size();
    }

    void appendPart(std::string_view part, std::vector<int>& ids) const
    {
        const bool needsGuard = !m_parts.legacy && (part.starts_with(kSpaceMark) || part.starts_with(' '));
        if (!needsGuard) {
            const std::vector<int> found = idsOf(part);
            ids.insert(ids.end(), found.begin(), found.end());
            return;
        }
        // Without its dummy prefix SentencePiece may strip leading spaces; behind the unknown token they are not leading.
        const std::vector<int> found = idsOf(m_parts.unknown + std::string(part));
        ids.insert(ids.end(), found.begin() + static_cast<std::ptrdiff_t>(std::min(m_guardLength, found.size())),
                   found.end());
    }

    std::vector<int> idsOf(std::string_view text) const
    {
        std::vector<int> ids;
        const sentencepiece::util::Status status = m_parts.processor->Encode(text, &ids);
        if (!status.ok())
            throw Error(ErrorKind::Internal, "SentencePiece cannot encode a text: " + status.ToString(),
                        m_parts.origin);
        return ids;
    }

    Parts m_parts;
    std::size_t m_guardLength = 0;
};

std::vector<Entry> entriesOf(const SentencePieceModel& model)
{
    std::vector<Entry> entries;
    entries.reserve(model.pieces.size());
    for (const SentencePiece& piece : model.pieces) {
        Entry entry{.piece = piece.piece,
                    .bytes = {},
                    .special = piece.type == PieceType::Control || piece.type == PieceType::Unknown,
                    .type = piece.type,
                    .score = piece.score};
        if (piece.type == PieceType::Byte && byteOfPiece(piece.piece))
            entry.bytes = *byteOfPiece(piece.piece);
        else if (!entry.special)
            entry.bytes = replaceAll(piece.piece, kSpaceMark, " ");
        entries.push_back(std::move(entry));
    }
    return entries;
}

std::vector<AddedToken> addedTokensOf(const SentencePieceModel& model, const TokenizerSettings& settings,
                                      const std::unordered_map<std::string, int>& ids)
{
    std::vector<AddedToken> tokens = settings.addedTokens; // first: their flags count
    for (const auto& [content, id] : settings.addedTokenIds)
        tokens.push_back({.id = id, .content = content});
    for (AddedToken token : settings.specialTokens) {
        const auto found = ids.find(token.content);
        if (found != ids.end()) {
            token.id = found->second;
            tokens.push_back(std::move(token));
        }
    }
    for (std::size_t id = 0; id < model.pieces.size(); ++id) {
        const SentencePiece& piece = model.pieces[id];
        if (piece.type == PieceType::Control || piece.type == PieceType::Unknown)
            tokens.push_back({.id = static_cast<int>(id), .content = piece.piece, .special = true});
    }
    return tokens;
}

// Added tokens may stand behind the pieces (a fine-tuned model's), or name pieces and change whether they are special.
void mergeAddedTokens(const std::vector<AddedToken>& tokens, Parts& parts)
{
    constexpr int kMostTokens = 1 << 24;
    for (const AddedToken& token : tokens) {
        if (token.id > kMostTokens)
            throw Error(ErrorKind::Corrupt,
                        "the added token \"" + token.content + "\" has the absurd id " + std::to_string(token.id),
                        parts.origin);
        if (token.id >= static_cast<int>(parts.entries.size()))
            parts.entries.resize(token.id + 1);
        Entry& entry = parts.entries[token.id];
        entry.special = entry.special || token.special;
        if (entry.piece.empty()) {
            entry.piece = token.content;
            entry.bytes = token.content;
            parts.ids.try_emplace(token.content, token.id);
        }
        if (entry.special)
            entry.bytes.clear();
    }
}

std::shared_ptr<const Tokenizer> assemble(const SentencePieceModel& model, std::string proto,
                                          const TokenizerSettings& settings, const std::string& origin)
{
    Parts parts;
    parts.origin = origin;
    parts.legacy = settings.legacy.value_or(true);
    parts.unknown = settings.unknownToken.value_or("<unk>");
    if (!parts.legacy)
        parts.prefix = settings.addPrefixSpace.value_or(true) ? Prefix::Front : Prefix::None;
    parts.dropsFirstSpace =
        parts.legacy ? model.addDummyPrefix || model.removeExtraWhitespaces : parts.prefix == Prefix::Front;
    parts.prefixesSpace = parts.legacy ? model.addDummyPrefix : parts.prefix == Prefix::Front;
    parts.isBpe = model.isBpe;
    // Without a dummy prefix and without the guard, a part's leading space could be stripped.
    parts.encodesInParts = mergesStayWithinWords(model) && (!parts.legacy || model.addDummyPrefix);
    parts.processor = std::make_unique<sentencepiece::SentencePieceProcessor>();
    const auto status =
        parts.processor->LoadFromSerializedProto(parts.legacy ? proto : withoutDummyPrefix(std::move(proto)));
    if (!status.ok())
        throw Error(ErrorKind::Corrupt, "SentencePiece refuses the model: " + status.ToString(), origin);

    parts.entries = entriesOf(model);
    for (std::size_t id = 0; id < parts.entries.size(); ++id)
        parts.ids.try_emplace(parts.entries[id].piece, static_cast<int>(id));
    std::vector<AddedToken> tokens = addedTokensOf(model, settings, parts.ids);
    mergeAddedTokens(tokens, parts);
    parts.added = AddedTokenSplitter(std::move(tokens));

    TokenizerFrame frame;
    const auto validId = [](int id) { return id >= 0 ? std::optional(id) : std::nullopt; };
    const auto idOf = [&parts](const std::string& token) -> std::optional<int> {
        const auto found = parts.ids.find(token);
        return found == parts.ids.end() ? std::nullopt : std::optional(found->second);
    };
    frameFromSettings(settings, validId(parts.processor->bos_id()), validId(parts.processor->eos_id()), idOf, frame);
    if (frame.bos && settings.addBos.value_or(true))
        frame.before.push_back(*frame.bos);
    if (frame.eos && settings.addEos.value_or(false))
        frame.behind.push_back(*frame.eos);
    return std::make_shared<SentencePieceTokenizer>(std::move(parts), std::move(frame));
}

} // namespace

std::shared_ptr<const Tokenizer> loadSentencePiece(const std::filesystem::path& file, const TokenizerSettings& settings)
{
    std::string proto = readFile(file);
    const SentencePieceModel model = parseSentencePieceModel(proto, file.string());
    return assemble(model, std::move(proto), settings, file.string());
}

std::shared_ptr<const Tokenizer> makeSentencePiece(SentencePieceModel model, const TokenizerSettings& settings,
                                                   const std::string& origin)
{
    SentencePieceModel unique = model;
    std::unordered_set<std::string_view> seen;
    bool hasUnknown = false;
    for (std::size_t id = 0; id < model.pieces.size(); ++id) {
        SentencePiece& piece = unique.pieces[id];
        if (piece.piece.empty() || !seen.insert(model.pieces[id].piece).second) {
            piece.piece = "\x01unused " + std::to_string(id); // SentencePiece refuses empty and repeated pieces
            piece.type = PieceType::Unused;
        }
        if (piece.type == PieceType::Unknown && std::exchange(hasUnknown, true))
            piece.type = PieceType::Control; // it knows one unknown piece
    }
    if (!hasUnknown)
        throw Error(ErrorKind::Unsupported, "the vocabulary has no unknown token", origin);
    return assemble(model, serializeSentencePieceModel(unique), settings, origin);
}

} // namespace core
