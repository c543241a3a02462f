// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/select/plan.h"

#include <string_view>
#include <utility>
#include <vector>

namespace core {

/** One kind for every module of a model of `blocks` blocks. */
Plan uniformPlan(TransformKind kind, int blocks, const QuantScheme& scheme);

/** Puts a person's kinds over a plan's own, which stay beside them as automaticKind; the reason says so. Throws
    Error(InvalidArgument) for a module that the plan does not have. */
void applyOverrides(Plan& plan, const std::vector<std::pair<ModuleId, TransformKind>>& overrides);

/** Bits of one module; the groups and symmetries stay the plan's. */
struct ModuleBits
{
    int weight = kFullPrecisionBits;
    int activation = kFullPrecisionBits;
    int key = kFullPrecisionBits; // of an MLP: nothing to quantize
    int value = kFullPrecisionBits;
};

/** "8/8" (weights and activations) or "8/8/4/4" (and keys and values); throws Error(InvalidArgument) that names what was read. */
ModuleBits parseModuleBits(std::string_view text);

/** Gives modules bits of their own. Throws Error(InvalidArgument) for a module that the plan does not have and for widths that
    checkScheme refuses. */
void setModuleBits(Plan& plan, const std::vector<std::pair<ModuleId, ModuleBits>>& modules);

/** Keeps the first and the last blocks at `bits` for whatever the plan would take lower. Throws Error(InvalidArgument) for negative
    numbers and widths that checkScheme refuses. */
void keepEnds(Plan& plan, int first, int last, int bits);

} // namespace core
