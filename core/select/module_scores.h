// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/select/kurtosis_rule.h"

namespace core {

/** What the rule sees of a module. */
struct ModuleScore
{
    ModuleId module;
    double value = 0.0;   // of the statistic; NaN where it cannot be computed
    double robustZ = 0.0; // among the modules of its kind; NaN with the value
};

/** The statistic of every module of the profile, in the profile's order. Throws Error(InvalidArgument) where it needs activations
    and the profile has none. */
std::vector<ModuleScore> moduleScores(const Profile& profile, RuleStatistic statistic);

/** The modules a small search should look at: of each kind up to `perGroup`, at evenly spread places of the order by z, so that
    sign and rough place of a threshold show. By block; modules without a z are left out. */
std::vector<ModuleId> probeModules(const std::vector<ModuleScore>& scores, int perGroup = 6);

} // namespace core
