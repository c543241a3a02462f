// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace core {

/** A weight as codes and scales: value[o][i] = code * scale[o][i / group]. */
struct PackedTensor
{
    int bits = 4;
    std::int64_t rows = 0;    // out
    std::int64_t columns = 0; // in
    at::Tensor
        data; // uint8 [out, bytes]: two's complement codes, the first element in the low bits; 2 bits: four a byte, 3 and 4:
              // two a byte, 5 to 8: one a byte; a row ends on a byte
    at::Tensor scales; // float32 [out, groups]

    std::int64_t bytes() const { return data.numel() + scales.numel() * 4; }
};

/** Rounds `weight` [out, in] (any float type; the arithmetic is float64) to symmetric codes: scale = max(|w|, 1e-5) / (2^(bits-1) - 1) a
    row, or for each `group` inputs. The scales are rounded to float32 first, so codes and scales agree exactly. Throws
    Error(Numeric) for a weight that is not finite, Error(InvalidArgument) where the group does not divide the row. */
PackedTensor packWeight(const at::Tensor& weight, int bits, int group);

/** Codes, int8 [out, in]. Throws Error(Corrupt) where data and sizes disagree or the width is none of 2 to 8. */
at::Tensor unpackCodes(const PackedTensor& packed);

/** code * scale, float32 [out, in]. Throws Error(Corrupt) as unpackCodes does, and for scales that do not fit. */
at::Tensor dequantize(const PackedTensor& packed);

/** Bytes of one packed row. */
std::int64_t packedRowBytes(std::int64_t columns, int bits);

} // namespace core
