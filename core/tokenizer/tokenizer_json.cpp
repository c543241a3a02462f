// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/io/json.h"
#include "core/tokenizer/bpe_files.h"
#include "core/tokenizer/bpe_tokenizer.h"

#include <algorithm>

namespace core {
namespace {

constexpr const char* kSpaceMark = "\xE2\x96\x81"; // "▁"

const Json& nothing()
{
    static const Json kNull;
    return kNull;
}

const Json& member(const Json& object, const char* key)
{
    if (!object.is_object())
        return nothing();
    const auto found = object.find(key);
    return found == object.end() ? nothing() : *found;
}

std::string textAt(const Json& object, const char* key)
{
    const Json& value = member(object, key);
    return value.is_string() ? value.get<std::string>() : std::string();
}

bool flagAt(const Json& object, const char* key, bool absent)
{
    const Json& value = member(object, key);
    return value.is_boolean() ? value.get<bool>() : absent;
}

/** Turns the parts of a tokenizer.json into a BpeSpec and the ids around a text. */
class JsonReader
{
public:
    JsonReader(const Json& root, std::string origin)
        : m_root(root)
        , m_origin(std::move(origin))
    {
    }

    void read();

    BpeSpec spec;
    std::vector<int> before;
    std::vector<int> behind;

private:
    void readModel(const Json& model);
    void readAddedTokens(const Json& tokens);
    void readNormalizer(const Json& normalizer);
    void readReplace(const Json& normalizer);
    void readPreTokenizer(const Json& preTokenizer);
    void readSplit(const Json& split);
    void readByteLevel(const Json& byteLevel);
    void readMetaspace(const Json& metaspace);
    void readDecoder(const Json& decoder);
    void readPostProcessor(const Json& processor);
    void readTemplate(const Json& processor);
    SplitBehavior behaviorOf(const std::string& name) const;
    void addSplit(const std::string& pattern, SplitBehavior behavior, bool invert = false);

    [[noreturn]] void refuse(const std::string& what) const { throw Error(ErrorKind::Unsupported, what, m_origin); }
    [[noreturn]] void fail(const std::string& what) const { throw Error(ErrorKind::Corrupt, what, m_origin); }

    const Json& m_root;
    std::string m_origin;
    bool m_byteLevel = false;
    bool m_hasSplit = false;
};

void JsonReader::read()
{
    if (!m_root.is_object() || !member(m_root, "model").is_object())
        fail("no \"model\" object: not a tokenizer.json");
    readNormalizer(member(m_root, "normalizer"));
    readPreTokenizer(member(m_root, "pre_tokenizer"));
    readDecoder(member(m_root, "decoder"));
    spec.byteLevel = m_byteLevel;
    readAddedTokens(member(m_root, "added_tokens"));
    readModel(member(m_root, "model"));
    readPostProcessor(member(m_root, "post_processor"));
}

void JsonReader::readModel(const Json& model)
{
    const std::string type = textAt(model, "type");
    const Json& vocab = member(model, "vocab");
    const Json& merges = member(model, "merges");
    if (type != "BPE" && !(type.empty() && merges.is_array()))
        refuse("the model type \"" + type + "\" is not supported, only BPE is");
    if (!vocab.is_object() || !merges.is_array())
        fail("the BPE model lacks its vocab or its merges");
    for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
        if (!textAt(model, key).empty())
            refuse(std::string("the BPE model uses ") + key + ", which is not supported");
    }
    constexpr std::int64_t kMostTokens = 1 << 24;
    for (const auto& [piece, value] : vocab.items()) {
        const std::int64_t id = value.is_number_integer() ? value.get<std::int64_t>() : -1;
        if (id < 0 || id >= kMostTokens)
            fail("the piece \"" + piece + "\" has no usable id");
        if (id >= static_cast<std::int64_t>(spec.pieces.size()))
            spec.pieces.resize(static_cast<std::size_t>(id) + 1);
        spec.pieces[static_cast<std::size_t>(id)] = piece;
    }
    const std::unordered_map<std::string, int> ids = idsByPiece(spec);
    MergeReader reader(ids, m_origin);
    for (const Json& merge : merges) {
        if (merge.is_string())
            reader.add(merge.get_ref<const std::string&>());
        else if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string())
            reader.add(merge[0].get_ref<const std::string&>(), merge[1].get_ref<const std::string&>());
        else
            fail("a merge rule is neither \"left right\" nor [left, right]");
    }
    spec.merges = reader.take();
    spec.ignoreMerges = flagAt(model, "ignore_merges", false);
    spec.byteFallback = flagAt(model, "byte_fallback", false);
    spec.fuseUnknown = flagAt(model, "fuse_unk", false);
    if (const auto unknown = ids.find(textAt(model, "unk_token")); unknown != ids.end())
        spec.unknown = unknown->second;
}

