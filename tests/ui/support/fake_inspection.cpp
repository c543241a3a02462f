// SPDX-License-Identifier: GPL-3.0-or-later
// What the fake engine says of single values.
#include "tests/ui/support/fake_session.h"

#include <algorithm>
#include <cmath>
#include <limits>

using fake::kHidden;
using fake::tailsOf;

core::Distribution FakeSession::distribution(double scale, double tails, int channels) const
{
    core::Distribution result;
    constexpr int kBins = 512;
    const double reach = scale * (4.0 + 3.0 * tails);
    result.histogram.low = -reach;
    result.histogram.high = reach;
    result.histogram.counts.resize(kBins);
    const double width = 2.0 * reach / kBins;
    for (int i = 0; i < kBins; ++i) {
        const double t = (-reach + (i + 0.5) * width) / scale;
        const double body = std::exp(-0.5 * t * t);
        const double tail = 0.002 * tails * std::exp(-std::abs(t) / (1.0 + tails));
        result.histogram.counts[static_cast<std::size_t>(i)] =
            static_cast<std::uint64_t>(std::lround(400.0 * width / scale * 100.0 * (body + tail)));
        result.count += static_cast<std::int64_t>(result.histogram.counts[static_cast<std::size_t>(i)]);
    }
    result.std = scale;
    result.min = -reach;
    result.max = reach;
    result.absmax = reach;
    result.kurtosis = 1.7 * tails;
    for (int c = 0; c < channels; ++c) {
        const double ripple = 0.6 + 0.4 * std::abs(std::sin(c * 1.7));
        const bool isOutlier = tails > 2.0 && (c == 11 || c == 40);
        result.channelAbsmax.push_back(static_cast<float>(isOutlier ? reach : 0.3 * reach * ripple));
        if (isOutlier)
            result.outlierChannels.push_back(c);
    }
    return result;
}

/** One token (5) and two channels (11, 40) stand out; value (3, 7) is not finite where weights are looked at. */
core::MagnitudeMap FakeSession::magnitudeMap(const core::MapSpec& spec, core::Progress& progress)
{
    progress.checkpoint();
    ++m_behaviour->maps;
    core::MagnitudeMap map;
    const bool isSite = spec.source.site.has_value();
    map.rows = isSite ? std::min<std::int64_t>(spec.source.tokens, m_behaviour->textTokens) : kHidden;
    map.columns = kHidden;
    map.rowBegin = spec.rowBegin;
    map.rowEnd = spec.rowEnd > 0 ? spec.rowEnd : map.rows;
    map.columnBegin = spec.columnBegin;
    map.columnEnd = spec.columnEnd > 0 ? spec.columnEnd : map.columns;
    const auto mapped = map.rowEnd - map.rowBegin;
    map.gridRows = static_cast<int>(std::min<std::int64_t>(mapped, spec.maxRows));
    map.gridColumns = static_cast<int>(map.columnEnd - map.columnBegin);
    map.cells.resize(static_cast<std::size_t>(map.gridRows) * static_cast<std::size_t>(map.gridColumns));
    for (auto row = map.rowBegin; row < map.rowEnd; ++row)
        for (auto column = map.columnBegin; column < map.columnEnd; ++column) {
            const double body = 0.2 + 0.1 * std::abs(std::sin(1.3 * static_cast<double>(row + 2 * column)));
            const bool stands = column == 11 || column == 40;
            const double value = body * (stands ? (row == 5 ? 90.0 : 12.0) : 1.0);
            const bool broken = !isSite && row == 3 && column == 7;
            auto& cell = map.cells[static_cast<std::size_t>(
                (row - map.rowBegin) * map.gridRows / mapped * map.gridColumns + column - map.columnBegin)];
            cell = broken ? std::numeric_limits<float>::quiet_NaN() : std::max(cell, static_cast<float>(value));
            map.nonFinite += broken ? 1 : 0;
            if (stands)
                map.peaks.push_back({row, column, static_cast<float>(column == 11 ? value : -value)});
        }
    std::stable_sort(map.peaks.begin(), map.peaks.end(),
                     [](const auto& left, const auto& right) { return std::abs(left.value) > std::abs(right.value); });
    for (int row = 0; isSite && row < map.rows; ++row)
        map.tokens.push_back("\u2581word" + std::to_string(row));
    return map;
}

core::QuantilePlot FakeSession::quantiles(const core::QuantileSpec& spec, core::Progress& progress)
{
    progress.checkpoint();
    core::QuantilePlot plot;
    plot.count = 4096;
    plot.std = 0.02;
    for (int i = 0; i < 101; ++i) {
        const double z = -3.5 + 0.07 * i;
        plot.normal.push_back(z);
        const double tails = spec.source.site ? 2.5 : tailsOf(spec.source.layer);
        plot.value.push_back(0.02 * (z + 0.05 * tails * z * z * z));
    }
    return plot;
}

core::BundleProfile FakeSession::profileBundle(const core::BundleProfileSpec& spec,
                                               const core::BundleProfileObserver& observer, core::Progress& progress)
{
    core::BundleProfile profile;
    profile.bundle = spec.bundle;
    for (int block = 0; block < m_behaviour->blocks; ++block)
        for (const auto role : core::kBlockRoles) {
            progress.checkpoint();
            const core::LayerId layer{block, role};
            const bool isDown = role == core::Role::Down;
            profile.weights.push_back(
                {.layer = layer,
                 .dtype = "W4",
                 .shape = {kHidden, isDown ? m_behaviour->intermediate : kHidden},
                 .weight = distribution(0.02, 0.1, isDown ? m_behaviour->intermediate : kHidden)});
            profile.errors.push_back(
                {.layer = layer, .weightSqnr = 20.0 - tailsOf(layer), .outputError = 0.01 * (1 + tailsOf(layer))});
            if (observer.onLayer)
                observer.onLayer(profile.weights.back());
            if (observer.onError)
                observer.onError(profile.errors.back());
        }
    for (int block = 0; block < m_behaviour->blocks; ++block)
        for (const auto kind : {core::ModuleKind::Attention, core::ModuleKind::Mlp})
            profile.modules.push_back({.module = {block, kind}, .robustZ = 0.4 * fake::zOf({block, kind})});
    for (int block = 0; block < m_behaviour->blocks && !spec.text.empty(); ++block)
        for (const auto site : core::kSites) {
            profile.activations.push_back(
                {.site = {block, site}, .tokens = spec.tokens, .activation = distribution(1.0, 0.2, kHidden)});
            if (observer.onSite)
                observer.onSite(profile.activations.back());
        }
    return profile;
}
