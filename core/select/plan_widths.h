// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/select/plan.h"

#include <set>

namespace core {

/** The widths that the plan's modules have, those of keys and values among attention modules alone: `width` is a member of
    QuantScheme such as &QuantScheme::weightBits. The plan's own width where it lists no module. */
std::set<int> widthsOf(const Plan& plan, int QuantScheme::*width);

/** The same written one after another: "4", or "4" + between + "8". */
std::string joined(const std::set<int>& widths, std::string_view between);

} // namespace core
