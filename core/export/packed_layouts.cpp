// SPDX-License-Identifier: Apache-2.0
#include "core/export/packed_layouts.h"

#include "core/base/error.h"

#include <ATen/ATen.h>

namespace core {

namespace {

constexpr int kWordBits = 32;
constexpr std::int64_t kAwqOrder[] = {0, 2, 4, 6, 1, 3, 5, 7};
constexpr std::int64_t kAwqColumns = 8;

at::Tensor awqOrder(bool back)
{
    auto order = at::empty({kAwqColumns}, at::kLong);
    for (std::int64_t i = 0; i < kAwqColumns; ++i)
        order[back ? kAwqOrder[i] : i] = back ? i : kAwqOrder[i];
    return order;
}

/** [rows, columns] with each eight columns in AWQ's order, or back from it. */
at::Tensor inAwqOrder(const at::Tensor& numbers, bool back = false)
{
    return numbers.view({numbers.size(0), -1, kAwqColumns}).index_select(2, awqOrder(back)).reshape(numbers.sizes());
}

/** The group that each input belongs to: int32 [in]. */
at::Tensor groupOfInput(std::int64_t inputs, std::int64_t groups)
{
    return at::arange(inputs, at::kLong).div(inputs / groups, "floor").to(at::kInt);
}

} // namespace

at::Tensor halfScales(const at::Tensor& scales)
{
    const auto half = scales.to(at::kHalf);
    if (!at::isfinite(half).all().item<bool>() || (half == 0).any().item<bool>())
        throw Error(ErrorKind::Numeric,
                    "a scale does not fit float16: the largest is " + std::to_string(scales.max().item<double>())
                        + ", the smallest " + std::to_string(scales.min().item<double>()));
    return half;
}

UnsignedCodes unsignedCodes(const PackedTensor& packed)
{
    const auto codes = unpackCodes(packed).to(at::kInt);
    const int middle = 1 << (packed.bits - 1);
    if (packed.zeros.defined())
        return {packed.bits, codes, packed.zeros.to(at::kInt), packed.scales};
    return {packed.bits, codes + middle, at::full(packed.scales.sizes(), middle, at::kInt), packed.scales};
}

at::Tensor valuesOf(const UnsignedCodes& matrix)
{
    const auto outputs = matrix.codes.size(0), inputs = matrix.codes.size(1), groups = matrix.scales.size(1);
    if (groups == 0 || inputs % groups != 0)
        throw Error(ErrorKind::Corrupt,
                    std::to_string(inputs) + " inputs cannot have " + std::to_string(groups) + " equal groups");
    const auto codes = matrix.codes.to(at::kDouble).view({outputs, groups, -1});
    const auto zeros = matrix.zeros.to(at::kDouble).unsqueeze(2);
    return ((codes - zeros) * matrix.scales.to(at::kDouble).unsqueeze(2)).view({outputs, inputs});
}

at::Tensor packBits(const at::Tensor& numbers, int bits)
{
    const auto wide = numbers.to(at::kInt).contiguous();
    const auto rows = wide.size(0), count = wide.size(1);
    const auto wordsPerRow = (count * bits + kWordBits - 1) / kWordBits;
    auto words = at::zeros({rows, wordsPerRow}, at::kInt);
    const auto* from = wide.const_data_ptr<std::int32_t>();
    auto* to = words.mutable_data_ptr<std::int32_t>();
    for (std::int64_t row = 0; row < rows; ++row) {
        auto* out = reinterpret_cast<std::uint32_t*>(to + row * wordsPerRow);
        for (std::int64_t i = 0; i < count; ++i) {
            const auto number = static_cast<std::uint64_t>(static_cast<std::uint32_t>(from[row * count + i]));
            const auto shifted = number << (i * bits % kWordBits);
            const auto word = i * bits / kWordBits;
            out[word] |= static_cast<std::uint32_t>(shifted);
            if (shifted >> kWordBits)
                out[word + 1] |= static_cast<std::uint32_t>(shifted >> kWordBits);
        }
    }
    return words;
}

at::Tensor unpackBits(const at::Tensor& words, int bits, std::int64_t count)
{
    const auto stream = words.to(at::kInt).contiguous();
    const auto rows = stream.size(0), wordsPerRow = stream.size(1);
    if (wordsPerRow * kWordBits < count * bits)
        throw Error(ErrorKind::Corrupt,
                    std::to_string(wordsPerRow) + " words do not hold " + std::to_string(count) + " numbers of "
                        + std::to_string(bits) + " bits");
    auto numbers = at::empty({rows, count}, at::kInt);
    const auto* from = stream.const_data_ptr<std::int32_t>();
    auto* to = numbers.mutable_data_ptr<std::int32_t>();
    for (std::int64_t row = 0; row < rows; ++row) {
        const auto* in = reinterpret_cast<const std::uint32_t*>(from + row * wordsPerRow);
        for (std::int64_t i = 0; i < count; ++i) {
            const auto word = i * bits / kWordBits;
            const std::uint64_t high = word + 1 < wordsPerRow ? in[word + 1] : 0;
            const auto both = std::uint64_t(in[word]) | high << kWordBits;
            to[row * count + i] = static_cast<std::int32_t>(both >> (i * bits % kWordBits) & ((1u << bits) - 1));
        }
    }
    return numbers;
}

std::vector<LayerTensor> compressedTensorsLayer(const PackedTensor& packed, at::ScalarType scales)
{
    const auto matrix = unsignedCodes(packed);
    const auto shape = at::empty({2}, at::kLong);
    shape[0] = packed.rows;
    shape[1] = packed.columns;
    std::vector<LayerTensor> tensors{{"weight_packed", packBits(matrix.codes, matrix.bits)},
                                     {"weight_scale", matrix.scales.to(scales)},
                                     {"weight_shape", shape}};
    if (packed.zeros.defined())
        tensors.push_back({"weight_zero_point", packBits(matrix.zeros.t(), matrix.bits).t().contiguous()});
    return tensors;
}

std::vector<LayerTensor> gptqLayer(const PackedTensor& packed)
{
    const auto matrix = unsignedCodes(packed);
    const auto zeros = matrix.zeros.t() - (packed.zeros.defined() ? 0 : 1);
    return {{"qweight", packBits(matrix.codes, matrix.bits).t().contiguous()},
            {"qzeros", packBits(zeros, matrix.bits)},
            {"scales", halfScales(matrix.scales.t().contiguous())},
            {"g_idx", groupOfInput(packed.columns, packed.scales.size(1))}};
}

std::vector<LayerTensor> awqLayer(const PackedTensor& packed)
{
    const auto matrix = unsignedCodes(packed);
    return {{"qweight", packBits(inAwqOrder(matrix.codes.t().contiguous()), matrix.bits)},
            {"qzeros", packBits(inAwqOrder(matrix.zeros.t().contiguous()), matrix.bits)},
            {"scales", halfScales(matrix.scales.t().contiguous())}};
}

UnsignedCodes readCompressedTensorsLayer(const std::vector<at::Tensor>& tensors, int bits)
{
    const auto& shape = tensors.at(2);
    const auto outputs = shape[0].item<std::int64_t>(), inputs = shape[1].item<std::int64_t>();
    const auto& scales = tensors.at(1);
    const auto zeros = tensors.size() > 3 ? unpackBits(tensors[3].t(), bits, outputs).t().contiguous()
                                          : at::full(scales.sizes(), 1 << (bits - 1), at::kInt);
    return {bits, unpackBits(tensors.at(0), bits, inputs), zeros, scales.to(at::kFloat)};
}

UnsignedCodes readGptqLayer(const std::vector<at::Tensor>& tensors, int bits, bool symmetric)
{
    const auto inputs = tensors.at(3).size(0), outputs = tensors.at(2).size(1);
    const auto zeros = unpackBits(tensors.at(1), bits, outputs).t() + (symmetric ? 1 : 0);
    return {bits, unpackBits(tensors.at(0).t(), bits, inputs), zeros.contiguous(),
            tensors[2].t().contiguous().to(at::kFloat)};
}

UnsignedCodes readAwqLayer(const std::vector<at::Tensor>& tensors)
{
    constexpr int kBits = 4;
    const auto outputs = tensors.at(2).size(1);
    const auto read = [&](const at::Tensor& words) {
        return inAwqOrder(unpackBits(words, kBits, outputs), true).t().contiguous();
    };
    return {kBits, read(tensors.at(0)), read(tensors.at(1)), tensors[2].t().contiguous().to(at::kFloat)};
}

} // namespace core
