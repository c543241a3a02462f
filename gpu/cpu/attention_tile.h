// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace gpu::cpu {

/** One head of one text, and the queries [begin, end) that a tile takes, at most kTileQueries. Strides in elements. */
struct AttentionTile
{
    const float* q = nullptr;
    const float* k = nullptr;
    const float* v = nullptr;
    float* out = nullptr;
    std::int64_t qStride = 0, kStride = 0, vStride = 0, outStride = 0; // from one token to the next
    std::int64_t queries = 0, keys = 0, width = 0;
    float scale = 1.0f;
    std::int64_t window = 0;               // 0: none
    const std::uint8_t* visible = nullptr; // [keys][visibleStride], a query each; null: causal
    std::int64_t visibleStride = 0;
    std::int64_t begin = 0, end = 0;
};

/** The tile compiled for one instruction set. */
struct AttentionSteps
{
    int tileQueries; // most of a tile
    void (*attend)(const AttentionTile& tile, float* scratch);
    const char* name; // "avx512", "avx2", "baseline"

    /** Floats that `attend` needs as scratch for heads of `width`. */
    std::int64_t scratch(std::int64_t width) const { return (2 * width + kBlockKeys) * tileQueries; }
    static constexpr std::int64_t kBlockKeys = 64;
};

/** Every one this machine can run, fastest first; `count` receives how many. */
const AttentionSteps* allAttentionSteps(int& count);

} // namespace gpu::cpu
