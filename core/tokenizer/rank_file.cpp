// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/io/json.h"
#include "core/tokenizer/bpe_files.h"
#include "core/tokenizer/bpe_tokenizer.h"
#include "core/tokenizer/byte_alphabet.h"

#include <algorithm>
#include <charconv>

namespace core {
namespace {

/** What a rank file leaves to the program. */
struct KnownVocabulary
{
    std::size_t ranks = 0;
    const char* pattern = nullptr;
    bool composed = false; // NFC first
    bool addsBos = false;
    const char* bos = nullptr;
    std::vector<std::string> special{}; // ids follow the ranks
    std::vector<std::string> ends{};    // eos first
};

// Source: models/llama3/tokenizer.py of meta-llama/llama-models; the two names that it changed after the release of
// Llama 3.1 (<|step_id|>, <|image|>) stand here as in the released tokenizer.json.
KnownVocabulary llama3()
{
    KnownVocabulary known{.ranks = 128000, .pattern = kLlama3Pattern, .addsBos = true, .bos = "<|begin_of_text|>"};
    known.special = {"<|begin_of_text|>",
                     "<|end_of_text|>",
                     "<|reserved_special_token_0|>",
                     "<|reserved_special_token_1|>",
                     "<|finetune_right_pad_id|>",
                     "<|reserved_special_token_2|>",
                     "<|start_header_id|>",
                     "<|end_header_id|>",
                     "<|eom_id|>",
                     "<|eot_id|>",
                     "<|python_tag|>"};
    for (int i = 3; known.special.size() < 256; ++i)
        known.special.push_back("<|reserved_special_token_" + std::to_string(i) + "|>");
    known.ends = {"<|end_of_text|>", "<|eom_id|>", "<|eot_id|>"};
    return known;
}

// Source: tokenization_qwen.py of the first Qwen models.
KnownVocabulary qwen()
{
    KnownVocabulary known{.ranks = 151643, .pattern = kQwen2Pattern, .composed = true};
    known.special = {"<|endoftext|>", "<|im_start|>", "<|im_end|>"};
    for (int i = 0; i < 205; ++i)
        known.special.push_back("<|extra_" + std::to_string(i) + "|>");
    known.ends = {"<|endoftext|>", "<|im_end|>"};
    return known;
}

int base64Value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

std::optional<std::string> decodeBase64(std::string_view text)
{
    if (text.empty() || text.size() % 4 != 0)
        return std::nullopt;
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    std::string bytes;
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int value = i >= text.size() - padding ? 0 : base64Value(text[i]);
        if (value < 0)
            return std::nullopt;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        if (i % 4 == 3) {
            bytes += static_cast<char>(bits >> 16);
            bytes += static_cast<char>(bits >> 8);
            bytes += static_cast<char>(bits);
        }
    }
    bytes.resize(bytes.size() - padding);
    return bytes;
}

struct RankLine
{
    std::string bytes;
    int rank = 0;
};

std::optional<RankLine> parseRankLine(std::string_view line)
{
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos)
        return std::nullopt;
    std::optional<std::string> bytes = decodeBase64(line.substr(0, space));
    int rank = 0;
    const auto [end, problem] = std::from_chars(line.data() + space + 1, line.data() + line.size(), rank);
    if (!bytes || problem != std::errc() || end != line.data() + line.size() || rank < 0)
        return std::nullopt;
    return RankLine{std::move(*bytes), rank};
}

// Token bytes by rank.
std::vector<std::string> readRanks(std::string_view content, const std::string& origin)
{
    constexpr int kMostRanks = 1 << 24;
    std::vector<std::string> tokens;
    std::size_t number = 1;
    for (std::size_t begin = 0; begin < content.size(); ++number) {
        const std::size_t end = std::min(content.find('\n', begin), content.size());
        const std::string_view line = content.substr(begin, end - begin);
        begin = end + 1;
        if (line.empty() || line == "\r")
            continue;
        std::optional<RankLine> parsed = parseRankLine(line);
        if (!parsed || parsed->rank >= kMostRanks)
            throw Error(ErrorKind::Corrupt,
                        "line " + std::to_string(number) + " is not \"base64 rank\": \""
                            + std::string(line.substr(0, 60)) + "\" (is the file cut short?)",
                        origin);
        if (parsed->rank >= static_cast<int>(tokens.size()))
            tokens.resize(parsed->rank + 1);
        if (!tokens[parsed->rank].empty())
            throw Error(ErrorKind::Corrupt,
                        "rank " + std::to_string(parsed->rank) + " stands twice, again in line "
                            + std::to_string(number),
                        origin);
        tokens[parsed->rank] = std::move(parsed->bytes);
    }
    const auto hole = std::find(tokens.begin(), tokens.end(), std::string());
    if (hole != tokens.end())
        throw Error(ErrorKind::Corrupt, "rank " + std::to_string(hole - tokens.begin()) + " is missing", origin);
    return tokens;
}

