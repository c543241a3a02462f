// SPDX-License-Identifier: Apache-2.0
#include "core/select/rule_fit.h"

#include "core/base/error.h"
#include "core/select/group_fit.h"
#include "core/select/relative_losses.h"

#include <algorithm>
#include <cstdio>
#include <set>

namespace core {

namespace {

std::string schemeText(const QuantScheme& scheme)
{
    char text[64];
    std::snprintf(text, sizeof text, "W%dA%dK%dV%d", scheme.weightBits, scheme.activationBits, scheme.keyBits,
                  scheme.valueBits);
    return text;
}

/** The files of one family and bit setting, by model. */
struct Section
{
    std::string family;
    QuantScheme scheme;
    std::map<std::string, std::vector<const HeldOutLosses*>> files;
};

std::vector<Section> sectionsOf(const std::vector<HeldOutLosses>& losses)
{
    std::vector<Section> sections;
    for (const auto& file : losses) {
        auto found = std::find_if(sections.begin(), sections.end(), [&](const Section& section) {
            return section.family == file.family && section.scheme == file.scheme;
        });
        if (found == sections.end())
            found = sections.insert(sections.end(), Section{file.family, file.scheme, {}});
        auto& files = found->files[file.model];
        for (const auto* other : files)
            if (other->seed == file.seed)
                throw Error(ErrorKind::InvalidArgument,
                            "losses of model " + file.model + " at " + schemeText(file.scheme) + " with seed "
                                + std::to_string(file.seed) + " are given twice");
        files.push_back(&file);
    }
    return sections;
}

const ModelStatistics& statisticsOf(const std::string& hash, const std::vector<ModelStatistics>& models)
{
    for (const auto& model : models)
        if (model.hash == hash)
            return model;
    std::string known;
    for (const auto& model : models)
        known += (known.empty() ? "" : ", ") + model.name + " is " + model.hash.substr(0, 12);
    throw Error(ErrorKind::InvalidArgument,
                "losses were measured on model " + hash.substr(0, 12) + ", which is not among the models given ("
                    + (known.empty() ? "none" : known) + ")");
}

std::vector<RuleStatistic> statisticsToTry(const Section& section, const std::vector<ModelStatistics>& models,
                                           const RuleFitOptions& options)
{
    if (options.statistic)
        return {*options.statistic};
    const bool activations = std::all_of(section.files.begin(), section.files.end(), [&](const auto& entry) {
        return !statisticsOf(entry.first, models).profile.activations.empty();
    });
    std::vector<RuleStatistic> statistics;
    for (const auto& [word, statistic] : kRuleStatistics)
        if (activations || !needsActivations(statistic))
            statistics.push_back(statistic);
    return statistics;
}

/** What is fitted for one group: the modules of all models with losses and z. */
std::vector<FitModel> fitModels(const Section& section, const std::vector<ModelStatistics>& models,
                                const std::vector<RuleStatistic>& statistics, ModuleKind kind)
{
    std::vector<FitModel> result;
    for (const auto& [hash, files] : section.files) {
        const auto& model = statisticsOf(hash, models);
        std::map<RuleStatistic, std::vector<ModuleScore>> scores;
        for (const auto statistic : statistics)
            scores[statistic] = moduleScores(model.profile, statistic);
        FitModel fit{model.name, {}};
        for (const auto& [module, losses] : relativeLosses(files)) {
            if (module.kind != kind)
                continue;
            FitModule row{module, losses, {}};
            for (const auto& [statistic, all] : scores) {
                const auto found = std::find_if(all.begin(), all.end(),
                                                [&](const ModuleScore& score) { return score.module == module; });
                if (found == all.end())
                    throw Error(ErrorKind::InvalidArgument,
                                "losses name module " + toString(module) + ", which " + model.name + " does not have");
                row.z[statistic] = found->robustZ;
            }
            fit.modules.push_back(row);
        }
        result.push_back(std::move(fit));
    }
    return result;
}

std::string percent(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.3g %%", 100.0 * value);
    return text;
}

} // namespace

KurtosisRule RuleProfile::rule() const
{
    KurtosisRule rule{.attention = attention.rule, .mlp = mlp.rule, .calibrated = true, .evidence = {}, .warnings = {}};
    rule.evidence = "fitted to " + std::to_string(models.size()) + (models.size() == 1 ? " model" : " models") + " of "
        + family + " at " + schemeText(scheme);
    for (const auto* group : {&attention, &mlp}) {
        const std::string name = group == &attention ? "attention" : "mlp";
        rule.evidence += "; " + name + ": regret " + percent(group->regret) + " over " + std::to_string(group->modules)
            + " modules, all affine " + percent(group->regretAffine);
        if (!group->predicts)
            rule.warnings.push_back(name + ": " + group->message);
    }
    return rule;
}

std::vector<RuleProfile> fitKurtosisRules(const std::vector<HeldOutLosses>& losses,
                                          const std::vector<ModelStatistics>& models, const RuleFitOptions& options)
{
    std::vector<RuleProfile> profiles;
    for (const auto& section : sectionsOf(losses)) {
        const auto statistics = statisticsToTry(section, models, options);
        RuleProfile profile{
            .family = section.family, .scheme = section.scheme, .models = {}, .attention = {}, .mlp = {}};
        std::vector<const HeldOutLosses*> files;
        for (const auto& [hash, some] : section.files) {
            profile.models.push_back(hash);
            files.insert(files.end(), some.begin(), some.end());
        }
        for (const auto kind : {ModuleKind::Attention, ModuleKind::Mlp}) {
            auto& group = kind == ModuleKind::Attention ? profile.attention : profile.mlp;
            group = fitGroup(fitModels(section, models, statistics, kind), statistics, restartSpread(files, kind),
                             options.seed);
        }
        profiles.push_back(std::move(profile));
    }
    return profiles;
}

} // namespace core
