// SPDX-License-Identifier: Apache-2.0
// A block holds one long row, or several short ones, as float32 in shared memory and goes over them once for every four bits of
// the index: a thread takes the 16 values that differ in these bits into registers and writes back their sums and differences.
// The first pass reads the tokens, what follows the last writes values or codes.
#include "gpu/cuda/token_codes.h"
#include "gpu/token_kernels.h"

#include <algorithm>
#include <stdexcept>

namespace gpu::cuda {

namespace {

constexpr int kGroup = 8; // neighbouring values a thread writes at a time
constexpr int kMaxThreads = 1024;

struct Arguments
{
    HadamardRows in;
    void* out;
    TokenCodes codes;
    int rowsPerBlock;
    bool vectors; // rows of x and of the result start on 16 bytes and are whole 8 values
};

__host__ __device__ inline int channelsOf(const HadamardRows& rows)
{
    return rows.inner << rows.power;
}

/** Where value i lies: a word is left free after every 16, so that threads 16 values apart meet different banks. */
__host__ __device__ inline int place(int i)
{
    return i + i / 16;
}

template <int kCount>
__device__ void butterflies(float (&v)[kCount])
{
#pragma unroll
    for (int half = 1; half < kCount; half *= 2)
#pragma unroll
        for (int i = 0; i < kCount; ++i)
            if ((i & half) == 0) {
                const float sum = v[i] + v[i + half];
                v[i + half] = v[i] - v[i + half];
                v[i] = sum;
            }
}

/** Index bits `bit` to `bit` + log2(kCount) - 1 of `count` values; `load(i)` gives value i, the results go to shared memory. */
template <int kCount, typename Load>
__device__ void pass(float* shared, int count, int inner, int bit, Load load)
{
    for (int group = threadIdx.x; group < count / kCount; group += blockDim.x) {
        const int column = inner == 1 ? 0 : group % inner;
        const int index = inner == 1 ? group : group / inner;
        const int low = index & ((1 << bit) - 1);
        const int first = ((index - low) * kCount + low) * inner + column;
        const int stride = inner << bit;
        float v[kCount];
#pragma unroll
        for (int i = 0; i < kCount; ++i)
            v[i] = load(first + i * stride);
        butterflies(v);
#pragma unroll
        for (int i = 0; i < kCount; ++i)
            shared[place(first + i * stride)] = v[i];
    }
}

template <typename Load>
__device__ void passOf(int bits, float* shared, int count, int inner, int bit, Load load)
{
    switch (bits) {
    case 0: return pass<1>(shared, count, inner, bit, load);
    case 1: return pass<2>(shared, count, inner, bit, load);
    case 2: return pass<4>(shared, count, inner, bit, load);
    case 3: return pass<8>(shared, count, inner, bit, load);
    default: return pass<16>(shared, count, inner, bit, load);
    }
}

/** The first pass where 16 neighbours are one thread's: two or four wide loads. */
template <typename T>
__device__ void firstPassWide(float* shared, const T* x, const HadamardRows& in, int count, int channels)
{
    for (int first = threadIdx.x * 16; first < count; first += blockDim.x * 16) {
        constexpr int kWide = 16 / sizeof(T);
        float v[16];
#pragma unroll
        for (int part = 0; part < 16 / kWide; ++part) {
            const auto pack = loadPack<T, kWide>(x + first + part * kWide);
#pragma unroll
            for (int i = 0; i < kWide; ++i)
                v[part * kWide + i] = toFloat(pack.values[i]) * in.factor;
        }
        if (in.signs != nullptr)
#pragma unroll
            for (int i = 0; i < 16; ++i)
                v[i] *= __ldg(in.signs + first % channels + i);
        butterflies(v);
#pragma unroll
        for (int i = 0; i < 16; ++i)
            shared[place(first + i)] = v[i];
    }
}

template <typename T>
__device__ void transformInShared(float* shared, const HadamardRows& in, const T* x, int count, bool vectors)
{
    const int channels = channelsOf(in);
    int bit = min(in.power, 4);
    if (vectors && in.inner == 1 && in.power >= 4)
        firstPassWide(shared, x, in, count, channels);
    else
        passOf(bit, shared, count, in.inner, 0, [&](int i) {
            const float value = toFloat(x[i]) * in.factor;
            return in.signs == nullptr ? value : value * __ldg(in.signs + i % channels);
        });
    for (; bit < in.power; bit += 4) {
        __syncthreads();
        passOf(min(in.power - bit, 4), shared, count, in.inner, bit, [&](int i) { return shared[place(i)]; });
    }
    __syncthreads();
}

__device__ void loadGroup(float (&values)[kGroup], const float* shared, int first, int count)
{
#pragma unroll
    for (int i = 0; i < kGroup; ++i)
        values[i] = first + i < count ? shared[place(first + i)] : 0.0f;
}

template <typename T>
__global__ void __launch_bounds__(kMaxThreads) transformRows(Arguments arguments)
{
    extern __shared__ float shared[];
    const auto& in = arguments.in;
    const std::int64_t row = static_cast<std::int64_t>(blockIdx.x) * arguments.rowsPerBlock;
    const int rows = static_cast<int>(min(static_cast<std::int64_t>(arguments.rowsPerBlock), in.rows - row));
    const int count = rows * channelsOf(in);
    transformInShared(shared, in, static_cast<const T*>(in.x) + row * channelsOf(in), count, arguments.vectors);
    T* const out = static_cast<T*>(arguments.out) + row * channelsOf(in);
    for (int first = threadIdx.x * kGroup; first < count; first += blockDim.x * kGroup) {
        float values[kGroup];
        loadGroup(values, shared, first, count);
        if (arguments.vectors) {
            constexpr int kWide = 16 / sizeof(T);
#pragma unroll
            for (int part = 0; part < kGroup / kWide; ++part) {
                Pack<T, kWide> pack;
#pragma unroll
                for (int i = 0; i < kWide; ++i)
                    pack.values[i] = fromFloat<T>(values[part * kWide + i]);
                storePack(out + first + part * kWide, pack);
            }
        } else {
#pragma unroll
            for (int i = 0; i < kGroup; ++i)
                if (first + i < count)
                    out[first + i] = fromFloat<T>(values[i]);
        }
    }
}

/** One row a block. */
template <typename T>
__global__ void __launch_bounds__(kMaxThreads) quantizeRows(Arguments arguments)
{
    extern __shared__ float shared[];
    __shared__ float2 exchange[kMaxThreads / 32];
    const auto& in = arguments.in;
    const int n = channelsOf(in);
    const std::int64_t row = blockIdx.x;
    transformInShared(shared, in, static_cast<const T*>(in.x) + row * n, n, arguments.vectors);
    TokenReach reach;
    for (int first = threadIdx.x * kGroup; first < n; first += blockDim.x * kGroup) {
        float values[kGroup];
        loadGroup(values, shared, first, n);
#pragma unroll
        for (const float value : values)
            reach.add(value);
    }
    reach.spread();
    if (threadIdx.x % 32 == 0)
        exchange[threadIdx.x / 32] = {reach.up, reach.down};
    __syncthreads();
    for (int warp = 0; warp < blockDim.x / 32; ++warp)
        reach.add(TokenReach{exchange[warp].x, exchange[warp].y});
    const TokenGrid grid(reach, arguments.codes.bits, arguments.codes.shrinkMax, arguments.codes.shrinkMin);
    if (threadIdx.x == 0)
        arguments.codes.scales[row] = grid.scale;
    for (int first = threadIdx.x * kGroup; first < n; first += blockDim.x * kGroup) {
        float values[kGroup];
        loadGroup(values, shared, first, n);
        writeGroup(grid, values, arguments.codes, row * n, first, n, n % kGroup == 0);
    }
}

using Kernel = void (*)(Arguments);

void launch(Kernel kernel, const Arguments& arguments, cudaStream_t stream)
{
    const auto& in = arguments.in;
    const int count = arguments.rowsPerBlock * channelsOf(in);
    const int threads = std::clamp((count / 16 + 31) / 32 * 32, 32, kMaxThreads);
    const std::size_t bytes = (place(count) + 1) * sizeof(float);
    allowSharedMemory(kernel, bytes);
    const auto blocks = (in.rows + arguments.rowsPerBlock - 1) / arguments.rowsPerBlock;
    kernel<<<static_cast<unsigned>(blocks), threads, bytes, stream>>>(arguments);
    checkLaunch("start the Hadamard kernel");
}

Kernel chooseKernel(ElementType type, Kernel forFloat, Kernel forBFloat16, Kernel forHalf)
{
    switch (type) {
    case ElementType::Float32: return forFloat;
    case ElementType::BFloat16: return forBFloat16;
    case ElementType::Float16: return forHalf;
    case ElementType::Float64: break;
    }
    throw std::invalid_argument("a Hadamard transform takes float32, bfloat16 or float16");
}

bool rowsAreWide(const HadamardRows& rows)
{
    return channelsOf(rows) % 16 == 0 && isAligned16(rows.x);
}

} // namespace

void hadamardTransform(const HadamardRows& rows, void* out, void* stream)
{
    if (rows.rows == 0)
        return;
    constexpr std::int64_t kValuesPerBlock = 2048; // where rows are short
    const auto perBlock = std::clamp<std::int64_t>(kValuesPerBlock / channelsOf(rows), 1, rows.rows);
    launch(chooseKernel(rows.type, transformRows<float>, transformRows<__nv_bfloat16>, transformRows<__half>),
           {rows, out, {}, static_cast<int>(perBlock), rowsAreWide(rows) && isAligned16(out)}, asStream(stream));
}

void hadamardQuantize(const HadamardRows& rows, const TokenCodes& out, void* stream)
{
    if (rows.rows == 0)
        return;
    launch(chooseKernel(rows.type, quantizeRows<float>, quantizeRows<__nv_bfloat16>, quantizeRows<__half>),
           {rows, nullptr, out, 1, rowsAreWide(rows)}, asStream(stream));
}

} // namespace gpu::cuda
