// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/select/module_scores.h"
#include "core/select/relative_losses.h"
#include "core/select/rule_fit.h"

namespace core {

struct FitModule
{
    ModuleId module;
    KindLosses losses;                 // relative to affine
    std::map<RuleStatistic, double> z; // by statistic
};

struct FitModel
{
    std::string name;
    std::vector<FitModule> modules; // of one group
};

/** The rule of one group of modules with its evidence, validated by leaving out each model in turn where there are several.
    `spread` is the restart spread, for the message. */
GroupEvidence fitGroup(const std::vector<FitModel>& models, const std::vector<RuleStatistic>& statistics, double spread,
                       std::uint64_t seed);

} // namespace core
