// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/select/plan.h"
#include "core/stats/profile.h"

#include <span>

namespace core {

/** What a module's robust z is taken of. */
enum class RuleStatistic {
    Weights,       // excess kurtosis of its matrices, their mean
    WeightsPooled, // of all their entries together
    NormOutput,    // excess kurtosis of the activations that the module's norm puts out
    AbsmaxRatio,   // the largest of the channels' absolute maxima there, over their median
};
inline constexpr Words<RuleStatistic, 4> kRuleStatistics{{{"weights", RuleStatistic::Weights},
                                                          {"weights-pooled", RuleStatistic::WeightsPooled},
                                                          {"norm-output", RuleStatistic::NormOutput},
                                                          {"absmax-ratio", RuleStatistic::AbsmaxRatio}}};

constexpr bool needsActivations(RuleStatistic statistic)
{
    return statistic == RuleStatistic::NormOutput || statistic == RuleStatistic::AbsmaxRatio;
}

/** How one group of modules (attention or mlp) is decided from its robust z. */
struct GroupRule
{
    enum class Mode {
        Constant,    // `constantKind` everywhere
        Threshold,   // `passing` where sign * z > beta, else affine
        TwoSided,    // `passing` where |z| > beta
        TopFraction, // `passing` for the round(beta * blocks) modules with the largest sign * z
    };

    Mode mode = Mode::Constant;
    int sign = 1;
    double beta = 3.5;
    TransformKind constantKind = TransformKind::Affine;
    RuleStatistic statistic = RuleStatistic::Weights;
    TransformKind passing = TransformKind::Rotation;
};
inline constexpr Words<GroupRule::Mode, 4> kRuleModes{{{"constant", GroupRule::Mode::Constant},
                                                       {"threshold", GroupRule::Mode::Threshold},
                                                       {"two-sided", GroupRule::Mode::TwoSided},
                                                       {"top-fraction", GroupRule::Mode::TopFraction}}};

/** A kurtosis profile: one rule for each group, with the evidence it was fitted on. Uncalibrated means affine
    everywhere, and says so. */
struct KurtosisRule
{
    GroupRule attention;
    GroupRule mlp;
    bool calibrated = false;
    std::string evidence;              // which models, which regret; empty where there is none
    std::vector<std::string> warnings; // what a plan made by it has to say
};

/** Which modules of one group and model pass, by their z; never one whose z is NaN, none in constant mode. */
std::vector<bool> passingModules(const GroupRule& rule, std::span<const double> z);

/** The automatic choices of the rule: every choice carries the value of the statistic, robust z and the threshold in its
    reason. Modules whose z is NaN stay affine and say why. Throws Error(InvalidArgument) where the rule looks at activations
    and the profile has none. */
Plan applyKurtosisRule(const Profile& profile, const KurtosisRule& rule, const QuantScheme& scheme);

} // namespace core
