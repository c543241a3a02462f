// SPDX-License-Identifier: Apache-2.0
// Names for the matrix instructions of four warps together (PTX ISA, "Asynchronous warpgroup level matrix instructions"; sm_90a
// only), 16 bits an element. Empty for other compilers than nvcc.
#pragma once

#if defined(__CUDACC__)

#include "gpu/cuda/tensor_cores.h"

#include <cstdint>
#include <type_traits>

namespace gpu::cuda {

/** A matrix of 16-bit elements in shared memory as the instructions want it without swizzling: 16-byte pieces of eight neighbours
    along the products' inner axis; piece (row, p) lies at p * pieceStride + row * 16, so that eight rows are one 128-byte block. Two
    pieces are one step of 16. */
__device__ inline std::uint64_t describe(unsigned sharedAddress, int pieceStride)
{
    constexpr std::uint64_t kEightRows = 128 / 16;
    return (sharedAddress & 0x3ffff) / 16 | static_cast<std::uint64_t>(pieceStride / 16) << 16 | kEightRows << 32;
}

/** What this thread wrote into shared memory becomes visible to the instructions (a barrier must follow). */
__device__ inline void publishShared()
{
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
}

/** Before the first product that uses registers written by ordinary instructions. */
__device__ inline void beginProducts()
{
    asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
}

/** Keeps the compiler from moving reads and writes of the registers past here. */
template <typename T, int kCount>
__device__ void pin(T (&registers)[kCount])
{
#pragma unroll
    for (T& one : registers)
        if constexpr (std::is_floating_point_v<T>)
            asm volatile("" : "+f"(one)::"memory");
        else
            asm volatile("" : "+r"(one)::"memory");
}

/** Until all products of this warpgroup are done; `sums` are theirs. */
template <int kCount>
__device__ void awaitProducts(float (&sums)[kCount])
{
    asm volatile("wgmma.commit_group.sync.aligned;\n\twgmma.wait_group.sync.aligned 0;" ::: "memory");
    pin(sums);
}

/** sums[64, kN] (+)= a[64, 16] b[kN, 16]^T for a warpgroup, both in shared memory. Of row 16 w + l / 4 and the one eight below lane l of
    warp w holds columns 8 i + 2 (l % 4) and the next, as sums[4 i], [4 i + 1] and [4 i + 2], [4 i + 3]. */
template <typename T, int kN>
__device__ void multiplyShared(float (&sums)[kN / 2], std::uint64_t a, std::uint64_t b, bool add);

/** The same with a in registers, laid out as in multiplyAdd; bfloat16. */
template <int kN>
__device__ void multiplyRegisters(float (&sums)[kN / 2], const unsigned (&a)[4], std::uint64_t b, bool add);

// clang-format off
#define PLANISH_NUMBERS0 "%0, %1, %2, %3, %4, %5, %6, %7"
#define PLANISH_NUMBERS1 "%8, %9, %10, %11, %12, %13, %14, %15"
#define PLANISH_NUMBERS2 "%16, %17, %18, %19, %20, %21, %22, %23"
#define PLANISH_NUMBERS3 "%24, %25, %26, %27, %28, %29, %30, %31"
#define PLANISH_NUMBERS4 "%32, %33, %34, %35, %36, %37, %38, %39"
#define PLANISH_NUMBERS5 "%40, %41, %42, %43, %44, %45, %46, %47"
#define PLANISH_NUMBERS6 "%48, %49, %50, %51, %52, %53, %54, %55"
#define PLANISH_NUMBERS7 "%56, %57, %58, %59, %60, %61, %62, %63"
#define PLANISH_EIGHT(i) "+f"(sums[8 * i]), "+f"(sums[8 * i + 1]), "+f"(sums[8 * i + 2]), "+f"(sums[8 * i + 3]), "+f"(sums[8 * i + 4]), "+f"(sums[8 * i + 5]), "+f"(sums[8 * i + 6]), "+f"(sums[8 * i + 7])
#define PLANISH_TEXT64 PLANISH_NUMBERS0 ", " PLANISH_NUMBERS1 ", " PLANISH_NUMBERS2 ", " PLANISH_NUMBERS3
#define PLANISH_SUMS64 PLANISH_EIGHT(0), PLANISH_EIGHT(1), PLANISH_EIGHT(2), PLANISH_EIGHT(3)
#define PLANISH_TEXT96 PLANISH_NUMBERS0 ", " PLANISH_NUMBERS1 ", " PLANISH_NUMBERS2 ", " PLANISH_NUMBERS3 ", " PLANISH_NUMBERS4 ", " PLANISH_NUMBERS5
#define PLANISH_SUMS96 PLANISH_EIGHT(0), PLANISH_EIGHT(1), PLANISH_EIGHT(2), PLANISH_EIGHT(3), PLANISH_EIGHT(4), PLANISH_EIGHT(5)
#define PLANISH_TEXT112 PLANISH_NUMBERS0 ", " PLANISH_NUMBERS1 ", " PLANISH_NUMBERS2 ", " PLANISH_NUMBERS3 ", " PLANISH_NUMBERS4 ", " PLANISH_NUMBERS5 ", " PLANISH_NUMBERS6
#define PLANISH_SUMS112 PLANISH_EIGHT(0), PLANISH_EIGHT(1), PLANISH_EIGHT(2), PLANISH_EIGHT(3), PLANISH_EIGHT(4), PLANISH_EIGHT(5), PLANISH_EIGHT(6)
#define PLANISH_TEXT128 PLANISH_NUMBERS0 ", " PLANISH_NUMBERS1 ", " PLANISH_NUMBERS2 ", " PLANISH_NUMBERS3 ", " PLANISH_NUMBERS4 ", " PLANISH_NUMBERS5 ", " PLANISH_NUMBERS6 ", " PLANISH_NUMBERS7
#define PLANISH_SUMS128 PLANISH_EIGHT(0), PLANISH_EIGHT(1), PLANISH_EIGHT(2), PLANISH_EIGHT(3), PLANISH_EIGHT(4), PLANISH_EIGHT(5), PLANISH_EIGHT(6), PLANISH_EIGHT(7)

#define PLANISH_SHARED(T, kType, kN, kA, kB, kAdd) \
    template <> \
    __device__ inline void multiplyShared<T, kN>(float (&sums)[kN / 2], std::uint64_t a, std::uint64_t b, bool add) \
    { \
        asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %" #kAdd ", 0;\n" \
                     "wgmma.mma_async.sync.aligned.m64n" #kN "k16.f32." kType "." kType " {" PLANISH_TEXT##kN "}, %" #kA ", %" #kB \
                     ", p, 1, 1, 0, 0;\n}" \
                     : PLANISH_SUMS##kN \
                     : "l"(a), "l"(b), "r"(static_cast<int>(add))); \
    }
#define PLANISH_REGISTERS(kN, k0, k1, k2, k3, kB, kAdd) \
    template <> \
    __device__ inline void multiplyRegisters<kN>(float (&sums)[kN / 2], const unsigned (&a)[4], std::uint64_t b, bool add) \
    { \
        asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %" #kAdd ", 0;\n" \
                     "wgmma.mma_async.sync.aligned.m64n" #kN "k16.f32.bf16.bf16 {" PLANISH_TEXT##kN "}, {%" #k0 ", %" #k1 \
                     ", %" #k2 ", %" #k3 "}, %" #kB ", p, 1, 1, 0;\n}" \
                     : PLANISH_SUMS##kN \
                     : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b), "r"(static_cast<int>(add))); \
    }
PLANISH_SHARED(__nv_bfloat16, "bf16", 64, 32, 33, 34)
PLANISH_SHARED(__half, "f16", 64, 32, 33, 34)
PLANISH_REGISTERS(64, 32, 33, 34, 35, 36, 37)
PLANISH_SHARED(__nv_bfloat16, "bf16", 96, 48, 49, 50)
PLANISH_SHARED(__half, "f16", 96, 48, 49, 50)
PLANISH_REGISTERS(96, 48, 49, 50, 51, 52, 53)
PLANISH_SHARED(__nv_bfloat16, "bf16", 112, 56, 57, 58)
PLANISH_SHARED(__half, "f16", 112, 56, 57, 58)
PLANISH_REGISTERS(112, 56, 57, 58, 59, 60, 61)
PLANISH_SHARED(__nv_bfloat16, "bf16", 128, 64, 65, 66)
PLANISH_SHARED(__half, "f16", 128, 64, 65, 66)
PLANISH_REGISTERS(128, 64, 65, 66, 67, 68, 69)
// clang-format on

} // namespace gpu::cuda

#endif
