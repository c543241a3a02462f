// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/added_tokens.h"

#include "core/tokenizer/utf8_decoding.h"

#include <utf8proc.h>

#include <unordered_set>

namespace core {
namespace {

std::size_t startOfCharacterBefore(std::string_view text, std::size_t position)
{
    do {
        --position;
    } while (position > 0 && (static_cast<unsigned char>(text[position]) & 0xC0) == 0x80);
    return position;
}

bool isSpace(std::uint32_t codePoint)
{
    if ((codePoint >= 0x09 && codePoint <= 0x0D) || codePoint == 0x85)
        return true;
    const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(codePoint));
    return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

// What "\w" of Rust's regex matches, near enough: letters, marks, digits and connectors such as "_".
bool isWordCharacter(std::uint32_t codePoint)
{
    const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(codePoint));
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_ND) || category == UTF8PROC_CATEGORY_PC;
}

bool standsAlone(std::string_view text, std::size_t begin, std::size_t end)
{
    const bool wordBefore = begin > 0 && isWordCharacter(utf8At(text, startOfCharacterBefore(text, begin)).codePoint);
    const bool wordBehind = end < text.size() && isWordCharacter(utf8At(text, end).codePoint);
    return !wordBefore && !wordBehind;
}

std::size_t skipSpaceBackwards(std::string_view text, std::size_t position, std::size_t limit)
{
    while (position > limit) {
        const std::size_t before = startOfCharacterBefore(text, position);
        if (!isSpace(utf8At(text, before).codePoint))
            break;
        position = before;
    }
    return position;
}

std::size_t skipSpaceForwards(std::string_view text, std::size_t position)
{
    while (position < text.size()) {
        const Utf8Character character = utf8At(text, position);
        if (!isSpace(character.codePoint))
            break;
        position += character.length;
    }
    return position;
}

} // namespace

void addMissing(std::vector<AddedToken>& tokens, const std::vector<AddedToken>& more)
{
    std::unordered_set<int> ids;
    for (const AddedToken& token : tokens)
        ids.insert(token.id);
    for (const AddedToken& token : more) {
        if (ids.insert(token.id).second)
            tokens.push_back(token);
    }
}

AddedTokenSplitter::AddedTokenSplitter(std::vector<AddedToken> tokens)
    : m_tokens(std::move(tokens))
    , m_nodes(1)
{
    for (std::size_t i = 0; i < m_tokens.size(); ++i) {
        int node = 0;
        for (const char c : m_tokens[i].content) {
            const auto byte = static_cast<unsigned char>(c);
            int child = childOf(node, byte);
            if (child < 0) {
                child = static_cast<int>(m_nodes.size());
                m_nodes[node].children.emplace_back(byte, child);
                m_nodes.emplace_back();
            }
            node = child;
        }
        if (node != 0 && m_nodes[node].token < 0)
            m_nodes[node].token = static_cast<int>(i);
    }
}

int AddedTokenSplitter::childOf(int node, unsigned char byte) const
{
    for (const auto& [label, child] : m_nodes[node].children) {
        if (label == byte)
            return child;
    }
    return -1;
}

const AddedToken* AddedTokenSplitter::longestAt(std::string_view text, std::size_t position) const
{
    const AddedToken* found = nullptr;
    int node = 0;
    for (std::size_t i = position; i < text.size(); ++i) {
        node = childOf(node, static_cast<unsigned char>(text[i]));
        if (node < 0)
            break;
        if (m_nodes[node].token >= 0)
            found = &m_tokens[m_nodes[node].token];
    }
    return found;
}

std::vector<TextSegment> AddedTokenSplitter::split(std::string_view text) const
{
    std::vector<TextSegment> segments;
    std::size_t begin = 0; // of the ordinary text that waits
    for (std::size_t i = 0; !m_tokens.empty() && i < text.size();) {
        const AddedToken* token = longestAt(text, i);
        if (!token || (token->singleWord && !standsAlone(text, i, i + token->content.size()))) {
            ++i;
            continue;
        }
        const std::size_t end = i + token->content.size();
        const std::size_t cut = token->lstrip ? skipSpaceBackwards(text, i, begin) : i;
        if (cut > begin)
            segments.push_back({text.substr(begin, cut - begin), nullptr});
        segments.push_back({text.substr(i, end - i), token});
        begin = token->rstrip ? skipSpaceForwards(text, end) : end;
        i = begin;
    }
    if (begin < text.size())
        segments.push_back({text.substr(begin), nullptr});
    return segments;
}

} // namespace core
