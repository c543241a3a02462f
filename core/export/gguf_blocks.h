// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/export/packed_layouts.h"
#include "core/io/tensor_view.h"
#include "core/quant/quant_scheme.h"

#include <optional>

namespace core {

/** The type whose blocks of 32 hold a matrix's codes as they are, its scale repeated from block to block: symmetric codes of up to 4 bits Q4_0, of 5
    to 8 bits Q8_0, asymmetric ones of up to 4 bits Q4_1. Nothing where rows or groups are no whole blocks, or for asymmetric codes of more than 4
    bits. */
std::optional<DType> ggufBlockType(const QuantScheme& scheme, std::int64_t inputs);

/** uint8 [out, bytes of a row]. Scales, and the offsets of Q4_1, are float16. Throws as halfScales does. Source: ggml-common.h, block_q4_0,
    block_q4_1, block_q8_0. */
at::Tensor ggufBlocks(const UnsignedCodes& matrix, DType type);

} // namespace core
