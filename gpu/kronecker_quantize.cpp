// SPDX-License-Identifier: Apache-2.0
#include "gpu/kronecker_quantize.h"

#include "gpu/stream.h"
#include "gpu/token_kernels.h"
#include "gpu/tokens.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/DeviceGuard.h>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace gpu {

namespace {

[[noreturn]] void refuse(const std::string& text)
{
    throw std::invalid_argument("tokens cannot be quantized: " + text);
}

void checkSquare(const at::Tensor& matrix, const char* name)
{
    if (matrix.defined() && (matrix.dim() != 2 || matrix.size(0) != matrix.size(1) || matrix.size(0) < 1))
        refuse(std::string("the ") + name + " matrix is not square");
}

struct Sizes
{
    std::int64_t left = 1;
    std::int64_t right = 1;
};

Sizes sizesOf(const at::Tensor& x, const at::Tensor& left, const at::Tensor& right)
{
    checkSquare(left, "left");
    checkSquare(right, "right");
    const auto n = x.size(1);
    Sizes sizes;
    if (left.defined())
        sizes.left = left.size(0);
    if (right.defined())
        sizes.right = right.size(0);
    if (!left.defined())
        sizes.left = n / sizes.right;
    else if (!right.defined())
        sizes.right = n / sizes.left;
    if (sizes.left * sizes.right != n)
        refuse("matrices of " + std::to_string(sizes.left) + " and " + std::to_string(sizes.right) + " do not mix "
               + std::to_string(n) + " channels");
    return sizes;
}

at::Tensor asFloat(const at::Tensor& tensor, c10::Device device)
{
    return tensor.to(device, at::kFloat).contiguous();
}

/** x (left ⊗ right) in float32; x is float32. */
at::Tensor multiply(const at::Tensor& x, const at::Tensor& left, const at::Tensor& right, const Sizes& sizes)
{
    auto z = x.reshape({-1, sizes.left, sizes.right});
    if (right.defined())
        z = at::matmul(z.reshape({-1, sizes.right}), asFloat(right, x.device())).view(z.sizes());
    if (left.defined()) {
        // A batched product with a matrix of stride 0: matmul would transpose all of z for one large product.
        const auto transposed = asFloat(left, x.device()).mT();
        z = at::bmm(transposed.expand({z.size(0), sizes.left, sizes.left}), z);
    }
    return z.reshape(x.sizes());
}

at::Tensor normalized(const at::Tensor& x, const TokenNorm& norm)
{
    if (!norm.gamma.defined())
        return x;
    const auto gamma = asFloat(norm.gamma, x.device());
    if (x.is_cuda()) {
        const auto squares = x.square().sum(1, true);
        const auto inverse = at::rsqrt(squares / x.size(1) + norm.eps).masked_fill(squares.isinf(), NAN);
        return x * inverse * gamma;
    }
    auto out = at::empty_like(x);
    cpu::normalizeTokens({x.const_data_ptr(), ElementType::Float32, x.size(0), x.size(1)},
                         gamma.const_data_ptr<float>(), static_cast<float>(norm.eps), out.data_ptr<float>());
    return out;
}

/** On the CPU some tokens at a time, so that what is between the steps stays in the caches. */
void quantizeComposed(const at::Tensor& x, const TokenNorm& norm, const at::Tensor& left, const at::Tensor& right,
                      const Sizes& sizes, const TokenQuantizer& quantizer, const QuantizedTokens& out)
{
    constexpr std::int64_t kCachedValues = 1 << 18;
    const auto tokens = x.size(0);
    const auto step = x.is_cuda() ? std::max<std::int64_t>(tokens, 1)
                                  : std::max<std::int64_t>(1, kCachedValues * at::get_num_threads() / x.size(1));
    for (std::int64_t begin = 0; begin < tokens; begin += step) {
        const auto count = std::min(step, tokens - begin);
        const auto part = normalized(asFloat(x.narrow(0, begin, count), x.device()), norm);
        const auto z = multiply(part, left, right, sizes);
        const QuantizedTokens slice{out.codes.narrow(0, begin, count), out.scales.narrow(0, begin, count)};
        const Matrix matrix{z.const_data_ptr(), ElementType::Float32, count, z.size(1)};
        if (x.is_cuda())
            cuda::quantizeTokens(matrix, codesOf(slice, quantizer), currentStream(x.device()));
        else
            cpu::quantizeTokens(matrix, codesOf(slice, quantizer));
    }
}

at::Tensor matrixOrIdentity(const at::Tensor& matrix, std::int64_t size, const at::Tensor& x)
{
    return matrix.defined() ? asFloat(matrix, x.device()) : at::eye(size, x.options().dtype(at::kFloat));
}

void quantizeAlone(const at::Tensor& x, const TokenQuantizer& quantizer, const QuantizedTokens& out)
{
    const auto readable = x.contiguous();
    cuda::quantizeTokens({readable.const_data_ptr(), tokenType(x), x.size(0), x.size(1)}, codesOf(out, quantizer),
                         currentStream(x.device()));
}

void quantizeFused(const at::Tensor& x, const TokenNorm& norm, const at::Tensor& left, const at::Tensor& right,
                   const Sizes& sizes, const TokenQuantizer& quantizer, const QuantizedTokens& out)
{
    const auto readable = x.contiguous();
    const auto leftMatrix = matrixOrIdentity(left, sizes.left, x);
    const auto rightMatrix = matrixOrIdentity(right, sizes.right, x);
    const auto gamma = norm.gamma.defined() ? asFloat(norm.gamma, x.device()) : at::Tensor();
    cuda::kroneckerQuantize({.x = readable.const_data_ptr(),
                             .type = tokenType(x),
                             .tokens = x.size(0),
                             .n1 = static_cast<int>(sizes.left),
                             .n2 = static_cast<int>(sizes.right),
                             .left = leftMatrix.const_data_ptr<float>(),
                             .right = rightMatrix.const_data_ptr<float>(),
                             .gamma = gamma.defined() ? gamma.const_data_ptr<float>() : nullptr,
                             .eps = static_cast<float>(norm.eps)},
                            codesOf(out, quantizer), currentStream(x.device()));
}

} // namespace

