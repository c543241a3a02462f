// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/kernels.h"

#include <cstdint>

/** The kernels under gpu/kronecker_quantize.h on plain memory; the tensors' shapes were checked before. */
namespace gpu {

struct TokenCodes
{
    void* codes = nullptr; // [tokens, n / 2] or [tokens, n]
    float* scales = nullptr;
    int bits = 4;
    float shrinkMax = 1.0f;
    float shrinkMin = 1.0f;
};

struct KroneckerTokens
{
    const void* x = nullptr; // [tokens, n1 * n2]
    ElementType type = ElementType::BFloat16;
    std::int64_t tokens = 0;
    int n1 = 1;
    int n2 = 1;
    const float* left = nullptr;  // [n1, n1]
    const float* right = nullptr; // [n2, n2]
    const float* gamma = nullptr; // [n1 * n2], null where there is no norm
    float eps = 0.0f;
};

/** Rows of 2^power times `inner` channels; the transform runs over the first of these two axes. */
struct HadamardRows
{
    const void* x = nullptr;
    ElementType type = ElementType::Float32;
    std::int64_t rows = 0;
    int power = 0;
    int inner = 1;
    const float* signs = nullptr; // [2^power * inner] or null
    float factor = 1.0f;          // of x
};

namespace cpu {

/** x is float32; `out` may be `x`. */
void hadamardTransform(const HadamardRows& rows, float* out);

/** x is float32. */
void quantizeTokens(const Matrix& x, const TokenCodes& out);

/** out = x * gamma / sqrt(mean(x^2) + eps); rows of float32. `out` may be `x`. */
void normalizeTokens(const Matrix& x, const float* gamma, float eps, float* out);

} // namespace cpu

namespace cuda {

/** Whether kroneckerQuantize takes these tokens. */
bool canFuseKronecker(ElementType type, std::int64_t n1, std::int64_t n2);

/** On a stream of the current device; `x` float32, bfloat16 or float16. */
void quantizeTokens(const Matrix& x, const TokenCodes& out, void* stream);
void kroneckerQuantize(const KroneckerTokens& tokens, const TokenCodes& out, void* stream);

/** The two forms that it chooses from: the matrix instructions of one warp (from compute capability 8.0 on), and those of four
    warps together, which exist for 9.0 alone and are taken there where n1 > 64 (tests/bench/RESULTS.md). */
void kroneckerQuantizeByWarps(const KroneckerTokens& tokens, const TokenCodes& out, void* stream);
void kroneckerQuantizeByWarpgroups(const KroneckerTokens& tokens, const TokenCodes& out, void* stream);

/** Rows longer than this do not fit the kernel's memory. */
inline constexpr std::int64_t kMaxHadamardChannels = 49152;

/** `out` is of x's type and may be `x`. */
void hadamardTransform(const HadamardRows& rows, void* out, void* stream);
void hadamardQuantize(const HadamardRows& rows, const TokenCodes& out, void* stream);

} // namespace cuda

} // namespace gpu
