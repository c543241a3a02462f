// SPDX-License-Identifier: Apache-2.0
// What the kernels of kronecker_quantize.cu and kronecker_warpgroups.cu share: a token's way into shared memory, its norm there, and its
// codes' way out. `thread` counts within the threads that work on one token. Empty for other compilers than nvcc.
#pragma once

#if defined(__CUDACC__)

#include "gpu/cuda/tensor_cores.h"
#include "gpu/cuda/token_codes.h"
#include "gpu/token_kernels.h"

namespace gpu::cuda {

struct KroneckerArguments
{
    KroneckerTokens in;
    TokenCodes out;
    bool vectors; // rows of X start on 16 bytes and are whole 16 bytes

    KroneckerArguments(const KroneckerTokens& tokens, const TokenCodes& codes)
        : in(tokens)
        , out(codes)
        , vectors(isAligned16(tokens.x) && tokens.n2 % 8 == 0)
    {
    }
};

/** Elements column to column + 3 of a row of matrix[rows, columns], zeros outside. Without branches, so that many loads are under way at
    once. kVectors: columns % 4 == 0 and the matrix starts on 16 bytes. */
template <bool kVectors>
__device__ float4 loadFour(const float* matrix, int rows, int columns, int row, int column)
{
    const float* from = matrix + min(row, rows - 1) * columns;
    float4 four;
    if constexpr (kVectors)
        four = __ldg(reinterpret_cast<const float4*>(from + min(column, columns - 4)));
    else
        four = {__ldg(from + min(column, columns - 1)), __ldg(from + min(column + 1, columns - 1)),
                __ldg(from + min(column + 2, columns - 1)), __ldg(from + min(column + 3, columns - 1))};
    const int inside = row < rows ? columns - column : 0;
    return {inside > 0 ? four.x : 0.0f, inside > 1 ? four.y : 0.0f, inside > 2 ? four.z : 0.0f,
            inside > 3 ? four.w : 0.0f};
}

__device__ inline bool rowsAreVectors(const float* matrix, int columns)
{
    return columns % 4 == 0 && reinterpret_cast<unsigned long long>(matrix) % 16 == 0;
}

/** Starts to copy a token, padded with zeros. A share says which 16-byte units of X are this thread's: from `column` on of row(0),
    row(1), ..., which lie at offset(0), offset(1), ... of `shared`. */
template <typename T, typename Share>
__device__ void fetch(char* shared, const Share& share, const KroneckerArguments& arguments, std::int64_t token)
{
    const int n1 = arguments.in.n1;
    const int n2 = arguments.in.n2;
    const T* x = static_cast<const T*>(arguments.in.x) + token * n1 * n2;
    if (arguments.vectors) {
        const unsigned address = sharedAddress(shared);
        const bool inside = share.column < n2;
#pragma unroll
        for (int i = 0; i < Share::kUnits; ++i) {
            const bool valid = inside && share.row(i) < n1;
            copyAsync(address + share.offset(i), valid ? x + share.row(i) * n2 + share.column : x, valid);
        }
        return;
    }
    for (int i = 0; i < Share::kUnits; ++i) {
        const int row = share.row(i);
        Pack<T> pack;
        for (int k = 0; k < 8; ++k)
            pack.values[k] =
                row < n1 && share.column + k < n2 ? x[row * n2 + share.column + k] : fromFloat<T>(0.0f);
        storePack(reinterpret_cast<T*>(shared + share.offset(i)), pack);
    }
}

/** This thread's units become x * gamma / sqrt(mean(x^2) + eps); `sumOverToken` adds up over the token's threads. */
template <bool kVectors, typename T, typename Share, typename Sum>
__device__ void normalize(char* shared, const Share& share, const KroneckerTokens& in, Sum sumOverToken)
{
    float squares = 0.0f;
#pragma unroll
    for (int i = 0; i < Share::kUnits; ++i) {
        const auto pack = loadPack<T, 8>(reinterpret_cast<const T*>(shared + share.offset(i)));
#pragma unroll
        for (int k = 0; k < 8; ++k) {
            const float x = toFloat(pack.values[k]);
            squares += x * x;
        }
    }
    squares = sumOverToken(squares);
    const float mean = squares / static_cast<float>(in.n1 * in.n2);
    // An overflown sum makes the token NaN.
    const float inverse = squares <= FLT_MAX ? rsqrtf(mean + in.eps) : __int_as_float(0x7fc00000);
#pragma unroll 4
    for (int i = 0; i < Share::kUnits; ++i) {
        const int row = share.row(i);
        auto* const place = reinterpret_cast<T*>(shared + share.offset(i));
        const auto a = loadFour<kVectors>(in.gamma, in.n1, in.n2, row, share.column);
        const auto b = loadFour<kVectors>(in.gamma, in.n1, in.n2, row, share.column + 4);
        const float gamma[8] = {a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w};
        auto pack = loadPack<T, 8>(place);
#pragma unroll
        for (int k = 0; k < 8; ++k)
            pack.values[k] = fromFloat<T>(toFloat(pack.values[k]) * inverse * gamma[k]);
        if (row < in.n1) // what lies outside stays zero where the token is NaN
            storePack(place, pack);
    }
}

/** Rows of staged codes, kRowBytes of them at most, to a token's place in memory. */
template <typename Vector, int kRowBytes, int kThreads>
__device__ void copyRows(char* to, const char* staged, int pitch, int rows, int rowBytes, int thread)
{
    constexpr int kPerRow = kRowBytes / sizeof(Vector);
    const int column = thread % kPerRow * static_cast<int>(sizeof(Vector));
    if (column >= rowBytes)
        return;
    for (int row = thread / kPerRow; row < rows; row += kThreads / kPerRow)
        *reinterpret_cast<Vector*>(to + row * rowBytes + column) =
            *reinterpret_cast<const Vector*>(staged + row * pitch + column);
}

/** The same, sixteen bytes at a time where rows are whole ones, else four. */
template <int kRowBytes, int kThreads>
__device__ void copyCodes(const KroneckerArguments& arguments, std::int64_t token, const char* staged, int pitch,
                          int thread)
{
    const int rowBytes = arguments.out.bits <= 4 ? arguments.in.n2 / 2 : arguments.in.n2;
    char* to = static_cast<char*>(arguments.out.codes) + token * arguments.in.n1 * rowBytes;
    if (rowBytes % 16 == 0)
        copyRows<uint4, kRowBytes, kThreads>(to, staged, pitch, arguments.in.n1, rowBytes, thread);
    else
        copyRows<unsigned, kRowBytes, kThreads>(to, staged, pitch, arguments.in.n1, rowBytes, thread);
}

/** Codes staged a byte each, row after row, to a token's place in memory. */
template <int kThreads>
__device__ void packSingly(const KroneckerArguments& arguments, std::int64_t token, const char* staged, int thread)
{
    const bool nibbles = arguments.out.bits <= 4;
    const int n = arguments.in.n1 * arguments.in.n2;
    const int count = nibbles ? n / 2 : n;
    char* const out = static_cast<char*>(arguments.out.codes) + token * count;
    for (int i = thread; i < count; i += kThreads)
        out[i] = nibbles ? static_cast<char>((staged[2 * i] & 15) | (staged[2 * i + 1] << 4)) : staged[i];
}

/** Whether a row of codes is whole 4-byte words. */
__device__ inline bool rowsAreWords(const KroneckerArguments& arguments)
{
    return arguments.in.n2 % (arguments.out.bits <= 4 ? 8 : 4) == 0;
}

} // namespace gpu::cuda

#endif
