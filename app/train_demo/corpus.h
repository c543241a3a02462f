// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/train_demo/text_generator.h"
#include "core/tokenizer/tokenizer.h"

namespace demo {

/** Lines for the tokenizer's trainer: documents without special tokens. */
std::vector<std::string> tokenizerLines(const World& world, std::uint64_t seed, std::size_t documents);

struct Text
{
    std::string text; // documents with an empty line between them, no dialogues
    double nats = 0.0;
    std::set<std::uint64_t> hashes; // of its documents
};

/** A plain text of about `characters` that shares no story with `avoid`. */
Text plainText(const World& world, std::uint64_t seed, std::size_t characters, const std::set<std::uint64_t>& avoid);

/** At least `count` ids of training text: BOS, one to nine documents with empty lines between them, EOS; a dialogue
    stands alone and is encoded as a chat template's output is. */
std::vector<int> trainingTokens(const World& world, const core::Tokenizer& tokenizer, std::uint64_t seed,
                                std::size_t count, const std::set<std::uint64_t>& avoid);

} // namespace demo
