// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/bpe_tokenizer.h"

#include "core/base/error.h"
#include "core/tokenizer/byte_alphabet.h"
#include "core/tokenizer/byte_pieces.h"
#include "core/tokenizer/utf8_decoding.h"

#include <algorithm>
#include <array>

namespace core {
namespace {

constexpr std::string_view kSpaceMark = "\xE2\x96\x81"; // "▁"
constexpr std::size_t kLongestRemembered = 64;          // bytes of a word whose ids are kept within one text
constexpr int kNone = -1;

struct Entry
{
    std::string piece;
    std::string bytes;
    bool special = false;
    bool added = false;
};

struct StringHash
{
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

using IdMap = std::unordered_map<std::string, int, StringHash, std::equal_to<>>;

class BpeTokenizer final : public FramedTokenizer
{
public:
    BpeTokenizer(BpeSpec spec, TokenizerFrame frame, const std::string& origin);

    std::string bytesOf(int id) const override
    {
        requireId(id);
        return m_entries[id].bytes;
    }

    std::string piece(int id) const override
    {
        requireId(id);
        return m_entries[id].piece;
    }

    bool isSpecial(int id) const override
    {
        requireId(id);
        return m_entries[id].special;
    }

    std::optional<int> idOf(std::string_view piece) const override
    {
        const auto found = m_ids.find(piece);
        return found == m_ids.end() ? std::nullopt : std::optional(found->second);
    }

    std::string_view kind() const override { return "bpe"; }
    int vocabSize() const override { return static_cast<int>(m_entries.size()); }
    bool dropsFirstSpace() const override { return m_spec.dropsFirstSpace; }

protected:
    Vocabulary pieces() const override;
    void encodeText(std::string_view text, std::vector<int>& ids) const override;

private:
    void addEntries(const std::string& origin);
    void indexSymbols();
    void encodeSegment(std::string_view segment, bool first, std::vector<int>& ids) const;
    void appendWord(std::string_view word, std::vector<int>& scratch, std::vector<int>& ids) const;
    PieceType typeOf(int id) const;
    void bytesToSymbols(std::string_view word, std::vector<int>& symbols) const;
    void charactersToSymbols(std::string_view word, std::vector<int>& symbols) const;
    void appendUnknown(std::vector<int>& symbols) const;

