// SPDX-License-Identifier: Apache-2.0
// left^T X right, quantized, in one kernel. A block of warps keeps both matrices and takes token after token, the next one on
// its way into shared memory meanwhile. It computes the transposed product: warp w owns 32 columns of the result, holds
// their share of `right` in registers, and for every 16 rows of X forms W = X right for its columns, rounds it in registers to
// the operand of the second product and adds W's share of left^T W to its sums, which stay in registers up to the codes.
//
// Rows of a matrix unit's tile are columns of the result in an order of our choice: rows r, r + 8 of tile 0 and r, r + 8 of
// tile 1 are columns 4 r to 4 r + 3, so that one lane holds four neighbouring codes.
#include "gpu/cuda/kronecker_token.h"

#include <algorithm>

namespace gpu::cuda {

namespace {

/** Sizes of one compiled form: n1 <= 16 kRows, n2 <= 16 kColumns. Rows in shared memory are an odd number of 16-byte units long,
    so that eight of them at the same column lie in different banks. */
template <int kRows, int kColumns>
struct Shape
{
    static constexpr int kWarps = kColumns / 2;
    static constexpr int kThreads = 32 * kWarps;
    static constexpr int kLeftPitch = 32 * kRows + 16;
    static constexpr int kPitch = 32 * kColumns + 16; // of X
    static constexpr int kNibblePitch = (8 * kColumns) | 16;
    static constexpr int kBytePitch = 16 * kColumns + 16;
    static constexpr int kLeftBytes = 16 * kRows * kLeftPitch;
    static constexpr int kTokenBytes = 16 * kRows * kPitch;
    static constexpr int kExchangeBytes = 2 * kWarps * static_cast<int>(sizeof(float));

    static constexpr int sharedBytes(int stages) { return kLeftBytes + stages * kTokenBytes + kExchangeBytes; }
};

/** left, padded with zeros, as bfloat16. */
template <bool kVectors, int kRows, int kColumns>
__device__ void stageLeft(char* shared, const float* left, int n1)
{
    using S = Shape<kRows, kColumns>;
#pragma unroll 8
    for (int i = threadIdx.x; i < 16 * kRows * 4 * kRows; i += S::kThreads) {
        const int row = i / (4 * kRows);
        const int column = i % (4 * kRows) * 4;
        const auto four = loadFour<kVectors>(left, n1, n1, row, column);
        const uint2 packed{packPair<__nv_bfloat16>(four.x, four.y), packPair<__nv_bfloat16>(four.z, four.w)};
        *reinterpret_cast<uint2*>(shared + row * S::kLeftPitch + column * 2) = packed;
    }
}

/** The operand right^T of this warp's columns. */
template <bool kVectors, typename T, int kColumns>
__device__ void loadRight(unsigned (&operand)[2][kColumns][4], const float* right, int n2)
{
    const int lane = threadIdx.x % 32;
    const int column = threadIdx.x / 32 * 32 + lane / 4 * 4;
#pragma unroll
    for (int step = 0; step < kColumns; ++step)
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            const int row = 16 * step + 8 * half + lane % 4 * 2;
            const auto a = loadFour<kVectors>(right, n2, n2, row, column);
            const auto b = loadFour<kVectors>(right, n2, n2, row + 1, column);
            operand[0][step][2 * half] = packPair<T>(a.x, b.x);
            operand[0][step][2 * half + 1] = packPair<T>(a.y, b.y);
            operand[1][step][2 * half] = packPair<T>(a.z, b.z);
            operand[1][step][2 * half + 1] = packPair<T>(a.w, b.w);
        }
}

/** 16-byte unit column / 8 of rows first, first + 8, ... */
template <int kRows, int kColumns>
struct Share
{
    static constexpr int kUnits = 2 * kRows;

    int column = threadIdx.x % (2 * kColumns) * 8;
    int first = threadIdx.x / (2 * kColumns);

