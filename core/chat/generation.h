// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace core {

struct GenerationOptions
{
    int maxTokens = 128;
    double temperature = 0.0; // 0: the most probable token each time
    int topK = 0;             // 0: all
    double topP = 1.0;
    std::uint64_t seed = 0;
    int alternatives = 0; // with a compared model: the most probable tokens of both that are noted at each position
};

/** A token that a model might have chosen. */
struct TokenAlternative
{
    int id = 0;
    std::string text; // as the vocabulary spells it, with spaces as spaces
    double probability = 0.0;
};

struct TokenDivergence
{
    int id = 0;
    double kl = 0.0;  // nats, of the compared model from this one at this position
    int otherTop = 0; // the token the compared model would have chosen
    std::string otherText = {};
    std::vector<TokenAlternative> alternatives = {};      // of this model, the most probable first
    std::vector<TokenAlternative> otherAlternatives = {}; // of the compared one
};

struct GeneratedToken
{
    int id = 0;
    std::string text; // what became certain with this token; never half a character
    double logProbability = 0.0;
    std::optional<TokenDivergence> divergence = {}; // with a compared model
};

/** What one block of a quantized model does wrong where a token was predicted. */
struct BlockError
{
    int block = 0;
    double atToken = 0.0; // squared error of the block's output, relative to what the block adds to its input there
    double typical = 0.0; // the median of that over the tokens before
};

struct ChatResult
{
    std::string text;
    std::vector<int> ids;
    std::vector<int> promptIds;
    int promptTokens = 0;
    double tokensPerSecond = 0.0;            // of decoding, without the prompt
    std::string stopReason;                  // "eos" | "length"
    std::vector<TokenDivergence> divergence; // with a compared model
};

using TokenObserver = std::function<void(const GeneratedToken&)>;

} // namespace core
