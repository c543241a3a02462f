// SPDX-License-Identifier: Apache-2.0
// kronecker_quantize.cu on the matrix units of sm_90a, which take their operands from shared memory by themselves. One block to a
// multiprocessor: its groups of threads share both matrices, and each takes token after token. Of the transposed product, a
// warpgroup owns 64 columns of the result: W = X right for them, rounded in registers to the operand of left^T W.
//
// Row 16 w + r + 8 h of a warpgroup's tile is column 16 w + 2 r + h of its 64, so that one lane holds two neighbouring codes.
#include "gpu/cuda/kronecker_token.h"
#include "gpu/cuda/warpgroup.h"

#include <algorithm>

namespace gpu::cuda {

namespace {

/** Sizes of one compiled form: n1 <= 16 kRows, n2 <= 16 kColumns, 64 columns a warpgroup. */
template <int kRows_, int kColumns_, int kGroups_, int kStages_>
struct Form
{
    static constexpr int kRows = kRows_;
    static constexpr int kColumns = kColumns_;
    static constexpr int kGroups = kGroups_;
    static constexpr int kStages = kStages_;
    static constexpr int kWarps = kColumns; // of a group
    static constexpr int kGroupThreads = 32 * kWarps;
    static constexpr int kThreads = kGroups * kGroupThreads;
    static constexpr int kRowPieces = 256 * kRows; // bytes from one piece of X or left to the next
    static constexpr int kColumnPieces = 256 * kColumns;
    static constexpr int kLeftBytes = 2 * kRows * kRowPieces;
    static constexpr int kRightBytes = 2 * kColumns * kColumnPieces;
    static constexpr int kTokenBytes = 2 * kColumns * kRowPieces;
    static constexpr int kExchangeBytes = 2 * kWarps * static_cast<int>(sizeof(float));
    static constexpr int kNibblePitch = (8 * kColumns) | 16;
    static constexpr int kBytePitch = 16 * kColumns + 16;
    static constexpr int kShared =
        kLeftBytes + kRightBytes + kGroups * (kStages * kTokenBytes + kExchangeBytes);
};

/** Threads of one group wait for each other. */
template <typename F>
__device__ void synchronizeGroup()
{
    asm volatile("bar.sync %0, %1;" ::"r"(1 + static_cast<int>(threadIdx.x) / F::kGroupThreads), "n"(F::kGroupThreads)
                 : "memory");
}

/** Rows of the transpose of matrix[n, n], padded with zeros, in pieces of T. kPermuted: in the order of the head of this file. */
template <typename T, bool kPermuted, int kCount, int kThreads>
__device__ void stageTransposed(char* shared, const float* matrix, int n)
{
#pragma unroll 2
    for (int i = threadIdx.x; i < kCount * kCount / 8; i += kThreads) {
        const int row = i % kCount;
        const int piece = i / kCount;
        const int column = kPermuted ? row / 16 * 16 + row % 8 * 2 + row / 8 % 2 : row;
        float values[8];
#pragma unroll
        for (int k = 0; k < 8; ++k)
            values[k] = __ldg(matrix + min(piece * 8 + k, n - 1) * n + min(column, n - 1));
        uint4 packed;
        unsigned* const words[4] = {&packed.x, &packed.y, &packed.z, &packed.w};
#pragma unroll
        for (int k = 0; k < 8; ++k)
            if (piece * 8 + k >= n || column >= n)
                values[k] = 0.0f;
#pragma unroll
        for (int k = 0; k < 4; ++k)
            *words[k] = packPair<T>(values[2 * k], values[2 * k + 1]);
        *reinterpret_cast<uint4*>(shared + piece * kCount * 16 + row * 16) = packed;
    }
}

/** A warp takes eight rows of four neighbouring pieces at a time: whole sectors of memory, and different banks. */
template <typename F>
struct Share
{
    static constexpr int kUnits = F::kRows;

    int lane = threadIdx.x % 32;
    int warp = threadIdx.x % F::kGroupThreads / 32;
    int piece = warp % (F::kWarps / 2) * 4 + lane / 8;
    int first = warp / (F::kWarps / 2) * 8 + lane % 8;
    int column = piece * 8;

