// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/stats/profile.h"

#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace core {

/** In which basis the values of a quantized model are meant: as the rest of the model sees them, or as its transform makes
    them for the quantizer. A full-precision model has only the first. */
enum class Basis { Original, Transformed };

/** Which values are looked at: a matrix [out, in], or what stands at a site while a text is read [tokens, channels]. */
struct ValueSource
{
    std::string model;          // full precision or a bundle, whose weights are those dequantized
    LayerId layer;              // the matrix; unused where `site` is given
    std::optional<SiteId> site; // activations of the first tokens of `text`, in one window from position 0
    std::string text;
    std::int64_t tokens = 256;
    Basis basis = Basis::Original; // of activations

    bool operator==(const ValueSource&) const = default;
};

struct MapSpec
{
    ValueSource source;
    std::int64_t rowBegin = 0;
    std::int64_t rowEnd = 0; // 0: all
    std::int64_t columnBegin = 0;
    std::int64_t columnEnd = 0; // 0: all
    int maxRows = 512;          // of the grid
    int maxColumns = 1024;
    int peaks = 200;

    bool operator==(const MapSpec&) const = default;
};

struct MapPeak
{
    std::int64_t row = 0; // token, or output channel
    std::int64_t column = 0;
    float value = 0.0f; // with its sign
};

/** Magnitudes of a rectangle of values, pooled by their maximum, so that no outlier is lost at any size: the p-th of n mapped
    rows lies in grid row floor(p gridRows / n), columns likewise. */
struct MagnitudeMap
{
    std::int64_t rows = 0; // of the whole
    std::int64_t columns = 0;
    std::int64_t rowBegin = 0, rowEnd = 0, columnBegin = 0, columnEnd = 0; // mapped
    int gridRows = 0;
    int gridColumns = 0;
    std::vector<float> cells;        // row by row; NaN where one of the values is not finite
    std::int64_t nonFinite = 0;      // in the rectangle
    std::vector<MapPeak> peaks;      // the largest magnitudes of the rectangle, largest first
    std::vector<std::string> tokens; // of all rows, as the vocabulary spells them; empty for weights
};

struct QuantileSpec
{
    ValueSource source;
    int points = 801;

    bool operator==(const QuantileSpec&) const = default;
};

/** Quantiles against a normal distribution's. Where there are more values than points these are spaced evenly along the
    normal distribution, from the smallest value to the largest, so that the tails are as well seen as the middle. */
struct QuantilePlot
{
    std::int64_t count = 0; // finite values
    std::int64_t nonFinite = 0;
    double mean = 0.0;
    double std = 0.0;           // of a straight line: value = mean + std * normal
    std::vector<double> normal; // ascending
    std::vector<double> value;  // within 1/512 of its size (core/stats/value_counter.h)
};

struct BundleProfileSpec
{
    std::string bundle;
    std::string reference; // the full-precision model that it was made from
    std::string text;      // empty: weights only
    std::int64_t tokens = 2048;
    std::int64_t seqlen = 256;
};

/** How far a layer of a bundle is from its original. */
struct LayerError
{
    LayerId layer;
    double weightSqnr = 0.0; // dB: 10 log10(|W'|^2 / |W' - Q|^2), W' the folded weight before rounding
    double outputError = std::numeric_limits<
        double>::quiet_NaN(); // |X'W'^T - Q(X')Q^T|^2 / |X'W'^T|^2 over the text, X' the original's input transformed

    double weightError() const { return std::pow(10.0, -weightSqnr / 10.0); } // |W' - Q|^2 / |W'|^2
};

/** A quantized model as the original is profiled: what the integer grids hold and what the quantizers of activations see. */
struct BundleProfile
{
    std::string bundle;
    std::vector<LayerProfile> weights;    // of the blocks; `dtype` names bits ("W4")
    std::vector<ModuleProfile> modules;   // of these weights, robust z among themselves
    std::vector<SiteProfile> activations; // behind the transforms; empty without a text
    std::vector<LayerError> errors;
};

/** Told as each part is known, on the working thread; each may be empty. */
struct BundleProfileObserver
{
    std::function<void(const LayerProfile&)> onLayer;
    std::function<void(const SiteProfile&)> onSite;
    std::function<void(const LayerError&)> onError;
};

} // namespace core