void JsonReader::readAddedTokens(const Json& tokens)
{
    if (!tokens.is_array())
        return;
    for (const Json& entry : tokens) {
        const Json& id = member(entry, "id");
        if (!id.is_number_integer() || id.get<std::int64_t>() < 0 || id.get<std::int64_t>() > INT32_MAX)
            fail("the added token \"" + textAt(entry, "content") + "\" has no usable id");
        AddedToken token{.id = id.get<int>(), .content = textAt(entry, "content")};
        token.special = flagAt(entry, "special", false);
        token.lstrip = flagAt(entry, "lstrip", false);
        token.rstrip = flagAt(entry, "rstrip", false);
        token.singleWord = flagAt(entry, "single_word", false);
        token.normalized = flagAt(entry, "normalized", !token.special);
        spec.added.push_back(std::move(token));
    }
}

void JsonReader::readNormalizer(const Json& normalizer)
{
    if (normalizer.is_null())
        return;
    const std::string type = textAt(normalizer, "type");
    if (type == "Sequence") {
        for (const Json& step : member(normalizer, "normalizers"))
            readNormalizer(step);
    } else if (type == "NFC") {
        spec.normalizer.add(UnicodeForm::C);
    } else if (type == "NFD") {
        spec.normalizer.add(UnicodeForm::D);
    } else if (type == "NFKC") {
        spec.normalizer.add(UnicodeForm::Kc);
    } else if (type == "NFKD") {
        spec.normalizer.add(UnicodeForm::Kd);
    } else if (type == "Prepend") {
        spec.normalizer.add(TextNormalizer::Prepend{textAt(normalizer, "prepend")});
    } else if (type == "Replace") {
        readReplace(normalizer);
    } else if (type == "ByteLevel") {
        m_byteLevel = true;
    } else {
        refuse("the normalizer \"" + type + "\" is not supported");
    }
}

void JsonReader::readReplace(const Json& normalizer)
{
    const std::string from = textAt(member(normalizer, "pattern"), "String");
    if (from.empty())
        refuse("the normalizer \"Replace\" with a regular expression is not supported");
    spec.normalizer.add(TextNormalizer::Replace{from, textAt(normalizer, "content")});
}

void JsonReader::readPreTokenizer(const Json& preTokenizer)
{
    if (preTokenizer.is_null())
        return;
    const std::string type = textAt(preTokenizer, "type");
    if (m_byteLevel && type != "ByteLevel") // it would see the byte alphabet, not the text
        refuse("the pre-tokenizer \"" + type + "\" after ByteLevel is not supported");
    if (type == "Sequence") {
        for (const Json& step : member(preTokenizer, "pretokenizers"))
            readPreTokenizer(step);
    } else if (type == "Split") {
        readSplit(preTokenizer);
    } else if (type == "Digits") {
        addSplit(flagAt(preTokenizer, "individual_digits", false) ? R"(\p{N})" : R"(\p{N}+)", SplitBehavior::Isolated);
    } else if (type == "Punctuation") {
        const std::string behavior = textAt(preTokenizer, "behavior");
        addSplit(R"([\p{P}$+<=>^`|~])", behaviorOf(behavior.empty() ? "Isolated" : behavior));
    } else if (type == "ByteLevel") {
        readByteLevel(preTokenizer);
    } else if (type == "Metaspace") {
        readMetaspace(preTokenizer);
    } else {
        refuse("the pre-tokenizer \"" + type + "\" is not supported");
    }
}

void JsonReader::readSplit(const Json& split)
{
    const Json& pattern = member(split, "pattern");
    const std::string literal = textAt(pattern, "String");
    const std::string expression = literal.empty() ? textAt(pattern, "Regex") : literalPattern(literal);
    if (expression.empty())
        fail("the pre-tokenizer \"Split\" has no pattern");
    addSplit(expression, behaviorOf(textAt(split, "behavior")), flagAt(split, "invert", false));
}

void JsonReader::readByteLevel(const Json& byteLevel)
{
    if (flagAt(byteLevel, "add_prefix_space", true)) {
        if (m_hasSplit)
            refuse("the pre-tokenizer \"ByteLevel\" with add_prefix_space after another split is not supported");
        spec.prependSpace = true;
    }
    if (flagAt(byteLevel, "use_regex", true))
        addSplit(kGpt2Pattern, SplitBehavior::Isolated);
    m_byteLevel = true;
}

