// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace gpu::cpu {

/** Loops compiled for several instruction sets of x86-64: those that this machine can run, fastest first. */
template <typename Steps>
struct SupportedSteps
{
    Steps steps[3];
    int count = 0;

    SupportedSteps(const Steps& avx512, const Steps& avx2, const Steps& baseline, bool needsVnni = false)
    {
#if defined(__x86_64__)
        __builtin_cpu_init();
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")
            && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
            && (!needsVnni || __builtin_cpu_supports("avx512vnni")))
            steps[count++] = avx512;
        if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
            steps[count++] = avx2;
#endif
        steps[count++] = baseline;
    }
};

} // namespace gpu::cpu
