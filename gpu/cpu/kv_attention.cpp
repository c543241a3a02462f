// SPDX-License-Identifier: Apache-2.0
#include "gpu/cpu/kv_attention.h"

#include "gpu/cpu/row_extent.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace gpu::cpu {

namespace {

/** One side of the cache as plain memory; strides in elements. */
struct Side
{
    explicit Side(const PackedRows& rows)
        : data(rows.data.const_data_ptr<std::uint8_t>())
        , scales(rows.scales.const_data_ptr<float>())
        , zeros(rows.zeros.const_data_ptr<std::uint8_t>())
        , dataStrides{rows.data.stride(0), rows.data.stride(1), rows.data.stride(2)}
        , gridStrides{rows.scales.stride(0), rows.scales.stride(1), rows.scales.stride(2)}
    {
        shape.planes = codesPerByte(rows.bits);
        shape.groups = rows.scales.size(3);
        shape.groupBytes = packedRowBytes(rows.width / shape.groups, rows.bits);
        shape.paddedBytes = (shape.groupBytes + kVectorBytes - 1) / kVectorBytes * kVectorBytes;
        groupWidth = rows.width / shape.groups;
    }

    const std::uint8_t* row(std::int64_t batch, std::int64_t head, std::int64_t token) const
    {
        return data + batch * dataStrides[0] + head * dataStrides[1] + token * dataStrides[2];
    }
    std::int64_t grid(std::int64_t batch, std::int64_t head, std::int64_t token) const
    {
        return batch * gridStrides[0] + head * gridStrides[1] + token * gridStrides[2];
    }

    const std::uint8_t* data;
    const float* scales;
    const std::uint8_t* zeros;
    std::int64_t dataStrides[3];
    std::int64_t gridStrides[3]; // of scales and zeros
    RowShape shape;
    std::int64_t groupWidth = 0;
};

/** What a query reads: keys [first, end). */
struct Range
{
    std::int64_t first, end;
};

Range visible(std::int64_t token, std::int64_t tokens, std::int64_t keys, std::int64_t window)
{
    const auto end = keys - tokens + token + 1;
    return {window > 0 ? std::max<std::int64_t>(0, end - window) : 0, end};
}

/** out[plane][i] += weight * code, planes a padded group apart. */
PLANISH_CLONES void addRow(const std::uint8_t* __restrict row, std::int64_t bytes, int planes, std::int64_t padded,
                           float weight, float* __restrict out)
{
    if (planes == 2) {
        float* __restrict odd = out + padded;
        for (std::int64_t i = 0; i < bytes; ++i)
            out[i] += weight * static_cast<float>(row[i] & 15);
        for (std::int64_t i = 0; i < bytes; ++i)
            odd[i] += weight * static_cast<float>(row[i] >> 4);
        return;
    }
    const int slot = 8 / planes;
    const int mask = (1 << slot) - 1;
    for (int plane = 0; plane < planes; ++plane)
        for (std::int64_t i = 0; i < bytes; ++i)
            out[plane * padded + i] += weight * static_cast<float>((row[i] >> (slot * plane)) & mask);
}

/** The rows of a query head into the order of RowShape, padding 0. */
std::vector<float> queryPlanes(const float* q, std::int64_t rows, const Side& keys)
{
    const auto& shape = keys.shape;
    std::vector<float> planes(static_cast<std::size_t>(rows * shape.length()));
    for (std::int64_t row = 0; row < rows; ++row)
        for (std::int64_t i = 0; i < shape.groups * keys.groupWidth; ++i) {
            const auto group = i / keys.groupWidth;
            const auto inside = i % keys.groupWidth;
            planes[static_cast<std::size_t>(row * shape.length() + group * shape.groupLength()
                                            + inside % shape.planes * shape.paddedBytes + inside / shape.planes)] =
                q[row * shape.groups * keys.groupWidth + i];
        }
    return planes;
}

/** scores[row][key] of the query heads that read one key head, `rows` = heads * tokens of them; -infinity where the query does not
    see the key. */
void scoreHead(const Side& side, std::int64_t batch, std::int64_t head, const float* q, std::int64_t rows,
               std::int64_t tokens, std::int64_t keys, float scale, std::int64_t window, const PackedSteps& steps,
               float* scores)
{
    const auto planes = queryPlanes(q, rows, side);
    const auto& shape = side.shape;
    for (std::int64_t key = 0; key < keys; ++key) {
        const auto* codes = side.row(batch, head, key);
        const auto grid = side.grid(batch, head, key);
        for (std::int64_t row = 0; row < rows; row += kTileTokens) {
            const int count = static_cast<int>(std::min<std::int64_t>(kTileTokens, rows - row));
            float totals[kTileTokens] = {};
            for (std::int64_t group = 0; group < shape.groups; ++group) {
                float sums[kTileTokens];
                steps.dotFloat(codes + group * shape.groupBytes, shape, 0, side.zeros[grid + group],
                               planes.data() + row * shape.length() + group * shape.groupLength(), shape.length(),
                               count, sums);
                for (int i = 0; i < count; ++i)
                    totals[i] += side.scales[grid + group] * sums[i];
            }
            for (int i = 0; i < count; ++i) {
                const auto [first, end] = visible((row + i) % tokens, tokens, keys, window);
                scores[(row + i) * keys + key] =
                    key >= first && key < end ? totals[i] * scale : -std::numeric_limits<float>::infinity();
            }
        }
    }
}

/** out = sum over keys of probability * scale * (code - zero), for one query. */
void mixHead(const Side& side, std::int64_t batch, std::int64_t head, const float* probabilities, Range range,
             std::vector<float>& planes, float* out)
{
    const auto& shape = side.shape;
    for (std::int64_t group = 0; group < shape.groups; ++group) {
        std::fill_n(planes.begin(), shape.groupLength(), 0.0f);
        float zeros = 0.0f;
        for (auto key = range.first; key < range.end; ++key) {
            const auto grid = side.grid(batch, head, key) + group;
            const float weight = probabilities[key] * side.scales[grid];
            zeros += weight * static_cast<float>(side.zeros[grid]);
            addRow(side.row(batch, head, key) + group * shape.groupBytes, shape.groupBytes, shape.planes,
                   shape.paddedBytes, weight, planes.data());
        }
        for (std::int64_t i = 0; i < side.groupWidth; ++i)
            out[group * side.groupWidth + i] =
                planes[static_cast<std::size_t>(i % shape.planes * shape.paddedBytes + i / shape.planes)] - zeros;
    }
}

} // namespace