    __device__ int row(int i) const { return first + 16 * i; }
    __device__ int offset(int i) const { return piece * F::kRowPieces + row(i) * 16; }
};

template <typename F>
__device__ float sumOverGroup(float value, float* exchange)
{
    value = sumOverLanes(value);
    if (threadIdx.x % 32 == 0)
        exchange[threadIdx.x % F::kGroupThreads / 32] = value;
    synchronizeGroup<F>();
    float sum = 0.0f;
    for (int i = 0; i < F::kWarps; ++i)
        sum += exchange[i];
    return sum;
}

/** This warpgroup's 64 columns of left^T X right, transposed. Descriptors advance by two pieces a step. */
template <typename T, typename F>
__device__ void multiply(float (&sums)[8 * F::kRows], const char* token, const char* left, const char* right)
{
    const int warpgroup = threadIdx.x % F::kGroupThreads / 128;
    const auto x = describe(sharedAddress(token), F::kRowPieces);
    const auto a = describe(sharedAddress(left), F::kRowPieces);
    const auto b = describe(sharedAddress(right) + warpgroup * 64 * 16, F::kColumnPieces);
    constexpr std::uint64_t kRowStep = 2 * F::kRowPieces / 16;
    constexpr std::uint64_t kColumnStep = 2 * F::kColumnPieces / 16;
    unsigned operand[F::kRows][4];
    {
        float w[8 * F::kRows];
        beginProducts();
#pragma unroll
        for (int step = 0; step < F::kColumns; ++step)
            multiplyShared<T, 16 * F::kRows>(w, b + step * kColumnStep, x + step * kRowStep, step > 0);
        awaitProducts(w);
#pragma unroll
        for (int step = 0; step < F::kRows; ++step)
#pragma unroll
            for (int i = 0; i < 4; ++i)
                operand[step][i] = packPair<__nv_bfloat16>(w[8 * step + 2 * i], w[8 * step + 2 * i + 1]);
    }
#pragma unroll
    for (auto& registers : operand)
        pin(registers);
    beginProducts();
#pragma unroll
    for (int step = 0; step < F::kRows; ++step)
        multiplyRegisters<16 * F::kRows>(sums, operand[step], a + step * kRowStep, step > 0);
    awaitProducts(sums);
}

/** Codes of whole words; `staging` is free for use. */
template <typename F>
__device__ void writeWords(const float (&sums)[8 * F::kRows], const TokenGrid& grid, const KroneckerArguments& arguments,
                           std::int64_t token, char* staging)
{
    const int lane = threadIdx.x % 32;
    const int thread = threadIdx.x % F::kGroupThreads;
    const int warp = thread / 32;
    const int r = lane / 4;
    if (arguments.out.bits <= 4) {
        // A lane has a byte each of four rows; four lanes of neighbouring r exchange them, so that lane r gets all four bytes of row
        // r % 4.
        const unsigned first = r % 2 == 0 ? 0x6240 : 0x3715;
        const unsigned second = r / 2 % 2 == 0 ? 0x5410 : 0x3276;
        char* to = staging + (r / 2 % 2 * 8 + lane % 4 * 2 + r % 2) * F::kNibblePitch + warp * 8 + r / 4 * 4;
#pragma unroll
        for (int i = 0; i < F::kRows; ++i) {
            const float* s = sums + 8 * i;
            const float z[8] = {s[0], s[2], s[1], s[3], s[4], s[6], s[5], s[7]};
            unsigned word = grid.nibbles(z);
            word = __byte_perm(word, __shfl_xor_sync(0xffffffffu, word, 4), first);
            word = __byte_perm(word, __shfl_xor_sync(0xffffffffu, word, 8), second);
            *reinterpret_cast<unsigned*>(to + i * 16 * F::kNibblePitch) = word;
        }
        synchronizeGroup<F>();
        copyCodes<8 * F::kColumns, F::kGroupThreads>(arguments, token, staging, F::kNibblePitch, thread);
        return;
    }
    const unsigned selector = r % 2 == 0 ? 0x5410 : 0x3276;
    char* to = staging + (lane % 4 * 2 + r % 2) * F::kBytePitch + warp * 16 + r / 2 * 4;
#pragma unroll
    for (int i = 0; i < 2 * F::kRows; ++i) {
        const float z[4] = {sums[4 * i], sums[4 * i + 2], sums[4 * i + 1], sums[4 * i + 3]};
        const unsigned word = grid.bytes(z);
        *reinterpret_cast<unsigned*>(to + i * 8 * F::kBytePitch) =
            __byte_perm(word, __shfl_xor_sync(0xffffffffu, word, 4), selector);
    }
    synchronizeGroup<F>();
    copyCodes<16 * F::kColumns, F::kGroupThreads>(arguments, token, staging, F::kBytePitch, thread);
}

/** The same for every other n2, code by code. */
template <typename F>
__device__ void writeSingly(const float (&sums)[8 * F::kRows], const TokenGrid& grid, const KroneckerArguments& arguments,
                            std::int64_t token, char* staging)
{
    const int lane = threadIdx.x % 32;
    const int thread = threadIdx.x % F::kGroupThreads;
#pragma unroll
    for (int i = 0; i < 8 * F::kRows; ++i) {
        const int row = i / 4 * 8 + lane % 4 * 2 + i % 2;
        const int column = thread / 32 * 16 + lane / 4 * 2 + i / 2 % 2;
        if (row < arguments.in.n1 && column < arguments.in.n2)
            staging[row * arguments.in.n2 + column] = grid.code(sums[i], arguments.out.bits);
    }
    synchronizeGroup<F>();
    packSingly<F::kGroupThreads>(arguments, token, staging, thread);
}

/** Over the whole token. Behind its barrier nobody reads the token any more: its memory serves for the codes. */
template <typename F>
__device__ TokenReach reachOfToken(const float (&sums)[8 * F::kRows], float* exchange)
{
    TokenReach reach;
#pragma unroll
    for (const float z : sums)
        reach.add(z);
    reach.spread();
    auto* const reaches = reinterpret_cast<float2*>(exchange);
    if (threadIdx.x % 32 == 0)
        reaches[threadIdx.x % F::kGroupThreads / 32] = {reach.up, reach.down};
    synchronizeGroup<F>();
#pragma unroll
    for (int warp = 0; warp < F::kWarps; ++warp)
        reach.add(TokenReach{reaches[warp].x, reaches[warp].y});
    return reach;
}

template <typename T, typename F>
__global__ void __launch_bounds__(F::kThreads, 1) multiplyAndQuantize(KroneckerArguments arguments)
{
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
    extern __shared__ __align__(128) char shared[];
    const int group = threadIdx.x / F::kGroupThreads;
    char* const left = shared;
    char* const right = left + F::kLeftBytes;
    char* const stages = right + F::kRightBytes + group * F::kStages * F::kTokenBytes;
    auto* const exchange = reinterpret_cast<float*>(shared + F::kShared - (group + 1) * F::kExchangeBytes);
    const auto& in = arguments.in;
    const Share<F> share;
    const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * F::kGroups;
    const std::int64_t begin = blockIdx.x + static_cast<std::int64_t>(group) * gridDim.x;

#pragma unroll
    for (int ahead = 0; ahead < F::kStages - 1; ++ahead) {
        if (begin + ahead * stride < in.tokens)
            fetch<T>(stages + ahead * F::kTokenBytes, share, arguments, begin + ahead * stride);
        commitCopies();
    }
    stageTransposed<T, true, 16 * F::kColumns, F::kThreads>(right, in.right, in.n2);
    stageTransposed<__nv_bfloat16, false, 16 * F::kRows, F::kThreads>(left, in.left, in.n1);
    publishShared();
    __syncthreads();

    int stage = 0;
    for (std::int64_t token = begin; token < in.tokens; token += stride) {
        char* const current = stages + stage * F::kTokenBytes;
        awaitCopies<F::kStages - 2>();
        if (in.gamma == nullptr)
            publishShared();
        synchronizeGroup<F>(); // the token is here, and the one before it is written
        const std::int64_t next = token + (F::kStages - 1) * stride;
        if (next < in.tokens)
            fetch<T>(stages + (stage == 0 ? F::kStages - 1 : stage - 1) * F::kTokenBytes, share, arguments, next);
        commitCopies();
        if (in.gamma != nullptr) {
            const auto sum = [&](float value) { return sumOverGroup<F>(value, exchange); };
            if (rowsAreVectors(in.gamma, in.n2))
                normalize<true, T>(current, share, in, sum);
            else
                normalize<false, T>(current, share, in, sum);
            publishShared();
            synchronizeGroup<F>();
        }
        float sums[8 * F::kRows];
        multiply<T, F>(sums, current, left, right);

        const auto reach = reachOfToken<F>(sums, exchange);
        const TokenGrid grid(reach, arguments.out.bits, arguments.out.shrinkMax, arguments.out.shrinkMin);
        if (threadIdx.x % F::kGroupThreads == 0)
            arguments.out.scales[token] = grid.scale;
        if (rowsAreWords(arguments))
            writeWords<F>(sums, grid, arguments, token, current);
        else
            writeSingly<F>(sums, grid, arguments, token, current);
        stage = stage == F::kStages - 1 ? 0 : stage + 1;
    }
#endif
}

template <typename T, typename F>
void launch(const KroneckerArguments& arguments, cudaStream_t stream)
{
    const auto kernel = multiplyAndQuantize<T, F>;
    allowSharedMemory(kernel, F::kShared);
    const auto grid = std::min<std::int64_t>(arguments.in.tokens, multiprocessors());
    kernel<<<static_cast<unsigned>(grid), F::kThreads, F::kShared, stream>>>(arguments);
    checkLaunch("start the Kronecker kernel");
}

template <typename T>
void launchFor(const KroneckerArguments& arguments, cudaStream_t stream)
{
    if (arguments.in.n1 <= 96)
        return launch<T, Form<6, 8, 2, 2>>(arguments, stream);
    if (arguments.in.n1 <= 112)
        return launch<T, Form<7, 8, 2, 2>>(arguments, stream);
    return launch<T, Form<8, 8, 2, 2>>(arguments, stream);
}

} // namespace

void kroneckerQuantizeByWarpgroups(const KroneckerTokens& tokens, const TokenCodes& out, void* stream)
{
    if (tokens.tokens == 0)
        return;
    const KroneckerArguments arguments(tokens, out);
    if (tokens.type == ElementType::BFloat16)
        launchFor<__nv_bfloat16>(arguments, asStream(stream));
    else
        launchFor<__half>(arguments, asStream(stream));
}

} // namespace gpu::cuda