// tiktoken merges any two neighbours that make a token, lowest rank first: for each token one rule for every cut into two
// tokens.
std::vector<BpeMerge> mergesOf(const std::vector<std::string>& tokens)
{
    std::unordered_map<std::string_view, int> ids;
    ids.reserve(tokens.size());
    for (std::size_t id = 0; id < tokens.size(); ++id)
        ids.try_emplace(tokens[id], static_cast<int>(id));
    std::vector<BpeMerge> merges;
    merges.reserve(tokens.size() * 2);
    for (std::size_t id = 0; id < tokens.size(); ++id) {
        const std::string_view token = tokens[id];
        for (std::size_t cut = 1; cut < token.size(); ++cut) {
            const auto left = ids.find(token.substr(0, cut));
            const auto right = left == ids.end() ? ids.end() : ids.find(token.substr(cut));
            if (right != ids.end())
                merges.push_back({left->second, right->second, static_cast<int>(id)});
        }
    }
    return merges;
}

const KnownVocabulary& knownVocabulary(std::size_t ranks, const std::string& origin)
{
    static const std::vector<KnownVocabulary> kKnown{llama3(), qwen()};
    for (const KnownVocabulary& known : kKnown) {
        if (known.ranks == ranks)
            return known;
    }
    throw Error(ErrorKind::Unsupported,
                "a rank file of " + std::to_string(ranks)
                    + " tokens: its pattern and special tokens "
                      "are not known (Llama-3 has 128000, Qwen 151643; is the file cut short?)",
                origin);
}

} // namespace

bool looksLikeRanks(std::string_view content)
{
    return parseRankLine(content.substr(0, content.substr(0, 4096).find('\n'))).has_value();
}

std::shared_ptr<const Tokenizer> loadRanks(const std::filesystem::path& file, const TokenizerSettings& settings)
{
    const std::string origin = file.string();
    const std::vector<std::string> tokens = readRanks(readFile(file), origin);
    const KnownVocabulary& known = knownVocabulary(tokens.size(), origin);

    BpeSpec spec;
    spec.ignoreMerges = true;
    spec.merges = mergesOf(tokens);
    spec.preTokenizer.addStep(known.pattern, SplitBehavior::Isolated, false, origin);
    if (known.composed)
        spec.normalizer.add(UnicodeForm::C);
    for (const std::string& token : tokens)
        spec.pieces.push_back(spellBytes(token));
    spec.added = settings.addedTokens;
    std::vector<AddedToken> published;
    for (std::size_t i = 0; i < known.special.size(); ++i)
        published.push_back({.id = static_cast<int>(known.ranks + i), .content = known.special[i], .special = true});
    addMissing(spec.added, published);

    const std::unordered_map<std::string, int> ids = idsByPiece(spec);
    const auto idOf = [&ids](const std::string& token) -> std::optional<int> {
        const auto found = ids.find(token);
        return found == ids.end() ? std::nullopt : std::optional(found->second);
    };
    TokenizerSettings completed = settings;
    for (const std::string& end : known.ends) {
        if (const std::optional<int> id = settings.endIds.empty() ? idOf(end) : std::nullopt)
            completed.endIds.push_back(*id);
    }
    TokenizerFrame frame;
    frameFromSettings(completed, known.bos ? idOf(known.bos) : std::nullopt, idOf(known.ends.front()), idOf, frame);
    if (frame.bos && settings.addBos.value_or(known.addsBos))
        frame.before.push_back(*frame.bos);
    if (frame.eos && settings.addEos.value_or(false))
        frame.behind.push_back(*frame.eos);
    return makeBpe(std::move(spec), std::move(frame), origin);
}

} // namespace core
