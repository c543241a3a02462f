// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
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
};

struct GeneratedToken
{
    int id = 0;
    std::string text; // what became certain with this token; never half a character
    double logProbability = 0.0;
};

struct TokenDivergence
{
    int id = 0;
    double kl = 0.0;  // nats, of the compared model from this one at this position
    int otherTop = 0; // the token the compared model would have chosen
};

struct ChatResult
{
    std::string text;
    std::vector<int> ids;
    int promptTokens = 0;
    double tokensPerSecond = 0.0;            // of decoding, without the prompt
    std::string stopReason;                  // "eos" | "length"
    std::vector<TokenDivergence> divergence; // with a compared model
};

using TokenObserver = std::function<void(const GeneratedToken&)>;

} // namespace core
