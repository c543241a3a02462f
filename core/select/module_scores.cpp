// SPDX-License-Identifier: Apache-2.0
#include "core/select/module_scores.h"

#include "core/base/error.h"
#include "core/stats/robust_z.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace core {

namespace {

/** The output of the norm that the module reads. */
const Distribution& normOutput(const Profile& profile, const ModuleId& module)
{
    const auto site = module.kind == ModuleKind::Attention ? Site::AttentionIn : Site::MlpIn;
    for (const auto& row : profile.activations)
        if (row.site == SiteId{module.block, site})
            return row.activation;
    throw Error(ErrorKind::InvalidArgument,
                "the profile has no activations at " + toString(SiteId{module.block, site})
                    + ": this statistic needs a text");
}

double absmaxRatio(const Distribution& activation)
{
    const std::vector<double> channels(activation.channelAbsmax.begin(), activation.channelAbsmax.end());
    if (channels.empty())
        return std::numeric_limits<double>::quiet_NaN();
    return *std::max_element(channels.begin(), channels.end()) / medianOf(channels);
}

double valueOf(const Profile& profile, const ModuleProfile& module, RuleStatistic statistic)
{
    switch (statistic) {
    case RuleStatistic::Weights: return module.kurtosis;
    case RuleStatistic::WeightsPooled: return module.pooledKurtosis;
    case RuleStatistic::NormOutput: return normOutput(profile, module.module).kurtosis;
    case RuleStatistic::AbsmaxRatio: return absmaxRatio(normOutput(profile, module.module));
    }
    return 0.0;
}

} // namespace

std::vector<ModuleScore> moduleScores(const Profile& profile, RuleStatistic statistic)
{
    std::vector<ModuleScore> scores;
    for (const auto& module : profile.modules)
        scores.push_back({module.module, valueOf(profile, module, statistic), module.robustZ});
    if (statistic == RuleStatistic::Weights)
        return scores; // the profile's own z
    for (const auto kind : {ModuleKind::Attention, ModuleKind::Mlp}) {
        std::vector<ModuleScore*> group;
        std::vector<double> values;
        for (auto& score : scores)
            if (score.module.kind == kind) {
                group.push_back(&score);
                values.push_back(score.value);
            }
        const auto z = robustZ(values);
        for (std::size_t i = 0; i < group.size(); ++i)
            group[i]->robustZ = z[i];
    }
    return scores;
}

std::vector<ModuleId> probeModules(const std::vector<ModuleScore>& scores, int perGroup)
{
    if (perGroup < 2)
        throw Error(ErrorKind::InvalidArgument,
                    "a probe needs at least 2 modules of each kind, not " + std::to_string(perGroup));
    std::vector<ModuleId> probes;
    for (const auto kind : {ModuleKind::Attention, ModuleKind::Mlp}) {
        std::vector<ModuleScore> group;
        std::copy_if(scores.begin(), scores.end(), std::back_inserter(group),
                     [&](const ModuleScore& score) { return score.module.kind == kind && !std::isnan(score.robustZ); });
        std::stable_sort(group.begin(), group.end(),
                         [](const ModuleScore& a, const ModuleScore& b) { return a.robustZ < b.robustZ; });
        const auto count = std::min(group.size(), std::size_t(perGroup));
        for (std::size_t i = 0; i < count; ++i) {
            const double place = count < 2 ? 0.0 : double(i) * double(group.size() - 1) / double(count - 1);
            probes.push_back(group[std::size_t(std::lround(place))].module);
        }
    }
    std::sort(probes.begin(), probes.end());
    return probes;
}

} // namespace core
