// SPDX-License-Identifier: Apache-2.0
#include "gpu/hadamard_transform.h"

#include "gpu/stream.h"
#include "gpu/token_kernels.h"
#include "gpu/tokens.h"

#include <ATen/ATen.h>
#include <c10/core/DeviceGuard.h>

#include <bit>
#include <cmath>
#include <stdexcept>
#include <string>

namespace gpu {

namespace {

[[noreturn]] void refuse(const std::string& text)
{
    throw std::invalid_argument("no Hadamard transform: " + text);
}

/** log2(n / m). */
int powerOf(const at::Tensor& x, const HadamardTransform& transform)
{
    tokenType(x);
    if (x.dim() < 1 || x.size(-1) < 1)
        refuse("the values have no channels");
    const auto n = x.size(-1);
    std::int64_t m = 1;
    if (transform.factor.defined()) {
        if (transform.factor.dim() != 2 || transform.factor.size(0) != transform.factor.size(1))
            refuse("the factor is not a square matrix");
        m = transform.factor.size(0);
    }
    if (m < 1 || n % m != 0 || !std::has_single_bit(static_cast<std::uint64_t>(n / m)))
        refuse(std::to_string(n) + " channels are not a power of two times " + std::to_string(m));
    if (transform.signs.defined() && transform.signs.numel() != n)
        refuse(std::to_string(transform.signs.numel()) + " signs are not those of " + std::to_string(n) + " channels");
    return std::countr_zero(static_cast<std::uint64_t>(n / m));
}

/** What comes before the sums and differences: contiguous rows, mixed by the factor, and the signs that are still to come. */
struct Prepared
{
    at::Tensor x;     // [rows, n]
    at::Tensor signs; // float32 or undefined
    HadamardRows rows;
};

Prepared prepare(const at::Tensor& x, const HadamardTransform& transform)
{
    const int power = powerOf(x, transform);
    const auto n = x.size(-1);
    Prepared prepared;
    prepared.x = x.reshape({-1, n}).contiguous();
    if (transform.factor.defined()) {
        const auto m = transform.factor.size(0);
        if (transform.signs.defined())
            prepared.x = prepared.x * transform.signs.view(-1).to(x.device(), x.scalar_type());
        prepared.x =
            at::matmul(prepared.x.view({-1, m}), transform.factor.to(x.device(), x.scalar_type())).view({-1, n});
    } else if (transform.signs.defined()) {
        prepared.signs = transform.signs.view(-1).to(x.device(), at::kFloat).contiguous();
    }
    prepared.rows = {.x = prepared.x.const_data_ptr(),
                     .type = tokenType(x),
                     .rows = prepared.x.size(0),
                     .power = power,
                     .inner = static_cast<int>(n >> power),
                     .signs = prepared.signs.defined() ? prepared.signs.const_data_ptr<float>() : nullptr,
                     .factor = static_cast<float>(1.0 / std::sqrt(double(n)))};
    return prepared;
}

/** [rows, n] of float32 on the CPU. */
at::Tensor transformOnCpu(const at::Tensor& x, const HadamardTransform& transform)
{
    const auto prepared = prepare(x.to(at::kCPU, at::kFloat), transform);
    auto out = at::empty_like(prepared.x);
    cpu::hadamardTransform(prepared.rows, out.data_ptr<float>());
    return out;
}

bool runsOnGpu(const at::Tensor& x)
{
    return x.is_cuda() && cuda::isBuilt();
}

void checkLength(const at::Tensor& x)
{
    if (runsOnGpu(x) && x.size(-1) > cuda::kMaxHadamardChannels)
        refuse(std::to_string(x.size(-1)) + " channels are more than a GPU's kernel holds, "
               + std::to_string(cuda::kMaxHadamardChannels));
}

void transformInto(at::Tensor& out, const at::Tensor& x, const HadamardTransform& transform)
{
    checkLength(x);
    if (!runsOnGpu(x)) {
        out.copy_(transformOnCpu(x, transform).view(x.sizes()));
        return;
    }
    const c10::OptionalDeviceGuard device(x.device());
    const auto prepared = prepare(x, transform);
    cuda::hadamardTransform(prepared.rows, out.data_ptr(), currentStream(x.device()));
}

} // namespace

at::Tensor hadamardTransform(const at::Tensor& x, const HadamardTransform& transform)
{
    powerOf(x, transform);
    const at::NoGradGuard guard;
    auto out = at::empty(x.sizes(), x.options().requires_grad(false));
    transformInto(out, x, transform);
    return out;
}

void hadamardTransformInPlace(at::Tensor& x, const HadamardTransform& transform)
{
    powerOf(x, transform);
    if (!x.is_contiguous())
        refuse("values to be replaced must be contiguous");
    const at::NoGradGuard guard;
    transformInto(x, x, transform);
}

QuantizedTokens hadamardQuantize(const at::Tensor& x, const HadamardTransform& transform,
                                 const TokenQuantizer& quantizer)
{
    const at::NoGradGuard guard;
    checkTokens(x, quantizer);
    powerOf(x, transform);
    checkLength(x);
    if (!runsOnGpu(x)) {
        const auto codes = quantizeTokens(transformOnCpu(x, transform), quantizer);
        return {codes.codes.to(x.device()), codes.scales.to(x.device())};
    }
    const c10::OptionalDeviceGuard device(x.device());
    const auto out = allocateTokens(x, quantizer);
    const auto prepared = prepare(x, transform);
    cuda::hadamardQuantize(prepared.rows, codesOf(out, quantizer), currentStream(x.device()));
    return out;
}

} // namespace gpu
