// SPDX-License-Identifier: Apache-2.0
#include "app/train_demo/corpus.h"

#include <sstream>

namespace demo {

namespace {

const std::string kEnd = "</s>";

std::string withoutMarks(std::string text)
{
    for (auto at = text.find(kEnd); at != std::string::npos; at = text.find(kEnd))
        text.erase(at, kEnd.size());
    return text;
}

} // namespace

std::vector<std::string> tokenizerLines(const World& world, std::uint64_t seed, std::size_t documents)
{
    TextGenerator generator(world, seed);
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < documents; ++i) {
        std::istringstream text(withoutMarks(generator.next().text));
        for (std::string line; std::getline(text, line);) {
            if (!line.empty())
                lines.push_back(line);
        }
    }
    return lines;
}

Text plainText(const World& world, std::uint64_t seed, std::size_t characters, const std::set<std::uint64_t>& avoid)
{
    TextGenerator generator(world, seed);
    generator.avoid(avoid);
    Text result;
    while (result.text.size() < characters) {
        const Document document = generator.next();
        if (document.kind == Kind::Dialogue)
            continue;
        result.text += (result.text.empty() ? "" : "\n\n") + document.text;
        result.nats += document.nats;
        result.hashes.insert(hashOf(document.text));
    }
    result.text += "\n";
    return result;
}

std::vector<int> trainingTokens(const World& world, const core::Tokenizer& tokenizer, std::uint64_t seed,
                                std::size_t count, const std::set<std::uint64_t>& avoid)
{
    TextGenerator generator(world, seed);
    generator.avoid(avoid);
    Random random(seed ^ hashOf("joining"));
    std::vector<int> tokens;
    std::string open; // documents not yet written out
    std::size_t left = 0;
    const auto close = [&] {
        if (open.empty())
            return;
        const auto ids = tokenizer.encode(open, core::SpecialTokens::Add);
        tokens.insert(tokens.end(), ids.begin(), ids.end());
        tokens.push_back(tokenizer.eosId().value());
        open.clear();
    };
    while (tokens.size() < count) {
        const Document document = generator.next();
        if (document.kind == Kind::Dialogue) {
            const std::string text =
                document.text.substr(0, document.text.size() - 1); // no line break after the last reply
            const auto ids = tokenizer.encode("<s>" + text, core::SpecialTokens::Omit);
            tokens.insert(tokens.end(), ids.begin(), ids.end());
            continue;
        }
        if (open.empty())
            left = random.below(2) == 0 ? 1 : 2 + random.below(8);
        open += (open.empty() ? "" : "\n\n") + document.text;
        if (--left == 0)
            close();
    }
    close();
    return tokens;
}

} // namespace demo
