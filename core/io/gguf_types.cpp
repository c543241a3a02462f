// SPDX-License-Identifier: Apache-2.0
#include "core/io/gguf_types.h"

#include <algorithm>
#include <iterator>

namespace core {

namespace {

constexpr GgmlType kTypes[] = {
    {0, "F32", DType::F32, 1, 4},
    {1, "F16", DType::F16, 1, 2},
    {2, "Q4_0", DType::Q4_0, 32, 18},
    {3, "Q4_1", DType::Q4_1, 32, 20},
    {6, "Q5_0", DType::Other, 32, 22},
    {7, "Q5_1", DType::Other, 32, 24},
    {8, "Q8_0", DType::Q8_0, 32, 34},
    {9, "Q8_1", DType::Other, 32, 36},
    {10, "Q2_K", DType::Other, 256, 84},
    {11, "Q3_K", DType::Other, 256, 110},
    {12, "Q4_K", DType::Other, 256, 144},
    {13, "Q5_K", DType::Other, 256, 176},
    {14, "Q6_K", DType::Other, 256, 210},
    {15, "Q8_K", DType::Other, 256, 292},
    {16, "IQ2_XXS", DType::Other, 256, 66},
    {17, "IQ2_XS", DType::Other, 256, 74},
    {18, "IQ3_XXS", DType::Other, 256, 98},
    {19, "IQ1_S", DType::Other, 256, 50},
    {20, "IQ4_NL", DType::Other, 32, 18},
    {21, "IQ3_S", DType::Other, 256, 110},
    {22, "IQ2_S", DType::Other, 256, 82},
    {23, "IQ4_XS", DType::Other, 256, 136},
    {24, "I8", DType::I8, 1, 1},
    {25, "I16", DType::I16, 1, 2},
    {26, "I32", DType::I32, 1, 4},
    {27, "I64", DType::I64, 1, 8},
    {28, "F64", DType::F64, 1, 8},
    {29, "IQ1_M", DType::Other, 256, 56},
    {30, "BF16", DType::BF16, 1, 2},
    {34, "TQ1_0", DType::Other, 256, 54},
    {35, "TQ2_0", DType::Other, 256, 66},
    {39, "MXFP4", DType::Other, 32, 17},
    {40, "NVFP4", DType::Other, 64, 36},
};

} // namespace

const GgmlType* ggmlType(std::uint32_t id)
{
    const auto* row =
        std::find_if(std::begin(kTypes), std::end(kTypes), [&](const GgmlType& type) { return type.id == id; });
    return row == std::end(kTypes) ? nullptr : row;
}

const GgmlType* ggmlType(DType dtype)
{
    if (dtype == DType::Other)
        return nullptr;
    const auto* row =
        std::find_if(std::begin(kTypes), std::end(kTypes), [&](const GgmlType& type) { return type.dtype == dtype; });
    return row == std::end(kTypes) ? nullptr : row;
}

} // namespace core
