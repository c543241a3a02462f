// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/moments.h"

#include <cmath>
#include <limits>

namespace gpu {

/** The grid that a row is rounded to. */
enum class Grid {
    Symmetric,      // activations: a row of zeros gets scale 1
    SymmetricFloor, // weights: the largest absolute value counts as at least 1e-5
    Asymmetric,     // caches: a row of zeros gets the range [-1, 1]
};

/** Smallest and largest number of a row; NaN is passed over. A row without numbers has min > max. */
struct Extremes
{
    float min = std::numeric_limits<float>::infinity();
    float max = -std::numeric_limits<float>::infinity();
};

/** Everything that a row's elements share, for the CPU and the GPU. Forward, of one element x:
        c = min(max(x, clampLow), clampHigh),  code = min(max(round(c / scale) + zero, low), high),  out = (code - zero) * scale.
    NaN passes through every step. */
struct RowGrid
{
    float scale = 1.0f;
    float zero = 0.0f;
    float low = 0.0f; // smallest and largest code
    float high = 0.0f;
    float clampLow = -std::numeric_limits<float>::infinity();
    float clampHigh = std::numeric_limits<float>::infinity();
    float min = 0.0f; // extremes of the clamped row and 0
    float max = 0.0f;
    float maxWeight = 0.0f; // d scale / d (shrunk max), d scale / d (-shrunk min); both 0 where the scale is a constant
    float minWeight = 0.0f;
};

PLANISH_HOST_DEVICE inline float smaller(float a, float b)
{
    return b < a ? b : a;
}

PLANISH_HOST_DEVICE inline float larger(float a, float b)
{
    return b > a ? b : a;
}

/** NaN stays NaN. Where the bounds cross the upper one wins, as in at::clamp. */
PLANISH_HOST_DEVICE inline float bounded(float v, float low, float high)
{
    const float raised = v < low ? low : v;
    return raised > high ? high : raised;
}

/** A learned clamp of the values: [shrinkMin * min, shrinkMax * max]; a factor that does not exist sets no bound. */
PLANISH_HOST_DEVICE inline void clampRow(RowGrid& row, Extremes range, const float* shrinkMax, const float* shrinkMin)
{
    if (range.min > range.max)
        return;
    if (shrinkMin)
        row.clampLow = *shrinkMin * range.min;
    if (shrinkMax)
        row.clampHigh = *shrinkMax * range.max;
}

/** What all rows of one quantizer share. */
struct GridSteps
{
    Grid grid = Grid::Symmetric;
    float low = 0.0f; // smallest and largest code
    float high = 0.0f;
    float perStep = 0.0f; // 1 / high

    PLANISH_HOST_DEVICE GridSteps(Grid ofGrid, int bits)
        : grid(ofGrid)
        , low(ofGrid == Grid::Asymmetric ? 0.0f : -float(1 << (bits - 1)))
        , high(float((1 << (ofGrid == Grid::Asymmetric ? bits : bits - 1)) - 1))
        , perStep(1.0f / high)
    {
    }
};

/** Sets the grid of a row whose clamp is known. shrinkMax and shrinkMin multiply the range's ends. */
PLANISH_HOST_DEVICE inline void chooseGrid(RowGrid& row, Extremes range, float shrinkMax, float shrinkMin,
                                           const GridSteps& steps)
{
    constexpr float kFloor = 1e-5f;
    if (range.min <= range.max) {
        row.min = smaller(0.0f, bounded(range.min, row.clampLow, row.clampHigh));
        row.max = larger(0.0f, bounded(range.max, row.clampLow, row.clampHigh));
    }
    row.low = steps.low;
    row.high = steps.high;
    const float top = shrinkMax * row.max;
    const float bottom = shrinkMin * row.min;
    if (steps.grid == Grid::Asymmetric) {
        row.scale = (top - bottom) / steps.high;
        const bool fixed = row.scale == 0.0f; // also where a subnormal row leaves no scale
        if (fixed)
            row.scale = 2.0f / steps.high;
        row.zero = rintf(-(fixed ? -1.0f : bottom) / row.scale);
        row.maxWeight = row.minWeight = fixed ? 0.0f : steps.perStep;
        return;
    }
    const bool floored = steps.grid == Grid::SymmetricFloor;
    const float reach = larger(top, -bottom);
    row.scale = (floored ? larger(reach, kFloor) : reach) / steps.high;
    const bool fixed = floored ? reach < kFloor : row.scale == 0.0f;
    if (row.scale == 0.0f)
        row.scale = 1.0f;
    if (fixed)
        return;
    const float fromMax = top > -bottom ? 1.0f : top < -bottom ? 0.0f : 0.5f; // both ends may reach as far
    row.maxWeight = fromMax * steps.perStep;
    row.minWeight = (1.0f - fromMax) * steps.perStep;
}

} // namespace gpu
