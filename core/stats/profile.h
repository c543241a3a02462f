// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/ids.h"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace core {

/** Equal bins over [low, high]; values outside are counted beside them, so nothing is lost. */
struct Histogram
{
    double low = 0.0;
    double high = 0.0;
    std::vector<std::uint64_t> counts;
    std::uint64_t below = 0;
    std::uint64_t above = 0;
};

/** What one pass over a tensor tells. NaN and infinities are counted and left out of everything else. */
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
    Histogram histogram;
    std::vector<float> channelAbsmax; // per input channel: columns of a weight [out, in], last axis of an activation
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
    0.6745 (K - median) / MAD (method.md 6.1). */
struct ModuleProfile
{
    ModuleId module;
    double kurtosis = 0.0;
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
