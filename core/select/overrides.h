// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/select/plan.h"

#include <utility>
#include <vector>

namespace core {

/** One kind for every module of a model of `blocks` blocks. */
Plan uniformPlan(TransformKind kind, int blocks, const QuantScheme& scheme);

/** Puts a person's kinds over a plan's own, which stay beside them as automaticKind; the reason says so. Throws
    Error(InvalidArgument) for a module that the plan does not have. */
void applyOverrides(Plan& plan, const std::vector<std::pair<ModuleId, TransformKind>>& overrides);

} // namespace core