    __device__ int row(int i) const { return first + 8 * i; }
    __device__ int offset(int i) const { return row(i) * Shape<kRows, kColumns>::kPitch + column * 2; }
};

/** A sum over the block; every thread gets it. */
template <int kWarps>
__device__ float sumOverBlock(float value, float* exchange)
{
    value = sumOverLanes(value);
    if (threadIdx.x % 32 == 0)
        exchange[threadIdx.x / 32] = value;
    __syncthreads();
    float sum = 0.0f;
    for (int i = 0; i < kWarps; ++i)
        sum += exchange[i];
    return sum;
}

/** This warp's 32 columns of left^T X right, transposed. */
template <typename T, int kRows, int kColumns>
__device__ void multiply(float (&sums)[2][2 * kRows][4], const unsigned (&right)[2][kColumns][4], const char* token,
                         const char* left)
{
    using S = Shape<kRows, kColumns>;
    const int lane = threadIdx.x % 32;
    const unsigned tokenAddress = sharedAddress(token) + (lane % 8 + lane / 16 * 8) * S::kPitch + lane / 8 % 2 * 16;
    const unsigned leftAddress = sharedAddress(left) + lane % 16 * S::kLeftPitch + lane / 16 * 16;
#pragma unroll
    for (int tile = 0; tile < 2; ++tile)
#pragma unroll
        for (int i = 0; i < 2 * kRows; ++i)
#pragma unroll
            for (float& sum : sums[tile][i])
                sum = 0.0f;
#pragma unroll
    for (int chunk = 0; chunk < kRows; ++chunk) {
        float w[2][2][4] = {};
#pragma unroll
        for (int step = 0; step < kColumns; ++step) {
            unsigned x[4];
            loadMatrices(x, tokenAddress + chunk * 16 * S::kPitch + step * 32);
#pragma unroll
            for (int tile = 0; tile < 2; ++tile) {
                multiplyAdd<T>(w[tile][0], right[tile][step], x[0], x[1]);
                multiplyAdd<T>(w[tile][1], right[tile][step], x[2], x[3]);
            }
        }
        unsigned operand[2][4];
#pragma unroll
        for (int tile = 0; tile < 2; ++tile)
#pragma unroll
            for (int i = 0; i < 4; ++i)
                operand[tile][i] =
                    packPair<__nv_bfloat16>(w[tile][i / 2][i % 2 * 2], w[tile][i / 2][i % 2 * 2 + 1]);
#pragma unroll
        for (int step = 0; step < kRows; ++step) {
            unsigned a[4];
            loadMatricesTransposed(a, leftAddress + chunk * 16 * S::kLeftPitch + step * 32);
#pragma unroll
            for (int tile = 0; tile < 2; ++tile) {
                multiplyAdd<__nv_bfloat16>(sums[tile][2 * step], operand[tile], a[0], a[1]);
                multiplyAdd<__nv_bfloat16>(sums[tile][2 * step + 1], operand[tile], a[2], a[3]);
            }
        }
    }
}

/** Codes of whole words; `staging` is free for use. */
template <int kRows, int kColumns>
__device__ void writeWords(const float (&sums)[2][2 * kRows][4], const TokenGrid& grid,
                           const KroneckerArguments& arguments, std::int64_t token, char* staging)
{
    using S = Shape<kRows, kColumns>;
    const int lane = threadIdx.x % 32;
    const int warp = threadIdx.x / 32;
    if (arguments.out.bits <= 4) {
        const bool odd = lane / 4 % 2 != 0;
        // Lanes of neighbouring r exchange halves: the even one takes eight codes of the first row, the odd one of the second.
        const unsigned selector = odd ? 0x3276 : 0x5410;
        char* to = staging + (lane % 4 * 2 + odd) * S::kNibblePitch + warp * 16 + lane / 8 * 4;
#pragma unroll
        for (int i = 0; i < 2 * kRows; ++i) {
            const float z[8] = {sums[0][i][0], sums[0][i][2], sums[1][i][0], sums[1][i][2],
                                sums[0][i][1], sums[0][i][3], sums[1][i][1], sums[1][i][3]};
            const unsigned mine = grid.nibbles(z);
            const unsigned other = __shfl_xor_sync(0xffffffffu, mine, 4);
            *reinterpret_cast<unsigned*>(to + i * 8 * S::kNibblePitch) = __byte_perm(mine, other, selector);
        }
        __syncthreads();
        copyCodes<8 * kColumns, S::kThreads>(arguments, token, staging, S::kNibblePitch, threadIdx.x);
        return;
    }
    char* to = staging + lane % 4 * 2 * S::kBytePitch + warp * 32 + lane / 4 * 4;
#pragma unroll
    for (int i = 0; i < 2 * kRows; ++i)
#pragma unroll
        for (int next = 0; next < 2; ++next) {
            const float z[4] = {sums[0][i][next], sums[0][i][2 + next], sums[1][i][next], sums[1][i][2 + next]};
            *reinterpret_cast<unsigned*>(to + (i * 8 + next) * S::kBytePitch) = grid.bytes(z);
        }
    __syncthreads();
    copyCodes<16 * kColumns, S::kThreads>(arguments, token, staging, S::kBytePitch, threadIdx.x);
}

/** The same for every other n2, code by code. */
template <int kRows, int kColumns>
__device__ void writeSingly(const float (&sums)[2][2 * kRows][4], const TokenGrid& grid,
                            const KroneckerArguments& arguments, std::int64_t token, char* staging)
{
    const int lane = threadIdx.x % 32;
    const int n1 = arguments.in.n1;
    const int n2 = arguments.in.n2;
#pragma unroll
    for (int i = 0; i < 2 * kRows; ++i)
#pragma unroll
        for (int k = 0; k < 8; ++k) { // k = 4 next + q
            const int row = 8 * i + lane % 4 * 2 + k / 4;
            const int column = threadIdx.x / 32 * 32 + lane / 4 * 4 + k % 4;
            if (row < n1 && column < n2)
                staging[row * n2 + column] = grid.code(sums[k % 4 / 2][i][k % 2 * 2 + k / 4], arguments.out.bits);
        }
    __syncthreads();
    packSingly<Shape<kRows, kColumns>::kThreads>(arguments, token, staging, threadIdx.x);
}

/** Over the whole token. Behind its barrier nobody reads the token any more: its memory serves for the codes. */
template <int kWarps, int kTiles>
__device__ TokenReach reachOfToken(const float (&sums)[2][kTiles][4], float* exchange)
{
    TokenReach reach;
#pragma unroll
    for (int tile = 0; tile < 2; ++tile)
#pragma unroll
        for (int i = 0; i < kTiles; ++i)
#pragma unroll
            for (const float z : sums[tile][i])
                reach.add(z);
    reach.spread();
    auto* const reaches = reinterpret_cast<float2*>(exchange);
    if (threadIdx.x % 32 == 0)
        reaches[threadIdx.x / 32] = {reach.up, reach.down};
    __syncthreads();
#pragma unroll
    for (int warp = 0; warp < kWarps; ++warp)
        reach.add(TokenReach{reaches[warp].x, reaches[warp].y});
    return reach;
}

template <typename T, int kRows, int kColumns, int kStages, int kBlocks>
__global__ void __launch_bounds__(Shape<kRows, kColumns>::kThreads, kBlocks) multiplyAndQuantize(KroneckerArguments arguments)
{
    using S = Shape<kRows, kColumns>;
    extern __shared__ __align__(16) char shared[];
    char* const left = shared;
    char* const stages = left + S::kLeftBytes;
    auto* const exchange = reinterpret_cast<float*>(stages + kStages * S::kTokenBytes);
    const auto& in = arguments.in;
    const Share<kRows, kColumns> share;

#pragma unroll
    for (int ahead = 0; ahead < kStages - 1; ++ahead) {
        const std::int64_t token = blockIdx.x + static_cast<std::int64_t>(ahead) * gridDim.x;
        if (token < in.tokens)
            fetch<T>(stages + ahead * S::kTokenBytes, share, arguments, token);
        commitCopies();
    }
    unsigned right[2][kColumns][4];
    if (rowsAreVectors(in.right, in.n2))
        loadRight<true, T, kColumns>(right, in.right, in.n2);
    else
        loadRight<false, T, kColumns>(right, in.right, in.n2);
    if (rowsAreVectors(in.left, in.n1))
        stageLeft<true, kRows, kColumns>(left, in.left, in.n1);
    else
        stageLeft<false, kRows, kColumns>(left, in.left, in.n1);

    int stage = 0;
    for (std::int64_t token = blockIdx.x; token < in.tokens; token += gridDim.x) {
        awaitCopies<kStages - 2>();
        __syncthreads(); // the token is here, and the one before it is written
        const std::int64_t next = token + static_cast<std::int64_t>(kStages - 1) * gridDim.x;
        if (next < in.tokens)
            fetch<T>(stages + (stage == 0 ? kStages - 1 : stage - 1) * S::kTokenBytes, share, arguments, next);
        commitCopies();

        char* const current = stages + stage * S::kTokenBytes;
        if (in.gamma != nullptr) {
            const auto sum = [&](float value) { return sumOverBlock<S::kWarps>(value, exchange); };
            if (rowsAreVectors(in.gamma, in.n2))
                normalize<true, T>(current, share, in, sum);
            else
                normalize<false, T>(current, share, in, sum);
            __syncthreads();
        }
        float sums[2][2 * kRows][4];
        multiply<T, kRows, kColumns>(sums, right, current, left);

        const auto reach = reachOfToken<S::kWarps>(sums, exchange);
        const TokenGrid grid(reach, arguments.out.bits, arguments.out.shrinkMax, arguments.out.shrinkMin);
        if (threadIdx.x == 0)
            arguments.out.scales[token] = grid.scale;
        if (rowsAreWords(arguments))
            writeWords<kRows, kColumns>(sums, grid, arguments, token, current);
        else
            writeSingly<kRows, kColumns>(sums, grid, arguments, token, current);
        stage = stage == kStages - 1 ? 0 : stage + 1;
    }
}

template <typename T, int kRows, int kColumns, int kStages, int kBlocks>
void launch(const KroneckerArguments& arguments, cudaStream_t stream)
{
    using S = Shape<kRows, kColumns>;
    const auto kernel = multiplyAndQuantize<T, kRows, kColumns, kStages, kBlocks>;
    constexpr auto kShared = S::sharedBytes(kStages);
    allowSharedMemory(kernel, kShared);
    int blocks = 0;
    check(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, kernel, S::kThreads, kShared),
          "fit the Kronecker kernel");
    const auto grid = std::min<std::int64_t>(arguments.in.tokens, std::int64_t{multiprocessors()} * std::max(1, blocks));
    kernel<<<static_cast<unsigned>(grid), S::kThreads, kShared, stream>>>(arguments);
    checkLaunch("start the Kronecker kernel");
}

