// SPDX-License-Identifier: Apache-2.0
// Compiles the tile for the instruction sets of x86-64 and picks one when the program runs, so that one binary suits every
// machine. Elsewhere the compiler makes of the baseline's vectors what the machine has (NEON on AArch64).
#include "gpu/cpu/attention_tile.h"

#include "gpu/cpu/instruction_sets.h"

namespace gpu::cpu {

namespace baseline {
constexpr int kLanes = 4;
#include "gpu/cpu/attention_tile.inl"
constexpr AttentionSteps kSteps{kQueries, attend, "baseline"};
} // namespace baseline

#if defined(__x86_64__)

#pragma GCC push_options
#pragma GCC target("avx2,fma")
namespace avx2 {
constexpr int kLanes = 8;
#include "gpu/cpu/attention_tile.inl"
constexpr AttentionSteps kSteps{kQueries, attend, "avx2"};
} // namespace avx2
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f,avx512vl,avx512bw,avx512dq,fma,prefer-vector-width=512")
namespace avx512 {
constexpr int kLanes = 16;
#include "gpu/cpu/attention_tile.inl"
constexpr AttentionSteps kSteps{kQueries, attend, "avx512"};
} // namespace avx512
#pragma GCC pop_options

const AttentionSteps* allAttentionSteps(int& count)
{
    static const SupportedSteps<AttentionSteps> supported(avx512::kSteps, avx2::kSteps, baseline::kSteps);
    count = supported.count;
    return supported.steps;
}

#else

const AttentionSteps* allAttentionSteps(int& count)
{
    count = 1;
    return &baseline::kSteps;
}

#endif

} // namespace gpu::cpu
