// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/packed_linear.h"

namespace gpu {

/** Keys or values of a cache as codes: value[i] = scale[i / group] * (code[i] - zero[i / group]) for each token and head. */
struct PackedRows
{
    int bits = 0;           // 2 to 8; 0: nothing
    std::int64_t width = 0; // head_dim
    at::Tensor data;        // uint8 [batch, heads, tokens, bytes], a row packed as one of PackedMatrix; unsigned codes
    at::Tensor scales;      // float32 [batch, heads, tokens, groups]
    at::Tensor zeros;       // uint8 [batch, heads, tokens, groups]
};

/** Whether rows of `width` can be packed: the groups (0: one) divide them and end on bytes. */
bool fitsBytes(std::int64_t width, int bits, int group);

/** The quantizer of the caches into codes, each on the grid of Grid::Asymmetric (gpu/row_grid.h). One scale for each `group` channels, 0: for the
    row. A group with NaN or an infinity gets the scale NaN. `x` [batch, heads, tokens, head_dim] float32. Throws
    std::invalid_argument where the width is not 2 to 8, the group does not divide the row or does not end on a byte. */
PackedRows packRows(const at::Tensor& x, int bits, RowRange range, int group = 0);

/** scale * (code - zero): float32 [batch, heads, tokens, head_dim], exactly what quantizeRows gives. */
at::Tensor unpackRows(const PackedRows& rows);

/** softmax(scale * q k^T) v with keys and values as they are packed, each read once and never written out; meant for the few
    queries of decoding. `q` [batch, heads, tokens, head_dim] float32 are the last tokens of those cached; query head j reads
    key/value head j / (heads / kv_heads) (grouped queries), query token t the keys up to its own, the last `window` of them (0: all).
    float32 [batch, heads, tokens, head_dim]; relative error about 1e-6 of the largest value. */
at::Tensor attendPacked(const at::Tensor& q, const PackedRows& keys, const PackedRows& values, double scale,
                        std::int64_t window = 0);

} // namespace gpu
