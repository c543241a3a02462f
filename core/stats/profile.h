// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/ids.h"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace core {

/** Equal bins [low + i w, low + (i + 1) w), w = (high - low) / bins; values outside are counted beside them, so nothing is
    lost. Those of a profile reach from the smallest to the largest value, their edges are whole multiples of a power of
    two, and there are at most 1023 of them. */
struct Histogram
{
    double low = 0.0;
    double high = 0.0;
    std::vector<std::uint64_t> counts;
    std::uint64_t below = 0;
    std::uint64_t above = 0;
};

/** What one pass over a tensor tells. NaN and infinities are counted and left out of everything else. Without a finite value
    mean, std, min, max and kurtosis are NaN, absmax is 0 and the histogram has no bins. */
struct Distribution
{
    std::int64_t count = 0; // finite values
    std::int64_t nonFinite = 0;
    double mean = 0.0;
    double std = 0.0; // divides by n
    double min = 0.0;
    double max = 0.0;
    double absmax = 0.0;
    double kurtosis = 0.0; // excess, biased: N M4 / M2^2 - 3, as scipy.stats.kurtosis; NaN where all values are equal
    double rowKurtosis = std::numeric_limits<double>::quiet_NaN(); // mean over rows: weights are quantized row by row
    Histogram histogram;
    std::vector<float> channelAbsmax; // per input channel: columns of a weight [out, in], last axis of an activation
    std::vector<int> outlierChannels; // of these, whose absmax stands out (core/stats/outlier_channels.h), ascending
};

struct LayerProfile
{
    LayerId layer;
    std::string dtype;
    std::vector<std::int64_t> shape; // [out, in]
    Distribution weight;
};

struct SiteProfile
{
    SiteId site;
    std::int64_t tokens = 0;
    Distribution activation;
};

/** Kurtosis of a module (mean over its matrices of the excess kurtosis) and its robust z among the modules of its kind:
    0.6745 (K - median) / MAD (core/stats/robust_z.h). */
struct ModuleProfile
{
    ModuleId module;
    double kurtosis = 0.0;
    double pooledKurtosis =
        std::numeric_limits<double>::quiet_NaN(); // of all entries together: also measures how scales differ
    double robustZ = std::numeric_limits<double>::quiet_NaN();
};

struct Profile
{
    std::string model; // path as given
    std::vector<LayerProfile> weights;
    std::vector<ModuleProfile> modules;
    std::vector<SiteProfile> activations; // empty without a text
    std::vector<std::string> warnings;
};

} // namespace core