/** Bytes of shared memory that a block of the current device may have. */
int largestShared()
{
    int device = 0;
    int bytes = 0;
    check(cudaGetDevice(&device), "find the current device");
    check(cudaDeviceGetAttribute(&bytes, cudaDevAttrMaxSharedMemoryPerBlockOptin, device), "ask for shared memory");
    return bytes;
}

/** The smallest compiled form that holds the token. */
template <typename T>
void launchFor(const KroneckerArguments& arguments, cudaStream_t stream)
{
    const int rows = (arguments.in.n1 + 15) / 16;
    const int columns = (arguments.in.n2 + 31) / 32 * 2;
    if (rows <= 2 && columns <= 2)
        return launch<T, 2, 2, 3, 16>(arguments, stream);
    if (rows <= 2 && columns <= 4)
        return launch<T, 2, 4, 3, 8>(arguments, stream);
    if (rows <= 4 && columns <= 4)
        return launch<T, 4, 4, 2, 7>(arguments, stream);
    if (rows <= 4 && columns <= 6)
        return launch<T, 4, 6, 2, 4>(arguments, stream);
    if (rows <= 4)
        return launch<T, 4, 8, 2, 3>(arguments, stream);
    if (rows <= 6)
        return launch<T, 6, 8, 2, 2>(arguments, stream);
    if (rows <= 7)
        return launch<T, 7, 8, 2, 2>(arguments, stream);
    return launch<T, 8, 8, 2, 2>(arguments, stream);
}

} // namespace

bool canFuseKronecker(ElementType type, std::int64_t n1, std::int64_t n2)
{
    if ((type != ElementType::BFloat16 && type != ElementType::Float16) || n1 > 128 || n2 > 128)
        return false;
    return n1 <= 112 || largestShared() >= Shape<8, 8>::sharedBytes(2);
}

void kroneckerQuantizeByWarps(const KroneckerTokens& tokens, const TokenCodes& out, void* stream)
{
    if (tokens.tokens == 0)
        return;
    const KroneckerArguments arguments(tokens, out);
    if (tokens.type == ElementType::BFloat16)
        launchFor<__nv_bfloat16>(arguments, asStream(stream));
    else
        launchFor<__half>(arguments, asStream(stream));
}

void kroneckerQuantize(const KroneckerTokens& tokens, const TokenCodes& out, void* stream)
{
    if (tokens.n1 > 64 && computeCapability() == 90)
        kroneckerQuantizeByWarpgroups(tokens, out, stream);
    else
        kroneckerQuantizeByWarps(tokens, out, stream);
}

} // namespace gpu::cuda
