// SPDX-License-Identifier: Apache-2.0
#include "gpu/kv_attention.h"

#include "gpu/cpu/kv_attention.h"
#include "gpu/cuda/packed_kernels.h"
#include "gpu/kernels.h"
#include "gpu/stream.h"

#include <ATen/ATen.h>
#include <c10/core/DeviceGuard.h>

#include <limits>
#include <stdexcept>
#include <string>

namespace gpu {

namespace {

[[noreturn]] void refuse(const std::string& what)
{
    throw std::invalid_argument(what);
}

void checkRows(const PackedRows& rows, const char* what)
{
    const auto is = [&](const at::Tensor& tensor, at::ScalarType type) {
        return tensor.defined() && tensor.scalar_type() == type && tensor.dim() == 4 && tensor.stride(3) == 1
            && tensor.device() == rows.data.device() && tensor.sizes().slice(0, 3) == rows.data.sizes().slice(0, 3);
    };
    if (rows.bits < 2 || rows.bits > 8 || !is(rows.data, at::kByte) || !is(rows.scales, at::kFloat)
        || !is(rows.zeros, at::kByte) || rows.data.size(3) != packedRowBytes(rows.width, rows.bits)
        || rows.scales.sizes() != rows.zeros.sizes() || rows.scales.strides() != rows.zeros.strides()
        || rows.width % rows.scales.size(3) != 0)
        refuse(std::string("packed ") + what + " of " + std::to_string(rows.bits) + " bits and width "
               + std::to_string(rows.width) + " are not of one shape");
}

/** The same codes in ATen's operators, for devices without a kernel of ours. */
PackedRows composedRows(const at::Tensor& x, int bits, RowRange range, int group)
{
    const double levels = (1 << bits) - 1;
    const auto groups = x.view({x.size(0), x.size(1), x.size(2), -1, group});
    const auto high = groups.amax(-1, true).clamp_min(0.0) * range.shrinkMax;
    auto low = groups.amin(-1, true).clamp_max(0.0) * range.shrinkMin;
    auto scale = (high - low) / levels;
    const auto empty = scale == 0.0;
    scale = at::where(empty, at::full_like(scale, 2.0 / levels), scale);
    low = at::where(empty, -at::ones_like(low), low);
    const auto zero = (-low / scale).round();
    const auto codes = ((groups / scale).round() + zero).clamp(0.0, levels).nan_to_num(0.0).to(at::kByte);
    const auto finite = at::isfinite(groups).all(-1, true);
    scale = at::where(finite, scale, at::full_like(scale, std::numeric_limits<double>::quiet_NaN()));
    const int perByte = codesPerByte(bits);
    const auto slots = codes.view({x.size(0), x.size(1), x.size(2), -1, perByte});
    auto data = slots.select(-1, 0).clone();
    for (int plane = 1; plane < perByte; ++plane)
        data.bitwise_or_(at::bitwise_left_shift(slots.select(-1, plane), 8 / perByte * plane));
    return {bits, x.size(3), data, scale.squeeze(-1), zero.nan_to_num(0.0).to(at::kByte).squeeze(-1)};
}

/** By LibTorch's product over the values the codes stand for. */
at::Tensor attendValues(const at::Tensor& q, const PackedRows& keys, const PackedRows& values, double scale,
                        std::int64_t window)
{
    const auto groups = q.size(1) / keys.data.size(1);
    const auto k = unpackRows(keys).repeat_interleave(groups, 1);
    const auto v = unpackRows(values).repeat_interleave(groups, 1);
    const auto tokens = q.size(2);
    const auto count = k.size(2);
    const auto options = at::TensorOptions().dtype(at::kLong).device(q.device());
    const auto query = at::arange(count - tokens, count, options).unsqueeze(1);
    const auto key = at::arange(count, options).unsqueeze(0);
    auto mask = key <= query;
    if (window > 0)
        mask = mask & (key > query - window);
    return at::scaled_dot_product_attention(q, k, v, mask, 0.0, false, scale);
}

PackedRows rowsOnGpu(const at::Tensor& x, int bits, RowRange range, int group)
{
    const c10::DeviceGuard guard(x.device());
    const auto groups = x.size(3) / group;
    const auto bytes = x.options().dtype(at::kByte);
    PackedRows rows{.bits = bits,
                    .width = x.size(3),
                    .data = at::empty({x.size(0), x.size(1), x.size(2), packedRowBytes(x.size(3), bits)}, bytes),
                    .scales = at::empty({x.size(0), x.size(1), x.size(2), groups}, x.options()),
                    .zeros = at::empty({x.size(0), x.size(1), x.size(2), groups}, bytes)};
    cuda::packGroups({.x = x.const_data_ptr<float>(),
                      .rows = rows.scales.numel(),
                      .n = group,
                      .bits = bits,
                      .asymmetric = true,
                      .shrinkMax = range.shrinkMax,
                      .shrinkMin = range.shrinkMin},
                     8 / codesPerByte(bits), rows.data.mutable_data_ptr<std::uint8_t>(),
                     rows.scales.mutable_data_ptr<float>(), rows.zeros.mutable_data_ptr<std::uint8_t>(),
                     currentStream(x.device()));
    return rows;
}

cuda::PackedSide sideOnGpu(const PackedRows& rows)
{
    return {.data = rows.data.const_data_ptr<std::uint8_t>(),
            .scales = rows.scales.const_data_ptr<float>(),
            .zeros = rows.zeros.const_data_ptr<std::uint8_t>(),
            .slot = 8 / codesPerByte(rows.bits),
            .groups = rows.scales.size(3),
            .dataStrides = {rows.data.stride(0), rows.data.stride(1), rows.data.stride(2)},
            .gridStrides = {rows.scales.stride(0), rows.scales.stride(1), rows.scales.stride(2)}};
}

/** Undefined where the sizes do not fit the kernel. */
at::Tensor attendOnGpu(const at::Tensor& q, const PackedRows& keys, const PackedRows& values, double scale,
                       std::int64_t window)
{
    const c10::DeviceGuard guard(q.device());
    const cuda::AttentionShape shape{.batches = q.size(0),
                                     .heads = q.size(1),
                                     .keyHeads = keys.data.size(1),
                                     .tokens = q.size(2),
                                     .keys = keys.data.size(2),
                                     .width = q.size(3),
                                     .window = window,
                                     .scale = static_cast<float>(scale)};
    const auto keySide = sideOnGpu(keys);
    const auto valueSide = sideOnGpu(values);
    const auto count = cuda::attentionScratch(shape, keySide, valueSide);
    if (count == 0)
        return {};
    auto scratch = at::empty({count}, q.options());
    auto out = at::empty_like(q);
    cuda::attendPacked(q.const_data_ptr<float>(), keySide, valueSide, shape, scratch.mutable_data_ptr<float>(),
                       out.mutable_data_ptr<float>(), currentStream(q.device()));
    return out;
}

} // namespace

bool fitsBytes(std::int64_t width, int bits, int group)
{
    const auto length = group > 0 ? group : width;
    return width % length == 0 && length % codesPerByte(bits) == 0;
}

PackedRows packRows(const at::Tensor& x, int bits, RowRange range, int group)
{
    if (bits < 2 || bits > 8 || x.dim() != 4 || x.scalar_type() != at::kFloat || x.size(3) < 1)
        refuse("keys or values of " + sizesOf(x) + " cannot be packed to " + std::to_string(bits) + " bits");
    const auto width = x.size(3);
    const int length = group > 0 ? group : static_cast<int>(width);
    if (!fitsBytes(width, bits, group))
        refuse("groups of " + std::to_string(length) + " channels with " + std::to_string(bits)
               + " bits do not divide a head of " + std::to_string(width) + " into whole bytes");
    if (x.is_cuda() && cuda::isBuilt())
        return rowsOnGpu(x.contiguous(), bits, range, length);
    return x.is_cpu() ? cpu::packRows(x.contiguous(), bits, range, length)
                      : composedRows(x.contiguous(), bits, range, length);
}

at::Tensor unpackRows(const PackedRows& rows)
{
    checkRows(rows, "rows");
    const int perByte = codesPerByte(rows.bits);
    const int slot = 8 / perByte;
    std::vector<at::Tensor> planes;
    for (int plane = 0; plane < perByte; ++plane)
        planes.push_back(
            at::bitwise_and(at::bitwise_right_shift(rows.data, slot * plane), at::Scalar((1 << slot) - 1)));
    auto sizes = rows.data.sizes().slice(0, 3).vec();
    sizes.push_back(rows.scales.size(3));
    sizes.push_back(-1);
    const auto codes = at::stack(planes, -1).to(at::kFloat).view(sizes);
    const auto values = (codes - rows.zeros.unsqueeze(-1).to(at::kFloat)) * rows.scales.unsqueeze(-1);
    return values.flatten(3);
}

at::Tensor attendPacked(const at::Tensor& q, const PackedRows& keys, const PackedRows& values, double scale,
                        std::int64_t window)
{
    checkRows(keys, "keys");
    checkRows(values, "values");
    const bool fits = q.dim() == 4 && q.scalar_type() == at::kFloat && q.size(3) == keys.width
        && values.width == keys.width && q.size(0) == keys.data.size(0)
        && keys.data.sizes().slice(0, 3) == values.data.sizes().slice(0, 3) && q.size(1) % keys.data.size(1) == 0
        && q.size(2) <= keys.data.size(2) && q.size(2) > 0 && q.device() == keys.data.device();
    if (!fits)
        refuse("queries of " + sizesOf(q) + " do not go with packed keys of " + sizesOf(keys.data) + " and values of "
               + sizesOf(values.data) + " of width " + std::to_string(keys.width));
    if (q.is_cuda() && cuda::isBuilt())
        if (auto out = attendOnGpu(q.contiguous(), keys, values, scale, window); out.defined())
            return out;
    if (!q.is_cpu())
        return attendValues(q, keys, values, scale, window);
    int count = 0;
    return cpu::attendPacked(q.contiguous(), keys, values, scale, window, cpu::allPackedSteps(count)[0]);
}

} // namespace gpu
