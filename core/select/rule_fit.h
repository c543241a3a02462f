// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/select/held_out_losses.h"
#include "core/select/kurtosis_rule.h"

#include <limits>
#include <optional>

namespace core {

/** A model's statistics, to be paired with its losses by hash. */
struct ModelStatistics
{
    std::string name; // for messages
    std::string hash; // as in HeldOutLosses::model
    Profile profile;  // with activations, or only statistics of weights can be fitted
};

struct RuleFitOptions
{
    std::optional<RuleStatistic> statistic; // only this one; empty: all that the models' profiles allow
    std::uint64_t seed = 0;                 // of permutations that are drawn
};

/** The best rule over one statistic and one kind for the modules that pass. Losses are relative to affine's in the same module;
    regret is the mean of (L_chosen - min L) / L_affine. */
struct StatisticFit
{
    GroupRule rule;
    double regret = 0.0;
    double agreement = 0.0; // share of modules where the rule takes the kind of lowest loss
    double rho = 0.0;       // Spearman's, of z and L_passing / L_affine - 1; NaN where there is nothing to rank
    double pValue = 1.0;    // of the permutation test
    double pAdjusted = 1.0; // times the number of fits tried for the group (Bonferroni), at most 1
    bool exact = false;     // all permutations were counted
    bool predicts = false;  // |rho| >= 0.3 and the adjusted p <= 0.1
};

/** A model left out of the fit and then decided by it. */
struct LeftOutModel
{
    std::string model;
    double regret = 0.0;
    double regretAffine = 0.0;
};

struct GroupEvidence
{
    int modules = 0;
    GroupRule rule; // constant affine where nothing predicts
    double regret = 0.0;
    double agreement = 0.0;
    double regretAffine = 0.0;                                        // of affine everywhere; the oracle's is 0
    double regretRotation = std::numeric_limits<double>::quiet_NaN(); // NaN where a module has no such candidate
    double regretHadamard = std::numeric_limits<double>::quiet_NaN();
    double restartSpread =
        std::numeric_limits<double>::quiet_NaN(); // relative sd of the loss over starts; NaN: one start
    std::vector<StatisticFit> tried;
    std::vector<LeftOutModel> leftOut; // with several models
    bool predicts = false;
    std::string message; // one or two sentences for a person
};

/** The rule for one family and bit setting, with what it rests on. */
struct RuleProfile
{
    std::string family;
    QuantScheme scheme;
    std::vector<std::string> models; // hashes
    GroupEvidence attention;
    GroupEvidence mlp;

    KurtosisRule rule() const;
};

/** Fits a rule for every family and bit setting among `losses`: per group, statistic, mode and sign, beta over the
    midpoints of the sorted z, by least regret; of equals the one that leaves more modules affine. Starts of one candidate count
    by their mean, files of one model and setting (other seeds) too, and of several forms of rotation the one that is better over
    the file. Throws Error(InvalidArgument): losses without statistics of their model, a file twice, a module without an affine
    candidate, a module that the model does not have. */
std::vector<RuleProfile> fitKurtosisRules(const std::vector<HeldOutLosses>& losses,
                                          const std::vector<ModelStatistics>& models, const RuleFitOptions& options);

} // namespace core
