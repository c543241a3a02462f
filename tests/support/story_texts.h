// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/json.h"
#include "core/tokenizer/tokenizer.h"

#include <filesystem>
#include <string>
#include <vector>

namespace support {

struct StoryTexts
{
    std::string calibration; // first 158 stories
    std::string evaluation;  // last 159
};

/** The stories as FlatQuant's reference runs cut them (shared/reference/flatquant/NOTES.md): tiny.utf8 cut at the separator, each
    story stripped, empty ones dropped, a half joined by blank lines. */
inline StoryTexts readStoryTexts(const std::filesystem::path& shared)
{
    const auto text = core::readFile(shared / "data/text/tinystories-sample/tiny.utf8");
    const std::string separator = "<|endoftext|>";
    std::vector<std::string> stories;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find(separator, begin), text.size());
        const auto story = text.substr(begin, end - begin);
        const auto first = story.find_first_not_of(" \n\r\t");
        if (first != std::string::npos)
            stories.push_back(story.substr(first, story.find_last_not_of(" \n\r\t") - first + 1));
        begin = end + separator.size();
    }
    const auto join = [&](std::size_t from, std::size_t to) {
        std::string joined;
        for (auto i = from; i < to; ++i)
            joined += (i > from ? "\n\n" : "") + stories[i];
        return joined;
    };
    return {join(0, 158), join(158, stories.size())};
}

struct StoryHalves
{
    std::vector<int> calibration; // BOS in front
    std::vector<int> evaluation;
};

/** Each half tokenized in one call. */
inline StoryHalves readStoryHalves(const std::filesystem::path& shared, const core::Tokenizer& tokenizer)
{
    const auto texts = readStoryTexts(shared);
    return {tokenizer.encode(texts.calibration, core::SpecialTokens::Add),
            tokenizer.encode(texts.evaluation, core::SpecialTokens::Add)};
}

/** First 16 hex digits of SHA-256 over little-endian int32 ids, as the reference files give it. */
inline std::string idsHash(const std::vector<int>& ids)
{
    return core::sha256({reinterpret_cast<const char*>(ids.data()), ids.size() * sizeof(int)}).substr(0, 16);
}

} // namespace support
