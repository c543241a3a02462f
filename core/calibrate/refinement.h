// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/ids.h"
#include "core/select/candidate.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace core {

/** How a calibrated plan is refined by what the quantized model as a whole loses. */
struct RefineOptions
{
    std::vector<Candidate> candidates = {{TransformKind::Affine, RotationForm::TwoFactor, 0},
                                         {TransformKind::Affine, RotationForm::TwoFactor, 1},
                                         {TransformKind::Rotation, RotationForm::TwoFactor, 0}}; // tried in each module
    std::string text = {}; // judges; empty: the last quarter of the calibration text
    std::int64_t seqlen =
        0; // of the windows that judge; 0: the smaller of 2048 and the model's context, as evaluation has it
    std::int64_t tokens = 16384; // of that text
};

/** One module with another candidate, its block trained anew, everything else as it stood. */
struct SwapReport
{
    ModuleId module;
    Candidate from;
    Candidate to;
    double kl = 0.0;         // KL(full precision || quantized model) with it, nats a token
    double difference = 0.0; // of that from the model as it stood; mean over windows in pairs
    double stderror = 0.0;
    bool kept = false;
};

struct RefinementReport
{
    double klBefore = 0.0; // of the plan it began with
    double klAfter = 0.0;  // flattered by the choice: judge the result on another text
    std::int64_t tokens = 0;
    std::vector<SwapReport> swaps = {}; // in the order they were tried
    double seconds = 0.0;

    int kept() const // swaps
    {
        return static_cast<int>(std::count_if(swaps.begin(), swaps.end(), [](const auto& swap) { return swap.kept; }));
    }
};

} // namespace core
