// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/ids.h"
#include "core/transforms/transform_kind.h"

#include <cstdint>
#include <vector>

namespace core {

/** What quantizing costs, in nats a token against the full-precision model. */
struct QuantizationCost
{
    double kl = 0.0; // divergence from the reference
    double klStderr = 0.0;
    double lossIncrease = 0.0; // of the text's negative log-likelihood; may be below 0
    double lossIncreaseStderr = 0.0;
};

/** The cost of one module alone, everything else at full precision. */
struct ModuleBudget
{
    ModuleId module;
    TransformKind kind = TransformKind::Affine;
    QuantizationCost cost;
    double outputMse = 0.0; // of the output of the module's block
};

struct BudgetReport
{
    std::vector<ModuleBudget> modules; // by block, attention before mlp
    QuantizationCost whole;            // all modules together
    double referenceLoss = 0.0;        // nats a token
    std::int64_t tokens = 0;           // scored
};

} // namespace core
