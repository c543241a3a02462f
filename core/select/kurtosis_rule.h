// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/select/plan.h"
#include "core/stats/profile.h"

namespace core {

/** How one group of modules (attention or mlp) is decided from its robust z (method.md 6.2). */
struct GroupRule
{
    enum class Mode {
        Constant,    // `constantKind` everywhere
        Threshold,   // rotation where sign * z > beta, else affine
        TwoSided,    // rotation where |z| > beta
        TopFraction, // rotation for the round(beta * blocks) modules with the largest sign * z
    };

    Mode mode = Mode::Constant;
    int sign = 1;
    double beta = 3.5;
    TransformKind constantKind = TransformKind::Affine;
};

/** A kurtosis profile file: one rule for each group, with the evidence it was fitted on. Uncalibrated means affine
    everywhere, and says so. */
struct KurtosisRule
{
    GroupRule attention;
    GroupRule mlp;
    bool calibrated = false;
    std::string evidence; // which models, which regret; empty where there is none
};

/** The automatic choices of the rule: every choice carries kurtosis, robust z and the threshold in its reason. Modules
    whose z is NaN stay affine and say why. */
Plan applyKurtosisRule(const Profile& profile, const KurtosisRule& rule, const QuantScheme& scheme);

} // namespace core
