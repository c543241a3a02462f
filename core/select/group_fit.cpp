// SPDX-License-Identifier: Apache-2.0
#include "core/select/group_fit.h"

#include "core/base/error.h"
#include "core/stats/rank_correlation.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

namespace core {

namespace {

using Mode = GroupRule::Mode;

constexpr double kLeastRho = 0.3;
constexpr double kLargestP = 0.1;
constexpr double kEqual = 1e-12; // regrets closer than this are the same
constexpr std::array kRuleKinds{TransformKind::Affine, TransformKind::Rotation, TransformKind::Hadamard};

double lossOf(const FitModule& module, TransformKind kind)
{
    return module.losses[static_cast<std::size_t>(kind)];
}

double leastLoss(const FitModule& module)
{
    double least = lossOf(module, TransformKind::Affine);
    for (const auto kind : kRuleKinds)
        least = std::min(least, std::isnan(lossOf(module, kind)) ? least : lossOf(module, kind));
    return least;
}

std::vector<double> scoresOf(const FitModel& model, RuleStatistic statistic)
{
    std::vector<double> z;
    for (const auto& module : model.modules)
        z.push_back(module.z.at(statistic));
    return z;
}

struct Outcome
{
    double regret = 0.0;
    double agreement = 0.0;
    int passing = 0;
    int modules = 0;
};

/** A rule over all models. A module that passes without a candidate of that kind has infinite regret. */
Outcome outcomeOf(const std::vector<FitModel>& models, const GroupRule& rule)
{
    Outcome outcome;
    for (const auto& model : models) {
        const auto passing = rule.mode == Mode::Constant
            ? std::vector<bool>(model.modules.size(), rule.constantKind != TransformKind::Affine)
            : passingModules(rule, scoresOf(model, rule.statistic));
        const auto kind = rule.mode == Mode::Constant ? rule.constantKind : rule.passing;
        for (std::size_t i = 0; i < model.modules.size(); ++i) {
            const auto& module = model.modules[i];
            const double loss = lossOf(module, passing[i] ? kind : TransformKind::Affine);
            const double least = leastLoss(module);
            outcome.regret += std::isnan(loss) ? INFINITY : loss - least;
            outcome.agreement += loss - least <= kEqual ? 1.0 : 0.0;
            outcome.passing += passing[i];
            ++outcome.modules;
        }
    }
    if (outcome.modules > 0) {
        outcome.regret /= outcome.modules;
        outcome.agreement /= outcome.modules;
    }
    return outcome;
}

/** The middles between neighbours of the sorted, distinct values. */
std::vector<double> midpoints(const std::set<double>& values)
{
    std::vector<double> middles;
    for (auto next = values.begin(); next != values.end(); ++next)
        if (next != values.begin())
            middles.push_back((*std::prev(next) + *next) / 2.0);
    return middles;
}

/** Every rule over one statistic, the simplest first. */
std::vector<GroupRule> candidateRules(const std::vector<FitModel>& models, RuleStatistic statistic,
                                      TransformKind passing)
{
    std::set<double> signedScores[2], sizes, shares;
    for (const auto& model : models) {
        for (const double z : scoresOf(model, statistic))
            if (std::isfinite(z)) {
                signedScores[0].insert(z);
                signedScores[1].insert(-z);
                sizes.insert(std::abs(z));
            }
        for (std::size_t count = 1; count < model.modules.size(); ++count)
            shares.insert(double(count) / double(model.modules.size()));
    }
    std::vector<GroupRule> rules{{.statistic = statistic, .passing = passing}}; // affine everywhere
    const auto add = [&](Mode mode, int sign, double beta) {
        rules.push_back({mode, sign, beta, TransformKind::Affine, statistic, passing});
    };
    for (const int sign : {1, -1})
        for (const double beta : midpoints(signedScores[sign > 0 ? 0 : 1]))
            add(Mode::Threshold, sign, beta);
    for (const double beta : midpoints(sizes))
        add(Mode::TwoSided, 1, beta);
    for (const int sign : {1, -1})
        for (const double beta : shares)
            add(Mode::TopFraction, sign, beta);
    rules.push_back({Mode::Constant, 1, 3.5, passing, statistic, passing});
    return rules;
}

/** Spearman's rho of z and what the passing kind costs against affine, over the modules that have both. */
RankCorrelation correlation(const std::vector<FitModel>& models, RuleStatistic statistic, TransformKind passing,
                            std::uint64_t seed)
{
    std::vector<double> z, delta;
    std::vector<int> strata;
    for (std::size_t model = 0; model < models.size(); ++model)
        for (const auto& module : models[model].modules) {
            const double cost = lossOf(module, passing) - 1.0;
            if (!std::isfinite(module.z.at(statistic)) || !std::isfinite(cost))
                continue;
            z.push_back(module.z.at(statistic));
            delta.push_back(cost);
            strata.push_back(int(model));
        }
    return spearman(z, delta, strata, seed);
}

StatisticFit fitStatistic(const std::vector<FitModel>& models, RuleStatistic statistic, TransformKind passing,
                          int tried, std::uint64_t seed)
{
    StatisticFit fit;
    Outcome best{.regret = INFINITY};
    for (const auto& rule : candidateRules(models, statistic, passing)) {
        const auto outcome = outcomeOf(models, rule);
        const bool lower = outcome.regret < best.regret - kEqual;
        const bool sparer = outcome.regret < best.regret + kEqual && outcome.passing < best.passing;
        if (lower || sparer) {
            best = outcome;
            fit.rule = rule;
        }
    }
    fit.regret = best.regret;
    fit.agreement = best.agreement;
    const auto ranks = correlation(models, statistic, passing, seed);
    fit.rho = ranks.rho;
    fit.pValue = ranks.pValue;
    fit.pAdjusted = std::min(1.0, tried * ranks.pValue);
    fit.exact = ranks.exact;
    fit.predicts = std::abs(fit.rho) >= kLeastRho && fit.pAdjusted <= kLargestP; // false for NaN
    return fit;
}

std::vector<TransformKind> passingKinds(const std::vector<FitModel>& models)
{
    std::vector<TransformKind> kinds;
    for (const auto kind : {TransformKind::Rotation, TransformKind::Hadamard}) {
        const bool has = std::any_of(models.begin(), models.end(), [&](const FitModel& model) {
            return std::any_of(model.modules.begin(), model.modules.end(),
                               [&](const FitModule& module) { return !std::isnan(lossOf(module, kind)); });
        });
        if (has)
            kinds.push_back(kind);
    }
    return kinds;
}

std::vector<StatisticFit> fitAll(const std::vector<FitModel>& models, const std::vector<RuleStatistic>& statistics,
                                 std::uint64_t seed)
{
    const auto kinds = passingKinds(models);
    std::vector<StatisticFit> fits;
    for (const auto statistic : statistics)
        for (const auto kind : kinds)
            fits.push_back(fitStatistic(models, statistic, kind, int(statistics.size() * kinds.size()), seed));
    return fits;
}

/** The fit of least regret among those that predict, the stronger correlation of equals; null where none does. */
const StatisticFit* chosenFit(const std::vector<StatisticFit>& fits)
{
    const StatisticFit* best = nullptr;
    for (const auto& fit : fits)
        if (fit.predicts
            && (!best || fit.regret < best->regret - kEqual
                || (fit.regret < best->regret + kEqual && std::abs(fit.rho) > std::abs(best->rho))))
            best = &fit;
    return best;
}

double constantRegret(const std::vector<FitModel>& models, TransformKind kind)
{
    const double regret = outcomeOf(models, {Mode::Constant, 1, 3.5, kind}).regret;
    return std::isfinite(regret) ? regret : std::nan("");
}

std::string format(const char* pattern, double a, double b)
{
    char text[320];
    std::snprintf(text, sizeof text, pattern, a, b);
    return text;
}

std::string messageOf(const GroupEvidence& group, const StatisticFit* fit)
{
    std::string text;
    if (group.tried.empty())
        return "the losses have no rotation and no Hadamard candidates to compare with affine";
    if (!fit) {
        const auto strongest =
            std::min_element(group.tried.begin(), group.tried.end(),
                             [](const StatisticFit& a, const StatisticFit& b) { return a.pValue < b.pValue; });
        text = "kurtosis does not predict the better kind here (strongest of what was tried: "
            + std::string(wordFor(kRuleStatistics, strongest->rule.statistic)) + " for "
            + std::string(toString(strongest->rule.passing))
            + format(", rho %.2f, p %.2g after the correction for all that was tried): affine everywhere; a search is "
                     "recommended",
                     strongest->rho, strongest->pAdjusted);
        if (group.regretRotation < group.regretAffine)
            text += format(". Rotation everywhere had the lower regret: %.2g %% against %.2g %%",
                           100.0 * group.regretRotation, 100.0 * group.regretAffine);
    } else {
        text = std::string(wordFor(kRuleStatistics, fit->rule.statistic)) + " ranks what "
            + std::string(toString(fit->rule.passing))
            + format(" costs against affine (rho %.2f, p %.2g after the correction for all that was tried)", fit->rho,
                     fit->pAdjusted);
        if (fit->rule.mode == Mode::Constant)
            text += ", but " + std::string(toString(fit->rule.constantKind)) + " in every module has the least regret";
        else
            text += format("; the rule takes regret from %.2g %% (all affine) to %.2g %%", 100.0 * group.regretAffine,
                           100.0 * group.regret);
    }
    if (std::isfinite(group.restartSpread))
        text += format("; another start alone moves a module's loss by %.2g %%%.0s", 100.0 * group.restartSpread, 0.0);
    double leftOut = 0.0, affine = 0.0;
    for (const auto& model : group.leftOut) {
        leftOut += model.regret / double(group.leftOut.size());
        affine += model.regretAffine / double(group.leftOut.size());
    }
    if (!group.leftOut.empty())
        text += format("; on models left out of the fit: %.2g %% against %.2g %%", 100.0 * leftOut, 100.0 * affine)
            + (leftOut > affine + kEqual ? ", so it does not carry over" : "");
    return text;
}

GroupRule ruleOf(const StatisticFit* fit, const std::vector<RuleStatistic>& statistics)
{
    return fit ? fit->rule : GroupRule{.statistic = statistics.front()};
}

std::vector<LeftOutModel> leaveOneOut(const std::vector<FitModel>& models, const std::vector<RuleStatistic>& statistics,
                                      std::uint64_t seed)
{
    std::vector<LeftOutModel> results;
    for (std::size_t out = 0; out < models.size() && models.size() > 1; ++out) {
        auto others = models;
        others.erase(others.begin() + std::ptrdiff_t(out));
        const auto fits = fitAll(others, statistics, seed);
        const std::vector<FitModel> alone{models[out]};
        results.push_back({models[out].name, outcomeOf(alone, ruleOf(chosenFit(fits), statistics)).regret,
                           constantRegret(alone, TransformKind::Affine)});
    }
    return results;
}

} // namespace

GroupEvidence fitGroup(const std::vector<FitModel>& models, const std::vector<RuleStatistic>& statistics, double spread,
                       std::uint64_t seed)
{
    GroupEvidence group;
    group.tried = fitAll(models, statistics, seed);
    const auto* fit = chosenFit(group.tried);
    group.predicts = fit != nullptr;
    group.rule = ruleOf(fit, statistics);
    const auto outcome = outcomeOf(models, group.rule);
    group.modules = outcome.modules;
    group.regret = outcome.regret;
    group.agreement = outcome.agreement;
    group.regretAffine = constantRegret(models, TransformKind::Affine);
    group.regretRotation = constantRegret(models, TransformKind::Rotation);
    group.regretHadamard = constantRegret(models, TransformKind::Hadamard);
    group.restartSpread = spread;
    group.leftOut = leaveOneOut(models, statistics, seed);
    group.message = messageOf(group, fit);
    return group;
}

} // namespace core
