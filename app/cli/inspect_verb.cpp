// SPDX-License-Identifier: Apache-2.0
// inspect: what the maps and quantile plots of the window show, as numbers
#include "app/cli/arguments.h"
#include "app/cli/program.h"
#include "app/cli/table.h"
#include "core/session/result_json.h"

#include <algorithm>
#include <tuple>

namespace cli {

namespace {

struct InspectOptions
{
    core::MapSpec map;
    std::string against;      // the original of a bundle: compare all layers
    std::pair<int, int> rows; // all, as columns
    std::pair<int, int> columns;
    std::int64_t seqlen = 256;
    int quantiles = 0;
    bool transformed = false;
    std::string out;
};

std::string tokenText(const core::MagnitudeMap& map, std::int64_t row)
{
    const auto place = static_cast<std::size_t>(row);
    return place < map.tokens.size() ? map.tokens[place] : std::string();
}

std::string mapText(const core::MagnitudeMap& map)
{
    std::string text = std::to_string(map.rows) + " x " + std::to_string(map.columns) + " values, "
        + std::to_string(map.nonFinite) + " of those looked at not finite\n";
    Table table({"row", "<token", "column", "value"});
    constexpr std::size_t kLines = 20;
    for (std::size_t i = 0; i < std::min(kLines, map.peaks.size()); ++i) {
        const auto& peak = map.peaks[i];
        table.add(
            {std::to_string(peak.row), tokenText(map, peak.row), std::to_string(peak.column), number(peak.value, 5)});
    }
    return text + table.text();
}

std::string quantileText(const core::QuantilePlot& plot)
{
    std::string text = std::to_string(plot.count) + " values, mean " + number(plot.mean, 4) + ", standard deviation "
        + number(plot.std, 4) + "\n";
    Table table({"normal", "value", "if it were normal"});
    constexpr std::size_t kLines = 21;
    const auto points = plot.value.size();
    for (std::size_t i = 0; i < std::min(kLines, points); ++i) {
        const auto place = points <= kLines ? i : i * (points - 1) / (kLines - 1);
        table.add({number(plot.normal[place], 4), number(plot.value[place], 5),
                   number(plot.mean + plot.std * plot.normal[place], 5)});
    }
    return text + table.text();
}

std::string bundleText(const core::BundleProfile& profile)
{
    Table table({"<layer", "SQNR dB", "output error", "kurtosis", "absmax"});
    for (std::size_t i = 0; i < profile.errors.size(); ++i) {
        const auto& error = profile.errors[i];
        const auto& weight = profile.weights[i].weight;
        table.add({core::toString(error.layer), number(error.weightSqnr, 4), number(error.outputError, 4),
                   number(weight.kurtosis, 4), number(weight.absmax, 4)});
    }
    return table.text();
}

Result inspect(Program& program, const InspectOptions& options)
{
    if (!options.against.empty()) {
        const core::BundleProfileSpec spec{.bundle = options.map.source.model,
                                           .reference = options.against,
                                           .text = options.map.source.text,
                                           .tokens = options.map.source.tokens,
                                           .seqlen = options.seqlen};
        const auto profile = program.session().profileBundle(spec, {}, program.progress());
        return {core::toJson(profile), bundleText(profile), options.out};
    }
    auto spec = options.map;
    spec.source.basis = options.transformed ? core::Basis::Transformed : core::Basis::Original;
    if (options.quantiles > 0) {
        const auto plot =
            program.session().quantiles({.source = spec.source, .points = options.quantiles}, program.progress());
        return {core::toJson(plot), quantileText(plot), options.out};
    }
    std::tie(spec.rowBegin, spec.rowEnd) = options.rows;
    std::tie(spec.columnBegin, spec.columnEnd) = options.columns;
    const auto map = program.session().magnitudeMap(spec, program.progress());
    return {core::toJson(map), mapText(map), options.out};
}

void describeInspect(CLI::App& verb, InspectOptions& options)
{
    auto& map = options.map;
    addModelArgument(verb, map.source.model);
    auto* layer =
        addParsed(verb, "--layer", map.source.layer, core::parseLayerId, "the matrix to look at, as in 3.down")
            ->type_name("LAYER");
    auto* site =
        addParsed(verb, "--site", map.source.site, core::parseSiteId, "or the activations there, as in 3.MlpOut")
            ->type_name("SITE");
    auto* against =
        verb.add_option("--against", options.against, "or, of a bundle, every layer beside the model it was made from")
            ->type_name("MODEL");
    auto* text = verb.add_option("--text", map.source.text, "what the model reads for activations")->type_name("TEXT");
    site->excludes(layer)->needs(text);
    against->excludes(layer)->excludes(site);
    verb.add_option("--tokens", map.source.tokens, "how many tokens of it")->check(positive())->capture_default_str();
    verb.add_option("--seqlen", options.seqlen, "with --against: tokens of a window")
        ->check(positive())
        ->capture_default_str();
    verb.add_flag("--transformed", options.transformed, "of a bundle: activations as its transforms make them");
    verb.add_option("--quantiles", options.quantiles, "so many quantiles against the normal distribution's");
    addParsed(verb, "--rows", options.rows, parseRange, "tokens or outputs BEGIN:END of the map; all")
        ->type_name("A:B");
    addParsed(verb, "--columns", options.columns, parseRange, "channels BEGIN:END of the map; all")->type_name("A:B");
    verb.add_option("--grid-rows", map.maxRows, "most rows of the map, pooled by the largest magnitude")
        ->check(positive())
        ->capture_default_str();
    verb.add_option("--grid-columns", map.maxColumns, "most columns of it")->check(positive())->capture_default_str();
    verb.add_option("--peaks", map.peaks, "how many of the largest values to list")
        ->check(notNegative())
        ->capture_default_str();
    addJsonFileOption(verb, options.out);
    verb.final_callback([layer, site, against] {
        if (layer->count() + site->count() + against->count() == 0)
            throw CLI::RequiredError("--layer, --site or --against");
    });
}

} // namespace

void addInspectVerb(CLI::App& app, Program& program)
{
    addVerb<InspectOptions>(app, program, "inspect", "magnitudes and quantiles of one matrix or site, value by value",
                            describeInspect, inspect);
}

} // namespace cli
