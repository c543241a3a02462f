// SPDX-License-Identifier: Apache-2.0
#include "gpu/cpu/packed_linear.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <vector>

namespace gpu::cpu {

namespace {

constexpr std::int64_t kGrain = 1 << 15; // codes a thread should have at least
constexpr std::int64_t kActivationBytes = 1
    << 20; // of the tokens multiplied at a time: they stay in the second-level cache

/** The packed matrix as plain memory. */
struct Weight
{
    explicit Weight(const PackedMatrix& matrix)
        : data(matrix.data.const_data_ptr<std::uint8_t>())
        , scales(matrix.scales.const_data_ptr<float>())
        , zeros(matrix.zeros.defined() ? matrix.zeros.const_data_ptr<std::uint8_t>() : nullptr)
        , rows(matrix.rows)
        , columns(matrix.columns)
        , rowBytes(packedRowBytes(matrix.columns, matrix.bits))
        , slot(8 / codesPerByte(matrix.bits))
    {
        shape.planes = codesPerByte(matrix.bits);
        shape.groups = matrix.scales.size(1);
        groupColumns = columns / shape.groups;
        shape.groupBytes = packedRowBytes(groupColumns, matrix.bits);
        shape.paddedBytes = (shape.groupBytes + kVectorBytes - 1) / kVectorBytes * kVectorBytes;
        flip = zeros ? 0 : slot == 2 ? 0xaa : slot == 4 ? 0x88 : 0x80;
    }

    /** What is subtracted from a code after `flip` made it unsigned. */
    int offset(std::int64_t row, std::int64_t group) const
    {
        return zeros ? zeros[row * shape.groups + group] : 1 << (slot - 1);
    }

    int codeAt(std::int64_t row, std::int64_t column) const
    {
        const int byte = data[row * rowBytes + column / shape.planes] ^ flip;
        return (byte >> (slot * (column % shape.planes))) & ((1 << slot) - 1);
    }

