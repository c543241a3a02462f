// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/tokenizer/split_pattern.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/** What becomes of a match; the names are those of tokenizer.json. Text between matches is always a piece. */
enum class SplitBehavior { Isolated, Removed, MergedWithPrevious, MergedWithNext, Contiguous };

/** Cuts a text into the words within which BPE merges. Each step cuts the pieces of the one before. */
class PreTokenizer
{
public:
    /** Throws Error(Unsupported) where PCRE2 refuses the pattern. `invert`: the pattern describes what is between. */
    void addStep(const std::string& pattern, SplitBehavior behavior, bool invert, const std::string& origin);

    /** The pieces in order, as parts of `text`; without steps the text itself. */
    std::vector<std::string_view> split(std::string_view text) const;

    /** The patterns of the steps; nothing where matches do not stay pieces of their own. */
    std::optional<std::vector<std::string>> patterns() const;

private:
    struct Step
    {
        std::string text; // of the pattern
        SplitPattern pattern;
        SplitBehavior behavior;
        bool invert;
    };

    static void splitPiece(const Step& step, std::string_view piece, std::vector<std::string_view>& pieces);

    std::vector<Step> m_steps;
};

extern const char* const kGpt2Pattern;
extern const char* const kLlama3Pattern;
extern const char* const kQwen2Pattern;

/** The patterns, each Isolated, that a GGUF file means by tokenizer.ggml.pre; nothing for an unknown name. Source:
    llama.cpp's llama-vocab.cpp and the tokenizer.json files that it names. */
std::optional<std::vector<std::string>> namedSplitPatterns(std::string_view name);

/** The name for `patterns`; nothing where llama.cpp has none. Of several names the family's that it stands for first. */
std::optional<std::string> nameOfSplitPatterns(const std::vector<std::string>& patterns);

} // namespace core
