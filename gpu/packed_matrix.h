// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>

namespace gpu {

/** A weight as codes and scales: value[o][i] = (code - zero[o][i / group]) * scale[o][i / group]; without zeros codes are signed. */
struct PackedMatrix
{
    int bits = 4;
    std::int64_t rows = 0;    // out
    std::int64_t columns = 0; // in
    at::Tensor
        data; // uint8 [out, bytes]: codes, two's complement where they are signed, the first element in the low bits;
              // 2 bits: four a byte, 3 and 4: two a byte, 5 to 8: one a byte; a row ends on a byte
    at::Tensor scales;     // float32 [out, groups]
    at::Tensor zeros = {}; // uint8 [out, groups], or undefined: symmetric

    std::int64_t bytes() const { return data.numel() + scales.numel() * 4 + (zeros.defined() ? zeros.numel() : 0); }
};

/** Codes in one byte: 4, 2 or 1. */
constexpr int codesPerByte(int bits)
{
    return bits == 2 ? 4 : bits <= 4 ? 2 : 1;
}

/** Bytes of one packed row. */
constexpr std::int64_t packedRowBytes(std::int64_t columns, int bits)
{
    return (columns + codesPerByte(bits) - 1) / codesPerByte(bits);
}

/** "2 x 3 Float", or "nothing" of an undefined tensor: how errors name it. */
std::string sizesOf(const at::Tensor& tensor);

/** Throws std::invalid_argument that names the numbers where width, sizes, types or devices of the parts disagree. */
void checkPacked(const PackedMatrix& matrix);

/** (code - zero) * scale of rows [begin, end) in ATen's operators on the matrix's device: float32 [end - begin, in]. */
at::Tensor dequantizeRows(const PackedMatrix& matrix, std::int64_t begin, std::int64_t end);

} // namespace gpu
