// SPDX-License-Identifier: Apache-2.0
// Tokens to codes without a transform: a block a token, which is read twice, the second time from the caches.
#include "gpu/cuda/token_codes.h"
#include "gpu/token_kernels.h"

#include <algorithm>
#include <stdexcept>

namespace gpu::cuda {

namespace {

constexpr int kThreads = 256;
constexpr int kGroup = 8; // values a thread takes at a time

/** x[first] to x[first + 7], zeros from n on. */
template <typename T>
__device__ void loadGroup(float (&values)[kGroup], const T* x, std::int64_t first, std::int64_t n, bool vectors)
{
    if (vectors) {
        const auto pack = loadPack<T, 16 / sizeof(T)>(x + first);
#pragma unroll
        for (int k = 0; k < static_cast<int>(16 / sizeof(T)); ++k)
            values[k] = toFloat(pack.values[k]);
        if constexpr (sizeof(T) == 4) {
            const auto second = loadPack<T, 4>(x + first + 4);
#pragma unroll
            for (int k = 0; k < 4; ++k)
                values[4 + k] = toFloat(second.values[k]);
        }
        return;
    }
#pragma unroll
    for (int k = 0; k < kGroup; ++k)
        values[k] = first + k < n ? toFloat(x[first + k]) : 0.0f;
}

template <typename T>
__global__ void __launch_bounds__(kThreads) quantizeRows(const T* x, std::int64_t n, TokenCodes out, bool vectors)
{
    __shared__ float2 exchange[kThreads / 32];
    const std::int64_t token = blockIdx.x;
    x += token * n;
    TokenReach reach;
    for (std::int64_t first = threadIdx.x * kGroup; first < n; first += kThreads * kGroup) {
        float values[kGroup];
        loadGroup(values, x, first, n, vectors);
#pragma unroll
        for (const float value : values)
            reach.add(value);
    }
    reach.spread();
    if (threadIdx.x % 32 == 0)
        exchange[threadIdx.x / 32] = {reach.up, reach.down};
    __syncthreads();
#pragma unroll
    for (const auto& other : exchange)
        reach.add(TokenReach{other.x, other.y});
    const TokenGrid grid(reach, out.bits, out.shrinkMax, out.shrinkMin);
    if (threadIdx.x == 0)
        out.scales[token] = grid.scale;

    for (std::int64_t first = threadIdx.x * kGroup; first < n; first += kThreads * kGroup) {
        float values[kGroup];
        loadGroup(values, x, first, n, vectors);
        writeGroup(grid, values, out, token * n, first, n, n % kGroup == 0);
    }
}

template <typename T>
void launch(const Matrix& x, const TokenCodes& out, cudaStream_t stream)
{
    const bool vectors = x.channels % kGroup == 0 && isAligned16(x.data);
    quantizeRows<<<static_cast<unsigned>(x.rows), kThreads, 0, stream>>>(static_cast<const T*>(x.data), x.channels, out,
                                                                         vectors);
    checkLaunch("start the quantizer of tokens");
}

} // namespace

void quantizeTokens(const Matrix& x, const TokenCodes& out, void* stream)
{
    if (x.rows == 0)
        return;
    switch (x.type) {
    case ElementType::Float32: return launch<float>(x, out, asStream(stream));
    case ElementType::BFloat16: return launch<__nv_bfloat16>(x, out, asStream(stream));
    case ElementType::Float16: return launch<__half>(x, out, asStream(stream));
    case ElementType::Float64: break;
    }
    throw std::invalid_argument("tokens to quantize are float32, bfloat16 or float16");
}

} // namespace gpu::cuda
