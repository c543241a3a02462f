// SPDX-License-Identifier: Apache-2.0
#include "core/quant/packed_tensor.h"

#include "core/base/error.h"

#include <ATen/ATen.h>

namespace core {

namespace {

int codesPerByte(int bits)
{
    return bits == 2 ? 4 : bits <= 4 ? 2 : 1;
}

bool canBePacked(int bits)
{
    return bits >= 2 && bits <= 8;
}

std::string sizesOf(const at::Tensor& tensor)
{
    if (!tensor.defined())
        return "nothing";
    std::string text;
    for (const auto size : tensor.sizes())
        text += (text.empty() ? "" : " x ") + std::to_string(size);
    return text + ' ' + c10::toString(tensor.scalar_type());
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

/** int8 [out, in] -> uint8 [out, bytes]. */
at::Tensor packCodes(const at::Tensor& codes, int bits)
{
    const int perByte = codesPerByte(bits);
    const int slot = 8 / perByte;
    const auto rows = codes.size(0);
    const auto columns = codes.size(1);
    const auto rowBytes = packedRowBytes(columns, bits);
    auto data = at::zeros({rows, rowBytes}, at::kByte);
    const auto* source = codes.const_data_ptr<std::int8_t>();
    auto* target = data.mutable_data_ptr<std::uint8_t>();
    const auto mask = static_cast<std::uint8_t>((1 << slot) - 1);
    for (std::int64_t row = 0; row < rows; ++row)
        for (std::int64_t column = 0; column < columns; ++column)
            target[row * rowBytes + column / perByte] |= static_cast<std::uint8_t>(
                (static_cast<std::uint8_t>(source[row * columns + column]) & mask) << (slot * (column % perByte)));
    return data;
}

} // namespace

std::int64_t packedRowBytes(std::int64_t columns, int bits)
{
    const int perByte = codesPerByte(bits);
    return (columns + perByte - 1) / perByte;
}

PackedTensor packWeight(const at::Tensor& weight, int bits, int group)
{
    if (!canBePacked(bits))
        throw Error(ErrorKind::InvalidArgument,
                    "weights cannot be packed to " + std::to_string(bits) + " bits, only to 2 to 8");
    if (weight.dim() != 2)
        throw Error(ErrorKind::InvalidArgument, "a weight to be packed is " + sizesOf(weight) + ", not a matrix");
    const auto columns = weight.size(1);
    const auto groupSize = group > 0 ? group : columns;
    if (columns == 0 || columns % groupSize != 0)
        throw Error(ErrorKind::InvalidArgument,
                    "weight groups of " + std::to_string(group) + " do not divide a row of " + std::to_string(columns));
    const double qmax = double((1 << (bits - 1)) - 1);
    const auto wide = weight.detach().to(at::kCPU, at::kDouble).reshape({weight.size(0), -1, groupSize});
    if (!at::isfinite(wide).all().item<bool>())
        throw Error(ErrorKind::Numeric, "a weight to be quantized is not finite");
    const auto scales = (wide.abs().amax(-1).clamp_min(1e-5) / qmax).to(at::kFloat); // [out, groups]
    const auto codes = (wide / scales.to(at::kDouble).unsqueeze(-1)).round().clamp(-qmax - 1.0, qmax);
    return {bits, weight.size(0), columns, packCodes(codes.to(at::kChar).reshape(weight.sizes()).contiguous(), bits),
            scales};
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
    const auto data = packed.data.contiguous();
    auto codes = at::empty({packed.rows, packed.columns}, at::kChar);
    const auto* source = data.const_data_ptr<std::uint8_t>();
    auto* target = codes.mutable_data_ptr<std::int8_t>();
    for (std::int64_t row = 0; row < packed.rows; ++row)
        for (std::int64_t column = 0; column < packed.columns; ++column) {
            // Shifted to the top and back: the sign bit is copied down.
            const auto byte = source[row * rowBytes + column / perByte];
            const auto top = static_cast<std::int8_t>(byte << (8 - slot - slot * (column % perByte)));
            target[row * packed.columns + column] = static_cast<std::int8_t>(top >> (8 - slot));
        }
    return codes;
}

at::Tensor dequantize(const PackedTensor& packed)
{
    const bool fits = isMatrix(packed.scales, at::kFloat, packed.rows) && packed.scales.size(1) > 0
        && packed.columns % packed.scales.size(1) == 0;
    if (!fits)
        throw Error(ErrorKind::Corrupt,
                    "packed weight has scales of " + sizesOf(packed.scales) + " for " + sizesOf(packed));
    const auto groups = packed.scales.size(1);
    const auto codes = unpackCodes(packed).to(at::kFloat).view({packed.rows, groups, -1});
    return (codes * packed.scales.unsqueeze(-1)).view({packed.rows, packed.columns});
}

} // namespace core