QuantizedTokens quantizeTokens(const at::Tensor& x, const TokenQuantizer& quantizer)
{
    return kroneckerQuantize(x, TokenNorm{}, {}, {}, quantizer);
}

QuantizedTokens kroneckerQuantize(const at::Tensor& x, const at::Tensor& left, const at::Tensor& right,
                                  const TokenQuantizer& quantizer)
{
    return kroneckerQuantize(x, TokenNorm{}, left, right, quantizer);
}

QuantizedTokens kroneckerQuantize(const at::Tensor& x, const TokenNorm& norm, const at::Tensor& left,
                                  const at::Tensor& right, const TokenQuantizer& quantizer)
{
    checkTokens(x, quantizer);
    const auto sizes = sizesOf(x, left, right);
    if (norm.gamma.defined() && norm.gamma.numel() != x.size(1))
        refuse("the norm has " + std::to_string(norm.gamma.numel()) + " factors for " + std::to_string(x.size(1))
               + " channels");
    const at::NoGradGuard guard;
    if (x.is_cuda() && !cuda::isBuilt()) {
        const auto onCpu = kroneckerQuantize(x.cpu(), norm, left, right, quantizer);
        return {onCpu.codes.to(x.device()), onCpu.scales.to(x.device())};
    }
    const auto out = allocateTokens(x, quantizer);
    const c10::OptionalDeviceGuard device(x.device());
    if (!x.is_cuda())
        quantizeComposed(x, norm, left, right, sizes, quantizer, out);
    else if (!left.defined() && !right.defined() && !norm.gamma.defined())
        quantizeAlone(x, quantizer, out);
    else if (cuda::canFuseKronecker(tokenType(x), sizes.left, sizes.right))
        quantizeFused(x, norm, left, right, sizes, quantizer, out);
    else
        quantizeComposed(x, norm, left, right, sizes, quantizer, out);
    return out;
}

} // namespace gpu