void JsonReader::readMetaspace(const Json& metaspace)
{
    const std::string replacement = textAt(metaspace, "replacement");
    if (!replacement.empty() && replacement != kSpaceMark)
        refuse("the pre-tokenizer \"Metaspace\" with the replacement \"" + replacement + "\" is not supported");
    std::string scheme = textAt(metaspace, "prepend_scheme");
    if (scheme.empty())
        scheme = flagAt(metaspace, "add_prefix_space", true) ? "always" : "never";
    spec.normalizer.add(TextNormalizer::Replace{" ", kSpaceMark});
    spec.spaceMark = scheme == "always" ? SpaceMark::EveryStretch
        : scheme == "first"             ? SpaceMark::FirstStretch
                                        : SpaceMark::Nowhere;
    if (flagAt(metaspace, "split", true))
        addSplit(kSpaceMark, SplitBehavior::MergedWithNext);
}

void JsonReader::readDecoder(const Json& decoder)
{
    const std::string type = textAt(decoder, "type");
    if (type == "Sequence") {
        for (const Json& step : member(decoder, "decoders"))
            readDecoder(step);
    } else if (type == "ByteLevel") {
        m_byteLevel = true;
    } else if (type == "Metaspace") {
        spec.dropsFirstSpace =
            textAt(decoder, "prepend_scheme") != "never" && flagAt(decoder, "add_prefix_space", true);
    } else if (type == "Strip") {
        const Json& start = member(decoder, "start");
        spec.dropsFirstSpace = start.is_number_integer() && start.get<int>() > 0;
    }
}

void JsonReader::readPostProcessor(const Json& processor)
{
    if (processor.is_null())
        return;
    const std::string type = textAt(processor, "type");
    if (type == "Sequence") {
        for (const Json& step : member(processor, "processors"))
            readPostProcessor(step);
    } else if (type == "TemplateProcessing") {
        readTemplate(processor);
    } else if (type != "ByteLevel") { // ByteLevel only moves offsets
        refuse("the post-processor \"" + type + "\" is not supported");
    }
}

void JsonReader::readTemplate(const Json& processor)
{
    before.clear();
    behind.clear();
    bool seenText = false;
    for (const Json& part : member(processor, "single")) {
        if (part.contains("Sequence")) {
            seenText = true;
            continue;
        }
        const std::string name = textAt(member(part, "SpecialToken"), "id");
        const Json& ids = member(member(member(processor, "special_tokens"), name.c_str()), "ids");
        if (!ids.is_array())
            fail("the template names the special token \"" + name + "\" without ids");
        for (const Json& id : ids)
            (seenText ? behind : before).push_back(id.get<int>());
    }
}

SplitBehavior JsonReader::behaviorOf(const std::string& name) const
{
    if (name == "Isolated")
        return SplitBehavior::Isolated;
    if (name == "Removed")
        return SplitBehavior::Removed;
    if (name == "MergedWithPrevious")
        return SplitBehavior::MergedWithPrevious;
    if (name == "MergedWithNext")
        return SplitBehavior::MergedWithNext;
    if (name == "Contiguous")
        return SplitBehavior::Contiguous;
    refuse("the split behavior \"" + name + "\" is not supported");
}

void JsonReader::addSplit(const std::string& pattern, SplitBehavior behavior, bool invert)
{
    m_hasSplit = true;
    spec.preTokenizer.addStep(pattern, behavior, invert, m_origin);
}

// Vocabularies that come without a configuration still have an end: these names are used for nothing else.
std::optional<int> usualEnd(const std::unordered_map<std::string, int>& ids)
{
    for (const char* name : {"<|endoftext|>", "<|end_of_text|>", "</s>", "<eos>"}) {
        if (const auto found = ids.find(name); found != ids.end())
            return found->second;
    }
    return std::nullopt;
}

} // namespace

std::shared_ptr<const Tokenizer> loadTokenizerJson(const std::filesystem::path& file, const TokenizerSettings& settings)
{
    const Json root = readJson(file);
    JsonReader reader(root, file.string());
    reader.read();
    addMissing(reader.spec.added, settings.addedTokens);

    const std::unordered_map<std::string, int> ids = idsByPiece(reader.spec);
    const auto idOf = [&ids](const std::string& token) -> std::optional<int> {
        const auto found = ids.find(token);
        return found == ids.end() ? std::nullopt : std::optional(found->second);
    };
    const std::optional<int> ownBos = reader.before.empty() ? std::nullopt : std::optional(reader.before.front());
    TokenizerFrame frame;
    frameFromSettings(settings, ownBos, settings.endIds.empty() ? usualEnd(ids) : std::nullopt, idOf, frame);
    frame.before = reader.before;
    frame.behind = reader.behind;
    // transformers' Llama class writes the template anew from its own flags.
    if (settings.tokenizerClass.starts_with("LlamaTokenizer") && settings.addBos) {
        frame.before = *settings.addBos && frame.bos ? std::vector{*frame.bos} : std::vector<int>();
        frame.behind = settings.addEos.value_or(false) && frame.eos ? std::vector{*frame.eos} : std::vector<int>();
    }
    return makeBpe(std::move(reader.spec), std::move(frame), file.string());
}

} // namespace core
