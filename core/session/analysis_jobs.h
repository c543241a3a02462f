// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/invariance_report.h"
#include "core/calibrate/what_if_report.h"
#include "core/eval/budget_report.h"
#include "core/select/rule_fit.h"
#include "core/session/analysis_specs.h"
#include "core/session/block_inputs.h"
#include "core/session/model_store.h"

namespace core {

// What the session's calls of these names do: open what the spec names and call one function of a phase.
Plan selectByKurtosis(const ModelFiles& files, const std::string& ruleFile, std::optional<RuleStatistic> statistic,
                      const QuantScheme& scheme, const std::string& text, std::int64_t tokens, ModelStore& store,
                      Progress& progress);
std::vector<RuleProfile> fitRule(const FitRuleSpec& spec, ModelStore& store, Progress& progress);
std::vector<ModuleId> probeModules(const ProbeSpec& spec, ModelStore& store, Progress& progress);
BudgetReport budget(const BudgetSpec& spec, ModelStore& store, Progress& progress);
InvarianceReport checkInvariance(const InvarianceSpec& spec, ModelStore& store, Progress& progress);

WhatIf whatIf(const WhatIfSpec& spec, ModelStore& store, BlockInputs& inputs, Progress& progress);

} // namespace core
