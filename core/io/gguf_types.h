// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/tensor_view.h"

#include <cstdint>
#include <string_view>

namespace core {

/** A tensor type of ggml: rows are made of blocks of `blockElements` values in `blockBytes` bytes. */
struct GgmlType
{
    std::uint32_t id;
    std::string_view name;
    DType dtype; // Other: can be listed, not read
    std::uint32_t blockElements;
    std::uint32_t blockBytes;
};

/** Null for a number that ggml has retired or not yet given out. Source: ggml.h (enum ggml_type) and ggml-common.h. */
const GgmlType* ggmlType(std::uint32_t id);

/** Null for a type that ggml has not. */
const GgmlType* ggmlType(DType dtype);

} // namespace core