    const std::uint8_t* data;
    const float* scales;
    const std::uint8_t* zeros;
    std::int64_t rows, columns, rowBytes;
    int slot;
    std::int64_t groupColumns = 0;
    RowShape shape;
    std::uint8_t flip = 0;
};

/** Values of one token in the order of RowShape, padding 0. */
template <typename Value>
void toPlanes(const Value* x, const Weight& weight, Value* planes)
{
    const auto& shape = weight.shape;
    for (std::int64_t group = 0; group < shape.groups; ++group)
        for (int plane = 0; plane < shape.planes; ++plane) {
            const auto* source = x + group * weight.groupColumns;
            auto* target = planes + group * shape.groupLength() + plane * shape.paddedBytes;
            const auto whole = (weight.groupColumns - plane + shape.planes - 1) / shape.planes;
            if (shape.planes == 2)
                for (std::int64_t i = 0; i < whole; ++i)
                    target[i] = source[2 * i + plane];
            else
                for (std::int64_t i = 0; i < whole; ++i)
                    target[i] = source[shape.planes * i + plane];
            std::fill(target + whole, target + shape.paddedBytes, Value(0));
        }
}

template <typename Value>
std::vector<Value> toPlanes(const Value* x, std::int64_t tokens, const Weight& weight)
{
    std::vector<Value> planes(static_cast<std::size_t>(tokens * weight.shape.length()));
    at::parallel_for(0, tokens, std::max<std::int64_t>(1, kGrain / weight.columns), [&](auto begin, auto end) {
        for (auto token = begin; token < end; ++token)
            toPlanes(x + token * weight.columns, weight, planes.data() + token * weight.shape.length());
    });
    return planes;
}

/** Sums of each group's activations: what the weight's offset is multiplied by. */
std::vector<std::int32_t> groupSums(const std::int8_t* x, std::int64_t tokens, const Weight& weight)
{
    const auto groups = weight.shape.groups;
    std::vector<std::int32_t> sums(static_cast<std::size_t>(tokens * groups));
    for (std::int64_t token = 0; token < tokens; ++token)
        for (std::int64_t group = 0; group < groups; ++group) {
            const auto* values = x + token * weight.columns + group * weight.groupColumns;
            std::int32_t sum = 0;
            for (std::int64_t i = 0; i < weight.groupColumns; ++i)
                sum += values[i];
            sums[token * groups + group] = sum;
        }
    return sums;
}

/** Integer activations of all tokens, ready for the loops. */
struct Activations
{
    std::vector<std::int8_t> planes;
    std::vector<std::int32_t> sums;
    const float* scales;
    std::int64_t tokens;
};

/** Rows [row, row + count) times tokens [token, token + tokens): `codes` are these rows unpacked. */
void multiplyTile(const Weight& weight, const Activations& x, const std::uint8_t* codes, std::int64_t row, int count,
                  std::int64_t token, int tokens, const PackedSteps& steps, float* y)
{
    const auto& shape = weight.shape;
    float totals[kTileTokens][kTileRows] = {};
    for (std::int64_t group = 0; group < shape.groups; ++group) {
        std::int32_t sums[kTileTokens][kTileRows];
        const auto start = group * shape.groupLength();
        steps.dot(codes + start, shape.length(), x.planes.data() + token * shape.length() + start, shape.length(),
                  shape.groupLength(), tokens, shape.planes > 1, sums);
        for (int t = 0; t < tokens; ++t)
            for (int r = 0; r < count; ++r) {
                // Differences of exact sums wrap to the right result.
                const auto shift = static_cast<std::uint32_t>(weight.offset(row + r, group))
                    * static_cast<std::uint32_t>(x.sums[(token + t) * shape.groups + group]);
                const auto sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(sums[t][r]) - shift);
                totals[t][r] += weight.scales[(row + r) * shape.groups + group] * static_cast<float>(sum);
            }
    }
    for (int t = 0; t < tokens; ++t)
        for (int r = 0; r < count; ++r)
            y[(token + t) * weight.rows + row + r] = totals[t][r] * x.scales[token + t];
}

void addBias(const at::Tensor& bias, at::Tensor& y)
{
    if (bias.defined())
        y += bias;
}

std::int64_t grainTiles(const Weight& weight, std::int64_t tokens)
{
    const auto work = kTileRows * weight.columns * std::max<std::int64_t>(1, tokens / 4);
    return std::max<std::int64_t>(1, kGrain / work);
}

} // namespace

bool groupsAreWholeBytes(const PackedMatrix& weight)
{
    return weight.scales.size(1) == 1 || weight.columns / weight.scales.size(1) % codesPerByte(weight.bits) == 0;
}

at::Tensor packedLinear(const RowCodes& x, const PackedMatrix& matrix, const at::Tensor& bias, const PackedSteps& steps)
{
    const Weight weight(matrix);
    const auto* codes = x.codes.const_data_ptr<std::int8_t>();
    const auto tokens = x.codes.size(0);
    const Activations activations{toPlanes(codes, tokens, weight), groupSums(codes, tokens, weight),
                                  x.scales.const_data_ptr<float>(), tokens};
    auto y = at::empty({tokens, weight.rows}, x.scales.options());
    auto* target = y.mutable_data_ptr<float>();
    const auto length = weight.shape.length();
    const auto batch = std::max<std::int64_t>(kTileTokens, kActivationBytes / length / kTileTokens * kTileTokens);
    const auto tiles = (weight.rows + kTileRows - 1) / kTileRows;
    at::parallel_for(0, tiles, grainTiles(weight, tokens), [&](std::int64_t begin, std::int64_t end) {
        std::vector<std::uint8_t> rows(static_cast<std::size_t>(kTileRows * length));
        for (std::int64_t first = 0; first < tokens; first += batch)
            for (auto tile = begin; tile < end; ++tile) {
                const auto row = tile * kTileRows;
                const int count = static_cast<int>(std::min<std::int64_t>(kTileRows, weight.rows - row));
                for (int r = 0; r < count; ++r)
                    steps.unpack(weight.data + (row + r) * weight.rowBytes, weight.shape, weight.flip,
                                 rows.data() + r * length);
                const auto last = std::min(tokens, first + batch);
                for (auto token = first; token < last; token += kTileTokens)
                    multiplyTile(weight, activations, rows.data(), row, count, token,
                                 static_cast<int>(std::min<std::int64_t>(kTileTokens, last - token)), steps, target);
            }
    });
    addBias(bias, y);
    return y;
}

