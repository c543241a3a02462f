// SPDX-License-Identifier: Apache-2.0
// The loops of gpu/cpu/packed_steps.h in plain C++, and the choice among all when the program runs.
#include "gpu/cpu/packed_steps.h"

#include "gpu/cpu/instruction_sets.h"

namespace gpu::cpu {

namespace {

void unpack(const std::uint8_t* row, const RowShape& shape, std::uint8_t flip, std::uint8_t* codes)
{
    const int slot = 8 / shape.planes;
    const int mask = (1 << slot) - 1;
    for (std::int64_t group = 0; group < shape.groups; ++group)
        for (int plane = 0; plane < shape.planes; ++plane) {
            auto* target = codes + group * shape.groupLength() + plane * shape.paddedBytes;
            const auto* source = row + group * shape.groupBytes;
            for (std::int64_t i = 0; i < shape.groupBytes; ++i)
                target[i] = static_cast<std::uint8_t>(((source[i] ^ flip) >> (slot * plane)) & mask);
        }
}

void dot(const std::uint8_t* w, std::int64_t strideW, const std::int8_t* x, std::int64_t strideX, std::int64_t n,
         int tokens, bool, std::int32_t (*sums)[kTileRows])
{
    for (int token = 0; token < tokens; ++token)
        for (int row = 0; row < kTileRows; ++row) {
            const auto* a = w + row * strideW;
            const auto* b = x + token * strideX;
            std::int32_t sum = 0;
            for (std::int64_t i = 0; i < n; ++i)
                sum += std::int32_t(a[i]) * std::int32_t(b[i]);
            sums[token][row] = sum;
        }
}

void dotFloat(const std::uint8_t* row, const RowShape& shape, std::uint8_t flip, int offset, const float* x,
              std::int64_t stride, int tokens, float* sums)
{
    constexpr int kLanes = 16;
    const int slot = 8 / shape.planes;
    const int mask = (1 << slot) - 1;
    for (int token = 0; token < tokens; ++token) {
        float lanes[kLanes] = {};
        for (int plane = 0; plane < shape.planes; ++plane) {
            const auto* values = x + token * stride + plane * shape.paddedBytes;
            for (std::int64_t begin = 0; begin < shape.groupBytes; begin += kLanes) {
                const auto left = shape.groupBytes - begin;
                const int count = left < kLanes ? static_cast<int>(left) : kLanes;
                for (int lane = 0; lane < count; ++lane) {
                    const int code = ((row[begin + lane] ^ flip) >> (slot * plane)) & mask;
                    lanes[lane] += static_cast<float>(code - offset) * values[begin + lane];
                }
            }
        }
        float sum = 0.0f;
        for (const float lane : lanes)
            sum += lane;
        sums[token] = sum;
    }
}

constexpr PackedSteps kBaselineSteps{unpack, dot, dotFloat, "baseline"};

} // namespace

#if defined(__x86_64__)

const PackedSteps* allPackedSteps(int& count)
{
    static const SupportedSteps<PackedSteps> supported(kAvx512Steps, kAvx2Steps, kBaselineSteps, true);
    count = supported.count;
    return supported.steps;
}

#else

const PackedSteps* allPackedSteps(int& count)
{
    count = 1;
    return &kBaselineSteps;
}

#endif

} // namespace gpu::cpu
