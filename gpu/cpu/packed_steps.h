// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace gpu::cpu {

/** How the inner loops see a packed row. Its bytes are read in vectors of kVectorBytes, padded for each group; a byte's codes
    are its planes: plane p of byte j is element j * planes + p. Activations are brought into the same order beforehand, so
    that no code is ever moved. */
inline constexpr int kVectorBytes = 64;
inline constexpr int kTileRows = 4;
inline constexpr int kTileTokens = 4;

struct RowShape
{
    int planes = 2;               // 4, 2 or 1 codes a byte
    std::int64_t groups = 1;      // of a row
    std::int64_t groupBytes = 0;  // packed
    std::int64_t paddedBytes = 0; // of a group, a multiple of kVectorBytes

    std::int64_t groupLength() const { return paddedBytes * planes; } // elements of a padded group, in all planes
    std::int64_t length() const { return groupLength() * groups; }    // of a padded row
};

/** The loops that are compiled for one instruction set each. */
struct PackedSteps
{
    /** One packed row [groups * groupBytes] to unsigned codes [length()], plane after plane in each group, padding undefined;
        `flip` is combined with every byte by exclusive or (0x88, 0xaa or 0x80 make signed codes unsigned). */
    void (*unpack)(const std::uint8_t* row, const RowShape& shape, std::uint8_t flip, std::uint8_t* codes);

    /** sums[token][row] = sum_i w[row][i] * x[token][i] over n elements, a multiple of kVectorBytes, for kTileRows rows and
        `tokens` <= kTileTokens tokens, exact in 32 bits. `stride`: elements from one row to the next, of w and of x.
        `narrow`: every w is at most 15. */
    void (*dot)(const std::uint8_t* w, std::int64_t strideW, const std::int8_t* x, std::int64_t strideX, std::int64_t n,
                int tokens, bool narrow, std::int32_t (*sums)[kTileRows]);

    /** sums[token] = sum_i (w[i] - offset) * x[token][i] over one group of one packed row; x [tokens][stride] float32, plane
        after plane and 0 in the padding; `tokens` <= kTileTokens. Signed codes have been made unsigned by `flip`, as above. */
    void (*dotFloat)(const std::uint8_t* row, const RowShape& shape, std::uint8_t flip, int offset, const float* x,
                     std::int64_t stride, int tokens, float* sums);

    const char* name; // "avx512vnni", "avx2", "baseline"
};

// On x86-64 alone, and to be called only where the machine has the instructions: ask allPackedSteps.
extern const PackedSteps kAvx512Steps;
extern const PackedSteps kAvx2Steps;

/** Every one this machine can run, fastest first; `count` receives how many. */
const PackedSteps* allPackedSteps(int& count);

} // namespace gpu::cpu
