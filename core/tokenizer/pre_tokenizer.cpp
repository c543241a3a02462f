// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/pre_tokenizer.h"

#include <algorithm>
#include <initializer_list>

namespace core {

const char* const kGpt2Pattern = R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
const char* const kLlama3Pattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
const char* const kQwen2Pattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

namespace {

constexpr const char* kTekkenPattern =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|)"
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|)"
    R"(\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr const char* kGpt4oPattern =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|)"
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|)"
    R"(\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr const char* kDeepseek3Pattern =
    R"([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+|)"
    R"( ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

/** A stretch of a piece: a match of the step's pattern, or what lies between two. */
struct Stretch
{
    std::size_t begin = 0;
    std::size_t end = 0;
    bool matched = false;
};

std::vector<Stretch> stretchesOf(const SplitPattern& pattern, std::string_view piece, bool invert)
{
    std::vector<Stretch> stretches;
    std::size_t position = 0;
    for (const auto& [begin, end] : pattern.matches(piece)) {
        if (begin > position)
            stretches.push_back({position, begin, invert});
        stretches.push_back({begin, end, !invert});
        position = end;
    }
    if (position < piece.size())
        stretches.push_back({position, piece.size(), invert});
    return stretches;
}

// Whether stretch i continues the piece that stretch i - 1 is in.
bool joinsPrevious(SplitBehavior behavior, const std::vector<Stretch>& stretches, std::size_t i)
{
    if (i == 0)
        return false;
    const bool before = stretches[i - 1].matched;
    const bool here = stretches[i].matched;
    switch (behavior) {
    case SplitBehavior::MergedWithPrevious: return here && !before;
    case SplitBehavior::MergedWithNext: return before && !here;
    case SplitBehavior::Contiguous: return before == here;
    case SplitBehavior::Isolated:
    case SplitBehavior::Removed: break;
    }
    return false;
}

} // namespace

void PreTokenizer::addStep(const std::string& pattern, SplitBehavior behavior, bool invert, const std::string& origin)
{
    m_steps.push_back({pattern, SplitPattern(pattern, origin), behavior, invert});
}

std::optional<std::vector<std::string>> PreTokenizer::patterns() const
{
    std::vector<std::string> texts;
    for (const Step& step : m_steps) {
        if (step.behavior != SplitBehavior::Isolated || step.invert)
            return std::nullopt;
        texts.push_back(step.text);
    }
    return texts;
}

void PreTokenizer::splitPiece(const Step& step, std::string_view piece, std::vector<std::string_view>& pieces)
{
    const std::vector<Stretch> stretches = stretchesOf(step.pattern, piece, step.invert);
    std::size_t begin = 0;
    for (std::size_t i = 0; i < stretches.size(); ++i) {
        if (step.behavior == SplitBehavior::Removed && stretches[i].matched)
            continue;
        if (!joinsPrevious(step.behavior, stretches, i))
            begin = stretches[i].begin;
        if (i + 1 == stretches.size() || !joinsPrevious(step.behavior, stretches, i + 1))
            pieces.push_back(piece.substr(begin, stretches[i].end - begin));
    }
}

std::vector<std::string_view> PreTokenizer::split(std::string_view text) const
{
    std::vector<std::string_view> pieces{text};
    for (const Step& step : m_steps) {
        std::vector<std::string_view> finer;
        finer.reserve(pieces.size() + text.size() / 6);
        for (const std::string_view piece : pieces)
            splitPiece(step, piece, finer);
        pieces = std::move(finer);
    }
    return pieces;
}

std::optional<std::vector<std::string>> namedSplitPatterns(std::string_view name)
{
    const auto isOneOf = [name](std::initializer_list<std::string_view> names) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (isOneOf({"gpt-2", "gpt2", "mpt", "olmo", "jais", "phi-2", "dolma"}))
        return {{kGpt2Pattern}};
    if (isOneOf({"llama3", "llama-v3", "llama-bpe", "falcon3", "dbrx", "smaug-bpe", "chatglm-bpe", "glm4", "pixtral"}))
        return {{kLlama3Pattern}};
    if (isOneOf({"qwen2", "stablelm2", "deepseek-r1-qwen", "megrez", "qwen2.5"}))
        return {{kQwen2Pattern}};
    if (isOneOf({"starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b"}))
        return {{R"(\p{N})", kGpt2Pattern}};
    if (name == "deepseek-coder")
        return {{R"([\r\n])", R"(\s?\p{L}+)", R"(\s?\p{P}+)", "[一-龥ࠀ-一가-\xED\x9F\xBF]+", R"(\p{N})"}};
    if (name == "deepseek-v3")
        return {{R"(\p{N}{1,3})", "[一-龥\u3040-ゟ゠-ヿ]+", kDeepseek3Pattern}};
    if (isOneOf({"gpt-4o", "llama4"}))
        return {{kGpt4oPattern}};
    if (name == "tekken")
        return {{kTekkenPattern}};
    if (isOneOf({"default", ""})) // llama.cpp's guess where a converter named none
        return {{R"([\p{P}\$\+<=>\^~\|]+)", kGpt2Pattern, R"(\p{N}+)", "[0-9][0-9][0-9]"}};
    return std::nullopt;
}

std::optional<std::string> nameOfSplitPatterns(const std::vector<std::string>& patterns)
{
    for (const char* name :
         {"gpt-2", "llama-bpe", "qwen2", "smollm", "deepseek-coder", "deepseek-v3", "gpt-4o", "tekken", "default"}) {
        if (namedSplitPatterns(name) == patterns)
            return name;
    }
    return std::nullopt;
}

} // namespace core
