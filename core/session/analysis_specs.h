// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/select/kurtosis_rule.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace core {

/** Held-out losses and the models they were measured on: what a kurtosis profile is fitted to. */
struct FitRuleSpec
{
    std::vector<std::string> losses; // files
    std::vector<std::string> models; // full-precision ones, by path
    std::string text;                // for statistics of activations; empty: weights only
    std::int64_t tokens = 4096;
    std::optional<RuleStatistic> statistic; // only this one
    std::uint64_t seed = 0;                 // of permutations that are drawn
};

/** Which modules of each kind a small search should look at. */
struct ProbeSpec
{
    std::string model;
    int perGroup = 6;
    RuleStatistic statistic = RuleStatistic::Weights;
    std::string text; // where the statistic needs activations
    std::int64_t tokens = 4096;
};

struct BudgetSpec
{
    std::string bundle = {};
    std::string reference; // the model it was made from
    std::string text;
    std::int64_t seqlen = 0;         // 0: the smaller of 2048 and the model's context
    std::int64_t limitTokens = 8192; // 0: the whole text
};

struct InvarianceSpec
{
    std::string model; // at full precision
    Plan plan;         // its transforms as they start; without modules: those of `bundle`
    std::string bundle = {};
    std::string text; // empty: random tokens
    std::int64_t tokens = 256;
    RotationForm rotationForm = RotationForm::TwoFactor;
    std::uint64_t seed = 0;
};

struct WhatIfSpec
{
    std::string model; // at full precision
    ModuleId module;
    std::string text;
    Plan plan; // for bits and factors, and to show what it has; without modules: the two below
    QuantScheme scheme;
    KroneckerRule kronecker = KroneckerRule::Balanced;
    int windows = 16;
    int seqlen = 256;
    int epochs = 8;
    int batch = 4;
    RotationForm rotationForm = RotationForm::TwoFactor;
    std::uint64_t seed = 0;
};

} // namespace core
