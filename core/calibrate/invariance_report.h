// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/transforms/transform_kind.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace core {

/** Largest |difference| of a transformed tensor from the original, over the original's largest magnitude. NaN where a number
    is not finite. */
struct Deviation
{
    double float64 = 0.0;
    double float32 = 0.0;
};

struct BlockDeviation
{
    int block = 0;
    TransformKind attention = TransformKind::Identity;
    TransformKind mlp = TransformKind::Identity;
    Deviation output; // from equal inputs
};

/** Whether transforms leave a model's function as it is, with all quantizers off. */
struct InvarianceReport
{
    static constexpr double kBound64 = 1e-10;
    static constexpr double kBound32 = 1e-4;

    std::vector<BlockDeviation> blocks;
    Deviation logits; // of the whole model: deviations of all blocks together
    std::int64_t tokens = 0;
    bool trained = false; // the transforms of a bundle; else their start by the plan

    static bool isSmall(const Deviation& deviation)
    {
        return deviation.float64 <= kBound64 && deviation.float32 <= kBound32; // false for NaN
    }
    bool holds() const
    {
        return isSmall(logits) && std::all_of(blocks.begin(), blocks.end(), [](const BlockDeviation& block) {
                   return isSmall(block.output);
               });
    }
};

} // namespace core
