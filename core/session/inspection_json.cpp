// SPDX-License-Identifier: Apache-2.0
// The results of inspection as the command line prints them.
#include "core/session/json_lists.h"

namespace core {

Json toJson(const MagnitudeMap& map)
{
    auto cells = Json::array();
    for (int row = 0; row < map.gridRows; ++row) {
        const auto* first =
            map.cells.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(map.gridColumns);
        cells.push_back(numbers(std::vector<float>(first, first + map.gridColumns)));
    }
    auto peaks = Json::array();
    for (const auto& peak : map.peaks)
        peaks.push_back({{"row", peak.row}, {"column", peak.column}, {"value", peak.value}});
    return {{"rows", map.rows},
            {"columns", map.columns},
            {"row_range", {map.rowBegin, map.rowEnd}},
            {"column_range", {map.columnBegin, map.columnEnd}},
            {"cells", cells},
            {"non_finite", map.nonFinite},
            {"peaks", peaks},
            {"tokens", map.tokens}};
}

Json toJson(const QuantilePlot& plot)
{
    return {{"count", plot.count},         {"non_finite", plot.nonFinite},   {"mean", jsonNumber(plot.mean)},
            {"std", jsonNumber(plot.std)}, {"normal", numbers(plot.normal)}, {"value", numbers(plot.value)}};
}

Json toJson(const BundleProfile& profile)
{
    auto weights = Json::array();
    for (const auto& layer : profile.weights)
        weights.push_back(toJson(layer));
    auto activations = Json::array();
    for (const auto& site : profile.activations)
        activations.push_back(toJson(site));
    auto modules = Json::array();
    for (const auto& module : profile.modules)
        modules.push_back({{"module", toString(module.module)},
                           {"kurtosis", jsonNumber(module.kurtosis)},
                           {"robust_z", jsonNumber(module.robustZ)}});
    auto errors = Json::array();
    for (const auto& error : profile.errors)
        errors.push_back({{"layer", toString(error.layer)},
                          {"weight_sqnr_db", jsonNumber(error.weightSqnr)},
                          {"output_error", jsonNumber(error.outputError)}});
    return {{"weights", weights}, {"modules", modules}, {"activations", activations}, {"errors", errors}};
}

} // namespace core
