// SPDX-License-Identifier: Apache-2.0
#include "core/quant/packed_tensor.h"

#include "core/base/error.h"

#include <ATen/ATen.h>

namespace core {

namespace {

using gpu::codesPerByte;
using gpu::sizesOf;

bool canBePacked(int bits)
{
    return bits >= 2 && bits <= 8;
}

std::string sizesOf(const PackedTensor& packed)
{
    return std::to_string(packed.rows) + " x " + std::to_string(packed.columns) + " codes of "
        + std::to_string(packed.bits) + " bits";
}

bool isMatrix(const at::Tensor& tensor, at::ScalarType type, std::int64_t rows)
{
    return tensor.defined() && tensor.scalar_type() == type && tensor.dim() == 2 && tensor.size(0) == rows;
}

/** Codes as bytes, uint8 [out, in] -> uint8 [out, bytes]. */
at::Tensor packBytes(const at::Tensor& codes, int bits)
{
    const int perByte = codesPerByte(bits);
    if (perByte == 1)
        return codes;
    const auto rowBytes = packedRowBytes(codes.size(1), bits);
    const auto padded =
        at::constant_pad_nd(codes.bitwise_and((1 << (8 / perByte)) - 1), {0, rowBytes * perByte - codes.size(1)});
    const auto slots = padded.view({codes.size(0), rowBytes, perByte});
    auto bytes = slots.select(-1, 0);
    for (int i = 1; i < perByte; ++i)
        bytes = bytes.bitwise_or(slots.select(-1, i).bitwise_left_shift(i * 8 / perByte));
    return bytes.contiguous();
}

void checkWeight(const at::Tensor& weight, int bits, int group)
{
    if (!canBePacked(bits))
        throw Error(ErrorKind::InvalidArgument,
                    "weights cannot be packed to " + std::to_string(bits) + " bits, only to 2 to 8");
    if (weight.dim() != 2)
        throw Error(ErrorKind::InvalidArgument, "a weight to be packed is " + sizesOf(weight) + ", not a matrix");
    const auto columns = weight.size(1);
    if (columns == 0 || (group > 0 && columns % group != 0))
        throw Error(ErrorKind::InvalidArgument,
                    "weight groups of " + std::to_string(group) + " do not divide a row of " + std::to_string(columns));
    if (!at::isfinite(weight).all().item<bool>())
        throw Error(ErrorKind::Numeric, "a weight to be quantized is not finite");
}

} // namespace

WeightGrid weightGrid(const at::Tensor& weight, int bits, int group, bool asymmetric)
{
    checkWeight(weight, bits, group);
    const auto groupSize = group > 0 ? group : weight.size(1);
    const auto wide = weight.detach().to(at::kDouble).reshape({weight.size(0), -1, groupSize});
    if (!asymmetric) {
        const double qmax = double((1 << (bits - 1)) - 1);
        return {(wide.abs().amax(-1).clamp_min(1e-5) / qmax).to(at::kFloat), {}};
    }
    const double levels = double((1 << bits) - 1);
    auto low = wide.amin(-1).clamp_max(0.0);
    auto high = wide.amax(-1).clamp_min(0.0);
    const auto empty = (low == 0.0) & (high == 0.0);
    low = at::where(empty, -at::ones_like(low), low);
    high = at::where(empty, at::ones_like(high), high);
    const auto scales = ((high - low).clamp_min(1e-5) / levels).to(at::kFloat);
    return {scales, (-low / scales.to(at::kDouble)).round().clamp(0.0, levels).to(at::kFloat)};
}

at::Tensor codesOn(const at::Tensor& columns, const at::Tensor& scales, const at::Tensor& zeros, int bits)
{
    const auto rounded = (columns / scales.unsqueeze(-1)).round();
    const double qmax = double((1 << (bits - 1)) - 1);
    return zeros.defined() ? (rounded + zeros.unsqueeze(-1)).clamp(0.0, double((1 << bits) - 1))
                           : rounded.clamp(-qmax - 1.0, qmax);
}

PackedTensor packCodes(const at::Tensor& codes, const WeightGrid& grid, int bits)
{
    // Signed codes become bytes by their two's complement: negative ones wrap around 256.
    const auto bytes = codes.to(at::kInt).bitwise_and(0xff).to(at::kByte).contiguous();
    return {bits,          codes.size(0),
            codes.size(1), packBytes(bytes, bits),
            grid.scales,   grid.zeros.defined() ? grid.zeros.to(at::kByte) : at::Tensor()};
}

PackedTensor packWeight(const at::Tensor& weight, int bits, int group, bool asymmetric)
{
    const auto grid = weightGrid(weight, bits, group, asymmetric);
    const auto wide =
        weight.detach().to(at::kDouble).reshape({weight.size(0), grid.scales.size(1), -1}); // [out, groups, n]
    const auto zeros = grid.zeros.defined() ? grid.zeros.to(at::kDouble) : at::Tensor();
    return packCodes(codesOn(wide, grid.scales.to(at::kDouble), zeros, bits).reshape(weight.sizes()), grid, bits);
}

at::Tensor unpackCodes(const PackedTensor& packed)
{
    if (!canBePacked(packed.bits) || packed.rows < 0 || packed.columns < 1)
        throw Error(ErrorKind::Corrupt, "packed weight claims " + sizesOf(packed));
    const auto rowBytes = packedRowBytes(packed.columns, packed.bits);
    if (!isMatrix(packed.data, at::kByte, packed.rows) || packed.data.size(1) != rowBytes)
        throw Error(ErrorKind::Corrupt,
                    "packed weight holds " + sizesOf(packed.data) + ", " + std::to_string(packed.rows) + " x "
                        + std::to_string(rowBytes) + " bytes are needed for " + sizesOf(packed));
    const int perByte = codesPerByte(packed.bits);
    const int slot = 8 / perByte;
    // Shifted to the top of the byte and back; of a signed code the sign bit is copied down.
    const auto shifts = at::arange(perByte, packed.data.options()).mul_(slot);
    auto codes = at::bitwise_left_shift(packed.data.unsqueeze(-1), 8 - slot - shifts)
                     .view({packed.rows, -1})
                     .narrow(1, 0, packed.columns);
    if (!packed.zeros.defined())
        codes = codes.view(at::kChar);
    return at::bitwise_right_shift(codes, 8 - slot).contiguous();
}

at::Tensor dequantize(const PackedTensor& packed)
{
    const bool fits = isMatrix(packed.scales, at::kFloat, packed.rows) && packed.scales.size(1) > 0
        && packed.columns % packed.scales.size(1) == 0;
    if (!fits)
        throw Error(ErrorKind::Corrupt,
                    "packed weight has scales of " + sizesOf(packed.scales) + " for " + sizesOf(packed));
    const auto groups = packed.scales.size(1);
    if (packed.zeros.defined() && (!isMatrix(packed.zeros, at::kByte, packed.rows) || packed.zeros.size(1) != groups))
        throw Error(ErrorKind::Corrupt,
                    "packed weight has zeros of " + sizesOf(packed.zeros) + " for " + sizesOf(packed));
    auto codes = unpackCodes(packed).to(at::kFloat).view({packed.rows, groups, -1});
    if (packed.zeros.defined())
        codes = codes - packed.zeros.unsqueeze(-1).to(at::kFloat);
    return (codes * packed.scales.unsqueeze(-1)).view({packed.rows, packed.columns});
}

} // namespace core
