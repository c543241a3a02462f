// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/ids.h"
#include "core/quant/quant_scheme.h"
#include "core/transforms/transform_kind.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace core {

/** One kind of transform in one module after a short training. */
struct WhatIfKind
{
    TransformKind kind = TransformKind::Identity;
    double errorStart = 0.0;      // mean squared error of the module's output on held-out windows, untrained
    double error = 0.0;           // and trained
    double errorStderr = 0.0;     // over these windows
    double sqnr = 0.0;            // dB: mean square of what the module adds to its input, over the error
    double onlineMacs = 0.0;      // multiply-adds a token that the transforms cost at run time
    double onlineShare = 0.0;     // of those of the module's matrices
    std::uint64_t addedBytes = 0; // of the transforms at run time, as a bundle holds them (float32)
    double seconds = 0.0;
};

/** The kinds side by side in one module, everything else at full precision. */
struct WhatIf
{
    ModuleId module;
    QuantScheme scheme;
    int trainedWindows = 0;
    int heldOutWindows = 0;
    int steps = 0;
    std::vector<WhatIfKind> kinds;
    std::optional<TransformKind> planned = {}; // what the plan has, where one was given
};

} // namespace core
