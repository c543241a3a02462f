// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace core {

/** A token that is found in a text before the vocabulary's own rules cut it. The flags are those of Hugging Face's
    AddedToken. */
struct AddedToken
{
    int id = 0;
    std::string content;
    bool special = false;    // left out of decoded text
    bool lstrip = false;     // takes the white space before it along
    bool rstrip = false;     // takes the white space behind it along
    bool singleWord = false; // only where no letter, digit or underscore touches it
    bool normalized = false; // looked for after the normalizer, not before
};

/** Adds those of `more` whose ids `tokens` does not have yet. */
void addMissing(std::vector<AddedToken>& tokens, const std::vector<AddedToken>& more);

/** A stretch of text, or an added token in its place. */
struct TextSegment
{
    std::string_view text;
    const AddedToken* token = nullptr; // null: ordinary text
};

/** Finds added tokens in a text: leftmost first, the longest where several begin at one place. */
class AddedTokenSplitter
{
public:
    AddedTokenSplitter() = default;
    /** Tokens with empty content are ignored; of two with equal content the first stays. */
    explicit AddedTokenSplitter(std::vector<AddedToken> tokens);

    AddedTokenSplitter(AddedTokenSplitter&&) = default;
    AddedTokenSplitter& operator=(AddedTokenSplitter&&) = default;

    bool empty() const { return m_tokens.empty(); }

    /** Segments point into `text` and into this object; empty ones are left out. */
    std::vector<TextSegment> split(std::string_view text) const;

private:
    struct Node
    {
        std::vector<std::pair<unsigned char, int>> children;
        int token = -1;
    };

    int childOf(int node, unsigned char byte) const;
    const AddedToken* longestAt(std::string_view text, std::size_t position) const;

    std::vector<AddedToken> m_tokens;
    std::vector<Node> m_nodes;
};

} // namespace core
