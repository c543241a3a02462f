// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

/** What gpu/packed_linear.cpp and gpu/kv_attention.cpp start on a GPU: plain memory of the current device, work queued on `stream`
    (a cudaStream_t). All throw std::runtime_error with CUDA's text, and std::logic_error in a build without kernels. */
namespace gpu::cuda {

/** A PackedMatrix as memory. */
struct PackedWeight
{
    const std::uint8_t* data;
    const float* scales;
    const std::uint8_t* zeros; // null: symmetric
    int slot;                  // bits a code takes: 2, 4 or 8
    std::int64_t rows, columns, groups;

    std::int64_t rowBytes() const { return (columns * slot + 7) / 8; }
};

/** y [tokens, rows] = xScales[t] * sum_g scale * sum_i x (code - zero) + bias (may be null); whole numbers exact. `x` int8 [tokens,
    columns]. Tensor cores where rows are aligned (columns a multiple of 32, addresses of 16) and groups of whole tiles; up to 8
    tokens by dot products of four bytes; else one sum a thread. `sums` int32 [tokens, groups]: scratch where there are zeros. */
void multiplyCodes(const std::int8_t* x, const float* xScales, std::int64_t tokens, const PackedWeight& weight,
                   const float* bias, std::int32_t* sums, float* y, void* stream);

/** The same with float32 `x` for at most 8 tokens. False where sizes or addresses do not fit the kernel; nothing is started then. */
bool multiplyFloats(const float* x, std::int64_t tokens, const PackedWeight& weight, const float* bias, float* y,
                    void* stream);

/** Rows [rows, n] of float32 and their grid (gpu/row_grid.h). */
struct CodesTask
{
    const float* x;
    std::int64_t rows;
    int n, bits;
    bool asymmetric;
    float shrinkMax, shrinkMin;
};

/** As gpu::quantizeToCodes: `codes` [rows, n], `scales` [rows]. */
void quantizeToCodes(const CodesTask& task, std::int8_t* codes, float* scales, void* stream);

/** As gpu::packRows, a row of the task for each group: `bytes` [rows, n * slot / 8], `scales`, `zeros` [rows]. */
void packGroups(const CodesTask& task, int slot, std::uint8_t* bytes, float* scales, std::uint8_t* zeros, void* stream);

/** One side of a packed cache; strides in elements, of the batch, the head and the token. */
struct PackedSide
{
    const std::uint8_t* data;
    const float* scales;
    const std::uint8_t* zeros;
    int slot;
    std::int64_t groups;
    std::int64_t dataStrides[3];
    std::int64_t gridStrides[3];
};

struct AttentionShape
{
    std::int64_t batches, heads, keyHeads, tokens, keys, width, window;
    float scale;
};

/** Floats of scratch that attendPacked needs; 0 where sizes do not fit the kernel. */
std::int64_t attentionScratch(const AttentionShape& shape, const PackedSide& keys, const PackedSide& values);

/** As gpu::attendPacked: `q`, `out` [batches, heads, tokens, width]. */
void attendPacked(const float* q, const PackedSide& keys, const PackedSide& values, const AttentionShape& shape,
                  float* scratch, float* out, void* stream);

} // namespace gpu::cuda