at::Tensor attendPacked(const at::Tensor& q, const PackedRows& keys, const PackedRows& values, double scale,
                        std::int64_t window, const PackedSteps& steps)
{
    const auto batches = q.size(0), heads = q.size(1), tokens = q.size(2), width = q.size(3);
    const auto count = keys.data.size(2);
    const auto perHead = heads / keys.data.size(1);
    const Side keySide(keys);
    const Side valueSide(values);
    const auto* queries = q.const_data_ptr<float>();
    auto scores = at::empty({batches, heads, tokens, count}, q.options());
    auto* score = scores.mutable_data_ptr<float>();
    const auto grain = std::max<std::int64_t>(1, (1 << 14) / std::max<std::int64_t>(1, count * width * tokens));
    const auto keyHeads = heads / perHead;
    const auto rows = perHead * tokens;
    at::parallel_for(0, batches * keyHeads, grain, [&](std::int64_t begin, std::int64_t end) {
        for (auto i = begin; i < end; ++i)
            scoreHead(keySide, i / keyHeads, i % keyHeads, queries + i * rows * width, rows, tokens, count,
                      static_cast<float>(scale), window, steps, score + i * rows * count);
    });
    const auto probabilities = scores.softmax(-1);
    const auto* probability = probabilities.const_data_ptr<float>();
    auto mixed = at::empty_like(q);
    auto* target = mixed.mutable_data_ptr<float>();
    at::parallel_for(0, batches * heads, grain, [&](std::int64_t begin, std::int64_t end) {
        std::vector<float> planes(static_cast<std::size_t>(valueSide.shape.groupLength()));
        for (auto i = begin; i < end; ++i)
            for (std::int64_t token = 0; token < tokens; ++token)
                mixHead(valueSide, i / heads, i % heads / perHead, probability + (i * tokens + token) * count,
                        visible(token, tokens, count, window), planes, target + (i * tokens + token) * width);
    });
    return mixed;
}

} // namespace gpu::cpu
