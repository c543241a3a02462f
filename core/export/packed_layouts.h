// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/quant/packed_tensor.h"

#include <vector>

namespace core {

/** A rounded matrix as other engines count: value[o][i] = (code - zero) * scale with codes from 0 to 2^bits - 1; a symmetric matrix has the
    zero 2^(bits - 1) everywhere. */
struct UnsignedCodes
{
    int bits = 4;
    at::Tensor codes;  // int32 [out, in]
    at::Tensor zeros;  // int32 [out, groups]
    at::Tensor scales; // float32 [out, groups]
};

UnsignedCodes unsignedCodes(const PackedTensor& packed);

/** `scales` as float16. Throws Error(Numeric) with the largest and the smallest where one becomes zero or infinite. */
at::Tensor halfScales(const at::Tensor& scales);

/** float64 [out, in]. Throws Error(Corrupt) where the groups do not divide the inputs. */
at::Tensor valuesOf(const UnsignedCodes& matrix);

/** Numbers of `bits` bits [rows, n] as int32 words [rows, ceil(n * bits / 32)]: one stream a row from the lowest bit of the first word,
    numbers running over the edges of words where `bits` does not divide 32. */
at::Tensor packBits(const at::Tensor& numbers, int bits);

/** The first `count` numbers of each row, int32 [rows, count]. Throws Error(Corrupt) where the words are too few. */
at::Tensor unpackBits(const at::Tensor& words, int bits, std::int64_t count);

/** One tensor of a linear layer, named after it: "qweight". */
struct LayerTensor
{
    const char* suffix;
    at::Tensor tensor;
};

/** compressed-tensors, pack-quantized: weight_packed int32 [out, ceil(in * bits / 32)], weight_scale [out, groups] of type `scales`, weight_shape
    int64 [2], and with zeros weight_zero_point int32 [ceil(out * bits / 32), groups], packed along the outputs. */
std::vector<LayerTensor> compressedTensorsLayer(const PackedTensor& packed, at::ScalarType scales);

/** GPTQ: qweight int32 [in * bits / 32, out] packed along the inputs, qzeros int32 [groups, out * bits / 32] (zero - 1 where the codes are
    symmetric, the zero itself in version 2), scales float16 [groups, out], g_idx int32 [in]. */
std::vector<LayerTensor> gptqLayer(const PackedTensor& packed);

/** AWQ, gemm: qweight int32 [in, out / 8], qzeros int32 [groups, out / 8], scales float16 [groups, out]; nibble i of a word holds the
    output 0 2 4 6 1 3 5 7 [i] of its eight. */
std::vector<LayerTensor> awqLayer(const PackedTensor& packed);

/** The ways back. `tensors` are those of one layer, in the order that the functions above give them. */
UnsignedCodes readCompressedTensorsLayer(const std::vector<at::Tensor>& tensors, int bits);
UnsignedCodes readGptqLayer(const std::vector<at::Tensor>& tensors, int bits, bool symmetric);
UnsignedCodes readAwqLayer(const std::vector<at::Tensor>& tensors);

} // namespace core
