// SPDX-License-Identifier: Apache-2.0
// What the kernels' sources share: errors with CUDA's own text, 16-byte vectors, sums over groups of lanes. Empty for other
// compilers than nvcc.
#pragma once

#if defined(__CUDACC__)

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace gpu::cuda {

/** Throws std::runtime_error "CUDA failed to <action>: <CUDA's text>". */
inline void check(cudaError_t status, const char* action)
{
    if (status != cudaSuccess)
        throw std::runtime_error(std::string("CUDA failed to ") + action + ": " + cudaGetErrorString(status));
}

/** After every launch; `action` as "start the moments kernel". */
inline void checkLaunch(const char* action)
{
    check(cudaGetLastError(), action);
}

/** Of gpu/stream.h, as CUDA calls it. */
inline cudaStream_t asStream(void* stream)
{
    return static_cast<cudaStream_t>(stream);
}

/** Multiprocessors of the current device. */
inline int multiprocessors()
{
    int device = 0;
    int count = 0;
    check(cudaGetDevice(&device), "find the current device");
    check(cudaDeviceGetAttribute(&count, cudaDevAttrMultiProcessorCount, device), "count the multiprocessors");
    return count;
}

/** Of the current device: 90 for 9.0. */
inline int computeCapability()
{
    int device = 0;
    int major = 0;
    int minor = 0;
    check(cudaGetDevice(&device), "find the current device");
    check(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device), "ask for the compute capability");
    check(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, device), "ask for the compute capability");
    return 10 * major + minor;
}

/** Lets a kernel ask for more than 48 KB of dynamic shared memory. */
template <typename Kernel>
void allowSharedMemory(Kernel* kernel, std::size_t bytes)
{
    check(cudaFuncSetAttribute(reinterpret_cast<const void*>(kernel), cudaFuncAttributeMaxDynamicSharedMemorySize,
                               static_cast<int>(bytes)),
          "reserve shared memory");
}

inline bool isAligned16(const void* address)
{
    return reinterpret_cast<std::uintptr_t>(address) % 16 == 0;
}

__device__ inline float toFloat(float x)
{
    return x;
}
__device__ inline float toFloat(double x)
{
    return static_cast<float>(x);
}
__device__ inline float toFloat(__half x)
{
    return __half2float(x);
}
__device__ inline float toFloat(__nv_bfloat16 x)
{
    return __bfloat162float(x);
}

template <typename T>
__device__ T fromFloat(float x);
template <>
__device__ inline float fromFloat<float>(float x)
{
    return x;
}
template <>
__device__ inline __half fromFloat<__half>(float x)
{
    return __float2half_rn(x);
}
template <>
__device__ inline __nv_bfloat16 fromFloat<__nv_bfloat16>(float x)
{
    return __float2bfloat16_rn(x);
}

/** `kCount` elements that move in one access: 16 bytes of them, or a single one where rows are not aligned. */
template <typename T, int kCount = 16 / sizeof(T)>
struct alignas(kCount * sizeof(T)) Pack
{
    T values[kCount];
};

template <typename T, int kCount>
__device__ Pack<T, kCount> loadPack(const T* from)
{
    return *reinterpret_cast<const Pack<T, kCount>*>(from);
}

template <typename T, int kCount>
__device__ void storePack(T* to, const Pack<T, kCount>& pack)
{
    *reinterpret_cast<Pack<T, kCount>*>(to) = pack;
}

/** `combine` over groups of kLanes neighbouring lanes (a power of two up to 32); every lane gets the result. All lanes of the
    warp must come here. */
template <int kLanes, typename T, typename Combine>
__device__ T overLanes(T value, Combine combine)
{
#pragma unroll
    for (int distance = kLanes / 2; distance > 0; distance /= 2)
        value = combine(value, __shfl_xor_sync(0xffffffffu, value, distance));
    return value;
}

template <int kLanes = 32, typename T>
__device__ T sumOverLanes(T value)
{
    return overLanes<kLanes>(value, [](T a, T b) { return a + b; });
}

} // namespace gpu::cuda

#endif