    BpeSpec m_spec; // pieces and rules are moved out of it
    BpeMerges m_merges;
    std::vector<Entry> m_entries;
    IdMap m_ids;   // by piece
    IdMap m_words; // by bytes, for ignoreMerges
    std::array<int, 256> m_byteIds{};
    AddedTokenSplitter m_rawTokens;        // looked for in the text as it is
    AddedTokenSplitter m_normalizedTokens; // in the normalized text
};

BpeTokenizer::BpeTokenizer(BpeSpec spec, TokenizerFrame frame, const std::string& origin)
    : FramedTokenizer(std::move(frame))
    , m_spec(std::move(spec))
    , m_merges(m_spec.merges)
{
    m_spec.merges = {};
    addEntries(origin);
    indexSymbols();
    std::vector<AddedToken> raw, normalized;
    for (AddedToken& token : m_spec.added)
        (token.normalized ? normalized : raw).push_back(std::move(token));
    m_rawTokens = AddedTokenSplitter(std::move(raw));
    m_normalizedTokens = AddedTokenSplitter(std::move(normalized));
    m_spec.added = {};
}

void BpeTokenizer::addEntries(const std::string& origin)
{
    constexpr int kMostTokens = 1 << 24;
    m_entries.reserve(m_spec.pieces.size() + m_spec.added.size());
    for (std::string& piece : m_spec.pieces) {
        Entry entry;
        if (const std::optional<std::string> bytes = m_spec.byteLevel ? bytesOfSpelling(piece) : std::nullopt)
            entry.bytes = *bytes;
        else if (const std::optional<char> byte = m_spec.byteFallback ? byteOfPiece(piece) : std::nullopt)
            entry.bytes = *byte;
        else
            entry.bytes = m_spec.byteLevel ? piece : replaceAll(piece, kSpaceMark, " ");
        entry.piece = std::move(piece);
        m_entries.push_back(std::move(entry));
    }
    m_spec.pieces = {};
    for (const AddedToken& token : m_spec.added) {
        if (token.id < 0 || token.id >= kMostTokens)
            throw Error(ErrorKind::Corrupt,
                        "the added token \"" + token.content + "\" has the id " + std::to_string(token.id), origin);
        if (token.id >= vocabSize())
            m_entries.resize(token.id + 1);
        m_entries[token.id] = {token.content, token.special ? std::string() : token.content, token.special, true};
    }
    for (int id = 0; id < vocabSize(); ++id) {
        if (!m_entries[id].piece.empty())
            m_ids.try_emplace(m_entries[id].piece, id);
    }
    if (m_spec.unknown && (*m_spec.unknown < 0 || *m_spec.unknown >= vocabSize()))
        throw Error(ErrorKind::Corrupt,
                    "the unknown token's id " + std::to_string(*m_spec.unknown) + " is outside the vocabulary", origin);
}

void BpeTokenizer::indexSymbols()
{
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        m_byteIds[byte] = idOf(m_spec.byteLevel ? spellBytes({&c, 1}) : pieceOfByte(c)).value_or(kNone);
    }
    if (!m_spec.ignoreMerges)
        return;
    m_words.reserve(m_entries.size());
    for (int id = 0; id < vocabSize(); ++id) {
        const Entry& entry = m_entries[id];
        if (!entry.special && !entry.piece.empty())
            m_words.try_emplace(m_spec.byteLevel ? entry.bytes : entry.piece, id);
    }
}

void BpeTokenizer::encodeText(std::string_view text, std::vector<int>& ids) const
{
    for (const TextSegment& outer : m_rawTokens.split(text)) {
        if (outer.token) {
            ids.push_back(outer.token->id);
            continue;
        }
        const std::string normalized =
            m_spec.normalizer.empty() ? std::string() : m_spec.normalizer.normalize(outer.text);
        const std::string_view whole = m_spec.normalizer.empty() ? outer.text : std::string_view(normalized);
        for (const TextSegment& inner : m_normalizedTokens.split(whole)) {
            if (inner.token)
                ids.push_back(inner.token->id);
            else
                encodeSegment(inner.text, outer.text.data() == text.data() && inner.text.data() == whole.data(), ids);
        }
    }
}

void BpeTokenizer::encodeSegment(std::string_view segment, bool first, std::vector<int>& ids) const
{
    std::string prefixed;
    const bool marked =
        m_spec.spaceMark == SpaceMark::EveryStretch || (m_spec.spaceMark == SpaceMark::FirstStretch && first);
    if (marked && !segment.starts_with(kSpaceMark)) {
        prefixed.append(kSpaceMark).append(segment);
        segment = prefixed;
    } else if (m_spec.prependSpace && !segment.starts_with(' ')) {
        prefixed.append(1, ' ').append(segment);
        segment = prefixed;
    }
    struct Range
    {
        std::size_t begin, end; // in ids
    };
    std::unordered_map<std::string_view, Range> remembered;
    std::vector<int> scratch;
    for (const std::string_view word : m_spec.preTokenizer.split(segment)) {
        if (const auto found = remembered.find(word); found != remembered.end()) {
            for (std::size_t i = found->second.begin; i < found->second.end; ++i)
                ids.push_back(ids[i]);
            continue;
        }
        const std::size_t begin = ids.size();
        appendWord(word, scratch, ids);
        if (word.size() <= kLongestRemembered)
            remembered.emplace(word, Range{begin, ids.size()});
    }
}

void BpeTokenizer::appendWord(std::string_view word, std::vector<int>& scratch, std::vector<int>& ids) const
{
    if (m_spec.ignoreMerges) {
        if (const auto whole = m_words.find(word); whole != m_words.end()) {
            ids.push_back(whole->second);
            return;
        }
    }
    scratch.clear();
    if (m_spec.byteLevel)
        bytesToSymbols(word, scratch);
    else
        charactersToSymbols(word, scratch);
    m_merges.apply(scratch);
    ids.insert(ids.end(), scratch.begin(), scratch.end());
}

void BpeTokenizer::bytesToSymbols(std::string_view word, std::vector<int>& symbols) const
{
    for (const char c : word) {
        const int id = m_byteIds[static_cast<unsigned char>(c)];
        if (id != kNone)
            symbols.push_back(id);
        else
            appendUnknown(symbols);
    }
}

void BpeTokenizer::charactersToSymbols(std::string_view word, std::vector<int>& symbols) const
{
    for (std::size_t i = 0; i < word.size();) {
        const std::string_view character = word.substr(i, utf8At(word, i).length);
        i += character.size();
        if (const auto found = m_ids.find(character); found != m_ids.end()) {
            symbols.push_back(found->second);
            continue;
        }
        const auto hasByte = [this](char c) { return m_byteIds[static_cast<unsigned char>(c)] != kNone; };
        if (m_spec.byteFallback && std::all_of(character.begin(), character.end(), hasByte)) {
            for (const char c : character)
                symbols.push_back(m_byteIds[static_cast<unsigned char>(c)]);
        } else {
            appendUnknown(symbols);
        }
    }
}

void BpeTokenizer::appendUnknown(std::vector<int>& symbols) const
{
    const bool fused = m_spec.fuseUnknown && !symbols.empty() && symbols.back() == m_spec.unknown;
    if (m_spec.unknown && !fused)
        symbols.push_back(*m_spec.unknown);
}

PieceType BpeTokenizer::typeOf(int id) const
{
    const Entry& entry = m_entries[id];
    if (entry.piece.empty())
        return PieceType::Unused;
    if (id == m_spec.unknown && !m_spec.byteLevel)
        return PieceType::Unknown;
    if (entry.special)
        return PieceType::Control;
    if (entry.added)
        return PieceType::UserDefined;
    return m_spec.byteFallback && byteOfPiece(entry.piece) ? PieceType::Byte : PieceType::Normal;
}

Vocabulary BpeTokenizer::pieces() const
{
    Vocabulary vocabulary;
    vocabulary.byteLevel = m_spec.byteLevel;
    vocabulary.unknownId = m_spec.unknown;
    vocabulary.prefixesSpace = m_spec.prependSpace || m_spec.dropsFirstSpace;
    for (int id = 0; id < vocabSize(); ++id)
        vocabulary.tokens.push_back({m_entries[id].piece, typeOf(id)});
    const auto rules = m_merges.rules();
    if (!m_spec.byteLevel) { // a rule's rank is the score of what it makes
        for (std::size_t rank = rules.size(); rank-- > 0;)
            vocabulary.tokens[rules[rank].merged].score = -static_cast<float>(rank);
        return vocabulary;
    }
    const auto patterns = m_spec.preTokenizer.patterns();
    if (!patterns)
        throw Error(ErrorKind::Unsupported, "the tokenizer splits texts at matches that are no pieces of their own");
    vocabulary.patterns = *patterns;
    for (const auto& rule : rules)
        vocabulary.merges.push_back(m_entries[rule.left].piece + " " + m_entries[rule.right].piece);
    return vocabulary;
}

} // namespace

std::shared_ptr<const Tokenizer> makeBpe(BpeSpec spec, TokenizerFrame frame, const std::string& origin)
{
    return std::make_shared<BpeTokenizer>(std::move(spec), std::move(frame), origin);
}

std::unordered_map<std::string, int> idsByPiece(const BpeSpec& spec)
{
    std::unordered_map<std::string, int> ids;
    ids.reserve(spec.pieces.size() + spec.added.size());
    for (const AddedToken& token : spec.added)
        ids.try_emplace(token.content, token.id);
    for (std::size_t id = 0; id < spec.pieces.size(); ++id) {
        if (!spec.pieces[id].empty())
            ids.try_emplace(spec.pieces[id], static_cast<int>(id));
    }
    return ids;
}

int MergeReader::idOf(const std::string& piece, const std::string& left, const std::string& right) const
{
    const auto found = m_ids.find(piece);
    if (found == m_ids.end())
        throw Error(ErrorKind::Corrupt,
                    "merge rule " + std::to_string(m_merges.size() + 1) + " (\"" + left + " " + right
                        + "\") needs the piece \"" + piece + "\", which the vocabulary lacks",
                    m_origin);
    return found->second;
}

void MergeReader::add(const std::string& left, const std::string& right)
{
    m_merges.push_back({idOf(left, left, right), idOf(right, left, right), idOf(left + right, left, right)});
}

void MergeReader::add(std::string_view line)
{
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || space == 0 || line.find(' ', space + 1) != std::string_view::npos)
        throw Error(ErrorKind::Corrupt,
                    "merge rule " + std::to_string(m_merges.size() + 1) + " is not two pieces: \""
                        + std::string(line.substr(0, 80)) + "\"",
                    m_origin);
    add(std::string(line.substr(0, space)), std::string(line.substr(space + 1)));
}

} // namespace core
