// SPDX-License-Identifier: Apache-2.0
#include "gpu/packed_linear.h"

#include "gpu/cpu/packed_linear.h"
#include "gpu/cuda/packed_kernels.h"
#include "gpu/kernels.h"
#include "gpu/stream.h"

#include <ATen/ATen.h>
#include <c10/core/DeviceGuard.h>

#include <stdexcept>
#include <string>

namespace gpu {

std::string sizesOf(const at::Tensor& tensor)
{
    if (!tensor.defined())
        return "nothing";
    std::string text;
    for (const auto size : tensor.sizes())
        text += (text.empty() ? "" : " x ") + std::to_string(size);
    return text + " " + c10::toString(tensor.scalar_type());
}

namespace {

constexpr std::int64_t kLongestRow = 65536;
constexpr std::int64_t kSliceBytes = 8 << 20; // of dequantized rows at a time

[[noreturn]] void refuse(const std::string& what)
{
    throw std::invalid_argument(what);
}

void checkFactors(const at::Tensor& x, const PackedMatrix& weight, const at::Tensor& bias)
{
    if (x.dim() != 2 || x.size(1) != weight.columns)
        refuse("activations of " + sizesOf(x) + " do not go into a weight of " + std::to_string(weight.rows) + " x "
               + std::to_string(weight.columns));
    if (x.device() != weight.data.device())
        refuse("activations are on " + x.device().str() + ", the packed weight is on " + weight.data.device().str());
    if (bias.defined() && (bias.dim() != 1 || bias.size(0) != weight.rows || bias.scalar_type() != at::kFloat))
        refuse("a bias of " + sizesOf(bias) + " does not fit a weight of " + std::to_string(weight.rows) + " rows");
}

const cpu::PackedSteps& fastestSteps()
{
    int count = 0;
    return cpu::allPackedSteps(count)[0];
}

/** By LibTorch's product, a slice of rows dequantized at a time. */
at::Tensor multiplySlices(const at::Tensor& x, const PackedMatrix& weight, const at::Tensor& bias)
{
    auto y = at::empty({x.size(0), weight.rows}, x.options());
    const auto slice = std::max<std::int64_t>(64, kSliceBytes / 4 / weight.columns);
    for (std::int64_t begin = 0; begin < weight.rows; begin += slice) {
        const auto end = std::min(weight.rows, begin + slice);
        const auto part = bias.defined() ? bias.narrow(0, begin, end - begin) : at::Tensor();
        y.narrow(1, begin, end - begin).copy_(at::linear(x, dequantizeRows(weight, begin, end), part));
    }
    return y;
}

cuda::PackedWeight weightOnGpu(const PackedMatrix& matrix)
{
    return {.data = matrix.data.const_data_ptr<std::uint8_t>(),
            .scales = matrix.scales.const_data_ptr<float>(),
            .zeros = matrix.zeros.defined() ? matrix.zeros.const_data_ptr<std::uint8_t>() : nullptr,
            .slot = 8 / codesPerByte(matrix.bits),
            .rows = matrix.rows,
            .columns = matrix.columns,
            .groups = matrix.scales.size(1)};
}

const float* addressOf(const at::Tensor& bias)
{
    return bias.defined() ? bias.const_data_ptr<float>() : nullptr;
}

at::Tensor multiplyOnGpu(const RowCodes& x, const PackedMatrix& weight, const at::Tensor& bias)
{
    const c10::DeviceGuard guard(x.codes.device());
    const auto tokens = x.codes.size(0);
    auto y = at::empty({tokens, weight.rows}, x.scales.options());
    const auto sums = weight.zeros.defined()
        ? at::empty({tokens, weight.scales.size(1)}, x.scales.options().dtype(at::kInt))
        : at::Tensor();
    cuda::multiplyCodes(x.codes.const_data_ptr<std::int8_t>(), x.scales.const_data_ptr<float>(), tokens,
                        weightOnGpu(weight), addressOf(bias),
                        sums.defined() ? sums.mutable_data_ptr<std::int32_t>() : nullptr, y.mutable_data_ptr<float>(),
                        currentStream(x.codes.device()));
    return y;
}

/** Undefined where the sizes do not fit the kernel. */
at::Tensor multiplyFewOnGpu(const at::Tensor& x, const PackedMatrix& weight, const at::Tensor& bias)
{
    const c10::DeviceGuard guard(x.device());
    auto y = at::empty({x.size(0), weight.rows}, x.options());
    const bool done = cuda::multiplyFloats(x.const_data_ptr<float>(), x.size(0), weightOnGpu(weight), addressOf(bias),
                                           y.mutable_data_ptr<float>(), currentStream(x.device()));
    return done ? y : at::Tensor();
}

RowCodes codesOnGpu(const at::Tensor& x, int bits, RowRange range, bool asymmetric)
{
    const c10::DeviceGuard guard(x.device());
    RowCodes result{at::empty(x.sizes(), x.options().dtype(at::kChar)), at::empty({x.size(0)}, x.options())};
    cuda::quantizeToCodes({.x = x.const_data_ptr<float>(),
                           .rows = x.size(0),
                           .n = static_cast<int>(x.size(1)),
                           .bits = bits,
                           .asymmetric = asymmetric,
                           .shrinkMax = range.shrinkMax,
                           .shrinkMin = range.shrinkMin},
                          result.codes.mutable_data_ptr<std::int8_t>(), result.scales.mutable_data_ptr<float>(),
                          currentStream(x.device()));
    return result;
}

/** The same codes in ATen's operators, for devices without a kernel of ours. */
RowCodes composedCodes(const at::Tensor& x, int bits, RowRange range, bool asymmetric)
{
    const double top = asymmetric ? (1 << bits) - 1 : (1 << (bits - 1)) - 1;
    const auto high = x.amax(-1, true).clamp_min(0.0) * range.shrinkMax;
    auto low = x.amin(-1, true).clamp_max(0.0) * range.shrinkMin;
    auto scale = (asymmetric ? high - low : at::maximum(high, -low)) / top;
    const auto empty = scale == 0.0;
    scale = at::where(empty, at::full_like(scale, asymmetric ? 2.0 / top : 1.0), scale);
    low = at::where(empty, -at::ones_like(low), low);
    const auto zero = asymmetric ? (-low / scale).round() : at::zeros_like(scale);
    const auto codes = ((x / scale).round() + zero).clamp(asymmetric ? 0.0 : -top - 1.0, top) - zero;
    const auto finite = at::isfinite(x).all(-1, true);
    scale = at::where(finite, scale, at::full_like(scale, std::numeric_limits<double>::quiet_NaN()));
    return {codes.nan_to_num(0.0).to(at::kChar), scale.squeeze(-1)};
}

} // namespace

void checkPacked(const PackedMatrix& matrix)
{
    const auto name = std::to_string(matrix.rows) + " x " + std::to_string(matrix.columns) + " codes of "
        + std::to_string(matrix.bits) + " bits";
    if (matrix.bits < 2 || matrix.bits > 8 || matrix.rows < 0 || matrix.columns < 1)
        refuse("a packed matrix claims " + name);
    const auto is = [&](const at::Tensor& tensor, at::ScalarType type, std::int64_t columns) {
        return tensor.defined() && tensor.scalar_type() == type && tensor.dim() == 2 && tensor.size(0) == matrix.rows
            && tensor.size(1) == columns && tensor.is_contiguous() && tensor.device() == matrix.data.device();
    };
    if (!is(matrix.data, at::kByte, packedRowBytes(matrix.columns, matrix.bits)))
        refuse("a packed matrix of " + name + " holds " + sizesOf(matrix.data));
    const auto groups = matrix.scales.defined() && matrix.scales.dim() == 2 ? matrix.scales.size(1) : 0;
    if (groups < 1 || matrix.columns % groups != 0 || !is(matrix.scales, at::kFloat, groups))
        refuse("a packed matrix of " + name + " has scales of " + sizesOf(matrix.scales));
    if (matrix.zeros.defined() && !is(matrix.zeros, at::kByte, groups))
        refuse("a packed matrix of " + name + " has zeros of " + sizesOf(matrix.zeros));
}

at::Tensor dequantizeRows(const PackedMatrix& matrix, std::int64_t begin, std::int64_t end)
{
    const auto rows = end - begin;
    const auto bytes = matrix.data.narrow(0, begin, rows);
    const int planes = codesPerByte(matrix.bits);
    const int slot = 8 / planes;
    const bool isSigned = !matrix.zeros.defined();
    std::vector<at::Tensor> parts;
    for (int plane = 0; plane < planes; ++plane) {
        // Shifted to the top and back; of a signed code the sign bit is copied down.
        const auto top = at::bitwise_left_shift(bytes, 8 - slot - slot * plane);
        parts.push_back(at::bitwise_right_shift(isSigned ? top.view(at::kChar) : top, 8 - slot));
    }
    const auto codes = planes == 1 ? parts[0] : at::stack(parts, -1).view({rows, -1}).narrow(1, 0, matrix.columns);
    const auto groups = matrix.scales.size(1);
    auto values = codes.to(at::kFloat).reshape({rows, groups, -1});
    if (!isSigned)
        values = values - matrix.zeros.narrow(0, begin, rows).unsqueeze(-1).to(at::kFloat);
    return (values * matrix.scales.narrow(0, begin, rows).unsqueeze(-1)).view({rows, matrix.columns});
}

RowCodes quantizeToCodes(const at::Tensor& x, int bits, RowRange range, bool asymmetric)
{
    if (bits < 2 || bits > (asymmetric ? 7 : 8))
        refuse("activations of " + std::to_string(bits) + " bits do not become signed bytes");
    if (x.dim() != 2 || x.scalar_type() != at::kFloat || x.size(1) < 1)
        refuse("activations to be quantized are " + sizesOf(x) + ", not a float32 matrix");
    if (x.is_cuda() && cuda::isBuilt())
        return codesOnGpu(x.contiguous(), bits, range, asymmetric);
    return x.is_cpu() ? cpu::quantizeToCodes(x.contiguous(), bits, range, asymmetric)
                      : composedCodes(x, bits, range, asymmetric);
}

at::Tensor packedLinear(const RowCodes& x, const PackedMatrix& weight, const at::Tensor& bias)
{
    checkPacked(weight);
    checkFactors(x.codes, weight, bias);
    if (x.codes.scalar_type() != at::kChar || x.scales.scalar_type() != at::kFloat || x.scales.dim() != 1
        || x.scales.size(0) != x.codes.size(0))
        refuse("activation codes of " + sizesOf(x.codes) + " come with scales of " + sizesOf(x.scales));
    if (weight.columns > kLongestRow)
        refuse("rows of " + std::to_string(weight.columns) + " codes may overflow 32 bits; at most "
               + std::to_string(kLongestRow) + " are multiplied");
    const RowCodes rows{x.codes.contiguous(), x.scales.contiguous()};
    if (rows.codes.is_cuda() && cuda::isBuilt())
        return multiplyOnGpu(rows, weight, bias);
    if (!rows.codes.is_cpu())
        return multiplySlices(rows.codes.to(at::kFloat) * rows.scales.unsqueeze(-1), weight, bias);
    return cpu::groupsAreWholeBytes(weight) ? cpu::packedLinear(rows, weight, bias, fastestSteps())
                                            : cpu::packedLinearReference(rows, weight, bias);
}

at::Tensor packedLinear(const at::Tensor& x, const PackedMatrix& weight, const at::Tensor& bias)
{
    checkPacked(weight);
    checkFactors(x, weight, bias);
    if (x.scalar_type() != at::kFloat)
        refuse("activations are " + sizesOf(x) + ", not float32");
    if (x.is_cuda() && cuda::isBuilt() && x.size(0) <= kFewTokens)
        if (auto y = multiplyFewOnGpu(x.contiguous(), weight, bias); y.defined())
            return y;
    if (x.size(0) > kFewTokens || !x.is_cpu())
        return multiplySlices(x, weight, bias);
    return cpu::groupsAreWholeBytes(weight) ? cpu::packedLinear(x.contiguous(), weight, bias, fastestSteps())
                                            : cpu::packedLinearReference(x.contiguous(), weight, bias);
}

} // namespace gpu
