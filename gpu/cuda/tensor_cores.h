// SPDX-License-Identifier: Apache-2.0
// Names for the warp-wide instructions of the matrix units (PTX ISA, "Warp-level matrix instructions"), 16 bits an element. A
// register holds two neighbours of a row, the first in its low half. Empty for other compilers than nvcc.
#pragma once

#if defined(__CUDACC__)

#include <cuda_bf16.h>
#include <cuda_fp16.h>

namespace gpu::cuda {

__device__ inline unsigned sharedAddress(const void* at)
{
    return static_cast<unsigned>(__cvta_generic_to_shared(at));
}

/** Four 8x8 matrices; lane l gives the address of row l % 8 of matrix l / 8, 16 bytes aligned, and receives of matrix i in
    `out[i]` the elements 2 (l % 4) and the next of row l / 4. */
__device__ inline void loadMatrices(unsigned (&out)[4], unsigned address)
{
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(out[0]), "=r"(out[1]), "=r"(out[2]), "=r"(out[3])
                 : "r"(address)
                 : "memory");
}

/** The same with each matrix transposed on the way. */
__device__ inline void loadMatricesTransposed(unsigned (&out)[4], unsigned address)
{
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(out[0]), "=r"(out[1]), "=r"(out[2]), "=r"(out[3])
                 : "r"(address)
                 : "memory");
}

/** sum[16, 8] += a[16, 16] b[16, 8]. Lane l holds of `sum` row l / 4 and row l / 4 + 8, columns 2 (l % 4) and the next; of `a` the
    same rows, columns 2 (l % 4) and the next, then both rows 8 columns on; of `b` column l / 4, rows 2 (l % 4) and the next, then
    8 rows on. */
template <typename T>
__device__ void multiplyAdd(float (&sum)[4], const unsigned (&a)[4], unsigned b0, unsigned b1);

template <>
__device__ inline void multiplyAdd<__nv_bfloat16>(float (&sum)[4], const unsigned (&a)[4], unsigned b0, unsigned b1)
{
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

template <>
__device__ inline void multiplyAdd<__half>(float (&sum)[4], const unsigned (&a)[4], unsigned b0, unsigned b1)
{
    asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

/** Two numbers rounded into one register. */
template <typename T>
__device__ unsigned packPair(float first, float second);

template <>
__device__ inline unsigned packPair<__nv_bfloat16>(float first, float second)
{
    unsigned pair;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(second), "f"(first));
    return pair;
}

template <>
__device__ inline unsigned packPair<__half>(float first, float second)
{
    unsigned pair;
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(second), "f"(first));
    return pair;
}

/** 16 bytes from global into shared memory in the background; zeros instead where not `valid`. */
__device__ inline void copyAsync(unsigned to, const void* from, bool valid)
{
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(from), "r"(valid ? 16 : 0) : "memory");
}

__device__ inline void commitCopies()
{
    asm volatile("cp.async.commit_group;" ::: "memory");
}

/** Until at most kPending of this thread's groups are under way. */
template <int kPending>
__device__ void awaitCopies()
{
    asm volatile("cp.async.wait_group %0;" ::"n"(kPending) : "memory");
}

} // namespace gpu::cuda

#endif
