// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace core {

struct Vocabulary;

enum class SpecialTokens {
    Add,  // what the tokenizer's own configuration puts around a text (Llama: BOS in front)
    Omit, // none
};

/** Text to ids and back. Immutable and safe to share between threads. */
class Tokenizer
{
public:
    virtual ~Tokenizer() = default;

    /** Special and added tokens that stand literally in `text` (such as "<|im_start|>") become their ids. */
    virtual std::vector<int> encode(std::string_view text, SpecialTokens special) const = 0;

    /** Ids to text; special tokens are left out. Throws Error(InvalidArgument) for an id outside the vocabulary. */
    virtual std::string decode(std::span<const int> ids) const = 0;

    /** The bytes that `id` adds in the middle of a text: possibly part of a character; "▁" is already a space. Empty
        for special tokens. */
    virtual std::string bytesOf(int id) const = 0;

    /** The piece as the vocabulary spells it ("▁the", "<0x0A>", "Ġthe"). */
    virtual std::string piece(int id) const = 0;
    virtual bool isSpecial(int id) const = 0;
    virtual std::optional<int> idOf(std::string_view piece) const = 0;

    virtual std::string_view kind() const = 0; // "sentencepiece" | "bpe"
    virtual int vocabSize() const = 0;
    virtual std::optional<int> bosId() const = 0;
    virtual std::optional<int> eosId() const = 0;

    /** The ids after which a reply is complete: eosId first, then further ones that generation_config.json names
        (Llama-3 Instruct: <|end_of_text|>, <|eom_id|>, <|eot_id|>). */
    virtual std::vector<int> endIds() const = 0;

    /** Whether a text begins with a space of the tokenizer's own making, which decode() takes away again. */
    virtual bool dropsFirstSpace() const = 0;

    /** The chat template (Jinja) that the tokenizer's files carry, empty where there is none. */
    virtual const std::string& chatTemplate() const = 0;

    /** Throws Error(Unsupported) naming what GGUF has no place for: SentencePiece's unigram models, splits that take matches out
        of the text. */
    virtual Vocabulary vocabulary() const = 0;
};

/** From a model folder, or a folder or file that holds only a tokenizer: `tokenizer.model` of sentencepiece or of tiktoken
    ranks, `*.tiktoken`, `tokenizer.json`, `vocab.json` with `merges.txt`, or a GGUF file's embedded vocabulary.
    `tokenizer_config.json`, `added_tokens.json`, `special_tokens_map.json` and `generation_config.json` beside it are heeded.
    Throws Error(NotFound | Corrupt | Unsupported) naming file and reason. */
std::shared_ptr<const Tokenizer> loadTokenizer(const std::filesystem::path& path);

/** Turns ids into text one at a time without ever giving out half a character: bytes of an unfinished UTF-8 sequence wait
    for the next id. */
class StreamingDecoder
{
public:
    explicit StreamingDecoder(std::shared_ptr<const Tokenizer> tokenizer);

    std::string push(int id); // the text that is now certain, possibly empty
    std::string finish();     // what still waits; malformed rests become U+FFFD

    // All pieces joined are what decode() gives for all ids.

private:
    std::shared_ptr<const Tokenizer> m_tokenizer;
    std::string m_pending;
    bool m_first = true;
};

} // namespace core