at::Tensor packedLinear(const at::Tensor& x, const PackedMatrix& matrix, const at::Tensor& bias,
                        const PackedSteps& steps)
{
    const Weight weight(matrix);
    const auto tokens = x.size(0);
    const auto planes = toPlanes(x.const_data_ptr<float>(), tokens, weight);
    auto y = at::empty({tokens, weight.rows}, x.options());
    auto* target = y.mutable_data_ptr<float>();
    const auto& shape = weight.shape;
    const auto grain = std::max<std::int64_t>(1, kGrain / weight.columns);
    at::parallel_for(0, weight.rows, grain, [&](std::int64_t begin, std::int64_t end) {
        for (auto row = begin; row < end; ++row)
            for (std::int64_t token = 0; token < tokens; token += kTileTokens) {
                const int count = static_cast<int>(std::min<std::int64_t>(kTileTokens, tokens - token));
                float totals[kTileTokens] = {};
                for (std::int64_t group = 0; group < shape.groups; ++group) {
                    float sums[kTileTokens];
                    steps.dotFloat(weight.data + row * weight.rowBytes + group * shape.groupBytes, shape, weight.flip,
                                   weight.offset(row, group),
                                   planes.data() + token * shape.length() + group * shape.groupLength(), shape.length(),
                                   count, sums);
                    for (int t = 0; t < count; ++t)
                        totals[t] += weight.scales[row * shape.groups + group] * sums[t];
                }
                for (int t = 0; t < count; ++t)
                    target[(token + t) * weight.rows + row] = totals[t];
            }
    });
    addBias(bias, y);
    return y;
}

at::Tensor packedLinearReference(const RowCodes& x, const PackedMatrix& matrix, const at::Tensor& bias)
{
    const Weight weight(matrix);
    const auto tokens = x.codes.size(0);
    auto y = at::empty({tokens, weight.rows}, x.scales.options());
    auto* target = y.mutable_data_ptr<float>();
    for (std::int64_t token = 0; token < tokens; ++token)
        for (std::int64_t row = 0; row < weight.rows; ++row) {
            const auto* codes = x.codes.const_data_ptr<std::int8_t>() + token * weight.columns;
            float total = 0.0f;
            for (std::int64_t group = 0; group < weight.shape.groups; ++group) {
                std::int64_t sum = 0;
                for (auto i = group * weight.groupColumns; i < (group + 1) * weight.groupColumns; ++i)
                    sum += std::int64_t(codes[i]) * (weight.codeAt(row, i) - weight.offset(row, group));
                total += weight.scales[row * weight.shape.groups + group] * static_cast<float>(sum);
            }
            target[token * weight.rows + row] = total * x.scales.const_data_ptr<float>()[token];
        }
    addBias(bias, y);
    return y;
}

at::Tensor packedLinearReference(const at::Tensor& x, const PackedMatrix& matrix, const at::Tensor& bias)
{
    const Weight weight(matrix);
    const auto tokens = x.size(0);
    auto y = at::empty({tokens, weight.rows}, x.options());
    auto* target = y.mutable_data_ptr<float>();
    for (std::int64_t token = 0; token < tokens; ++token)
        for (std::int64_t row = 0; row < weight.rows; ++row) {
            const auto* values = x.const_data_ptr<float>() + token * weight.columns;
            double sum = 0.0;
            for (std::int64_t i = 0; i < weight.columns; ++i) {
                const auto group = i / weight.groupColumns;
                sum += double(values[i]) * (weight.codeAt(row, i) - weight.offset(row, group))
                    * weight.scales[row * weight.shape.groups + group];
            }
            target[token * weight.rows + row] = static_cast<float>(sum);
        }
    addBias(bias, y);
    return y;
}

} // namespace gpu::cpu
