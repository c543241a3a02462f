// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace core {

/** Either ids (log p of ids[1..] given what precedes) or context and continuation (the harness's rule, evaluation.md). */
struct ScoreRequest
{
    std::vector<int> ids;
    std::string context;
    std::string continuation;
};

struct ScoreResult
{
    std::vector<double> logprobs;
    double sum = 0.0;
    bool greedy = false; // every scored token is the most probable one
};

} // namespace core
