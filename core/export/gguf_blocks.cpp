// SPDX-License-Identifier: Apache-2.0
#include "core/export/gguf_blocks.h"

#include "core/base/error.h"

#include <ATen/ATen.h>

namespace core {

namespace {

constexpr std::int64_t kBlock = 32;
constexpr int kMiddle = 8; // of Q4_0's codes

/** The two bytes of each float16 in front of its block: uint8 [out, blocks, 2]. */
at::Tensor bytesOf(const at::Tensor& half)
{
    return half.contiguous().view(at::kByte).view({half.size(0), half.size(1), 2});
}

/** Codes from 0 to 15, [out, blocks, 32] as [out, blocks, 16]: element i in the low half of byte i, element i + 16 in the high half. */
at::Tensor nibbles(const at::Tensor& codes)
{
    const auto low = codes.narrow(2, 0, kBlock / 2);
    const auto high = codes.narrow(2, kBlock / 2, kBlock / 2);
    return (low + high * 16).to(at::kByte);
}

} // namespace

std::optional<DType> ggufBlockType(const QuantScheme& scheme, std::int64_t inputs)
{
    if (scheme.weightBits > 8 || inputs % kBlock != 0 || scheme.weightGroup % kBlock != 0)
        return std::nullopt;
    if (scheme.weightAsymmetric)
        return scheme.weightBits <= 4 ? std::optional(DType::Q4_1) : std::nullopt;
    return scheme.weightBits <= 4 ? DType::Q4_0 : DType::Q8_0;
}

at::Tensor ggufBlocks(const UnsignedCodes& matrix, DType type)
{
    const auto outputs = matrix.codes.size(0), blocks = matrix.codes.size(1) / kBlock;
    const auto perBlock = [&](const at::Tensor& perGroup) {
        return perGroup.repeat_interleave(blocks / perGroup.size(1), 1);
    };
    const auto codes = matrix.codes.view({outputs, blocks, kBlock});
    const auto scales = perBlock(halfScales(matrix.scales));
    const auto zeros = perBlock(matrix.zeros);
    switch (type) {
    case DType::Q4_0:
        return at::cat({bytesOf(scales), nibbles(codes - zeros.unsqueeze(2) + kMiddle)}, 2).view({outputs, -1});
    case DType::Q4_1: {
        const auto offsets = (scales.to(at::kFloat) * -zeros).to(at::kHalf);
        return at::cat({bytesOf(scales), bytesOf(offsets), nibbles(codes)}, 2).view({outputs, -1});
    }
    case DType::Q8_0: {
        const auto values = (codes - zeros.unsqueeze(2)).to(at::kChar).view(at::kByte);
        return at::cat({bytesOf(scales), values}, 2).view({outputs, -1});
    }
    default: throw Error(ErrorKind::Internal, "no blocks of type " + std::string(toString(type)));
    }
}

} // namespace core
