// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

/** Compiles a loop for each of these instruction sets; the program takes the best one that the processor has. */
#define PLANISH_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))

namespace gpu::cpu {

struct Extent
{
    float min = 0.0f;
    float max = 0.0f;
    bool finite = true; // false where a value is NaN or infinite; the others are then any
};

/** Smallest and largest of a row `x` [n] and 0. */
Extent extentOf(const float* x, std::int64_t n);

} // namespace gpu::cpu
