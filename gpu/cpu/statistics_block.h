// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/kernels.h"

#include <cstdint>

namespace gpu::cpu {

inline constexpr int kBlock =
    2048; // values handled at a time: small enough that all steps after the first read find them in L1
inline constexpr int kBinTables = 4; // so that equal neighbours do not wait for each other's count

/** First look at a block. Where a value is not finite, `sum` is not finite either, and the others mean nothing. */
struct BlockExtent
{
    double sum = 0.0;
    float min = Moments::kInfinity;
    float max = -Moments::kInfinity;
};

/** Sums of (x - mean)^k. */
struct BlockPowers
{
    double m2 = 0.0;
    double m3 = 0.0;
    double m4 = 0.0;
};

/** The steps over one block of n <= kBlock values, compiled for one instruction set each; `values` and `out` do not
    overlap, addresses need not be aligned. */
struct BlockSteps
{
    void (*decode)(const void* data, ElementType type, std::int64_t n, float* out);
    BlockExtent (*measure)(const float* values, std::int64_t n);
    BlockPowers (*sumPowers)(const float* values, std::int64_t n, double mean);
    /** counts[tables][DyadicHistogram::kBins], 1 or kBinTables of them. All values lie inside the range of
        `inverseWidth` = 2^-exponent. */
    void (*countBins)(const float* values, std::int64_t n, float inverseWidth, std::uint32_t* counts, int tables);
    void (*raiseAbsmax)(const float* values, std::int64_t n, float* absmax);
    const char* name; // "avx512", "avx2", "baseline"
};

/** The fastest that this machine can run; chosen once. */
const BlockSteps& blockSteps();

/** Every one that this machine can run, for tests and benchmarks; `count` receives how many. */
const BlockSteps* allBlockSteps(int& count);

} // namespace gpu::cpu
