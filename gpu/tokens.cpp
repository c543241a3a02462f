// SPDX-License-Identifier: Apache-2.0
#include "gpu/tokens.h"

#include <ATen/ATen.h>

#include <stdexcept>
#include <string>

namespace gpu {

namespace {

[[noreturn]] void refuse(const std::string& text)
{
    throw std::invalid_argument("tokens cannot be quantized: " + text);
}

} // namespace

ElementType tokenType(const at::Tensor& x)
{
    switch (x.scalar_type()) {
    case at::kFloat: return ElementType::Float32;
    case at::kBFloat16: return ElementType::BFloat16;
    case at::kHalf: return ElementType::Float16;
    default: break;
    }
    refuse(std::string("they are ") + at::toString(x.scalar_type()) + ", not float32, bfloat16 or float16");
}

void checkTokens(const at::Tensor& x, const TokenQuantizer& quantizer)
{
    tokenType(x);
    if (x.dim() != 2 || x.size(1) < 1)
        refuse("they have " + std::to_string(x.dim()) + " axes, not [tokens, channels]");
    if (quantizer.bits < 2 || quantizer.bits > 8)
        refuse(std::to_string(quantizer.bits) + " bits are not 2 to 8");
    if (quantizer.bits <= 4 && x.size(1) % 2 != 0)
        refuse(std::to_string(x.size(1)) + " channels do not fill bytes with two codes each");
    if (!(quantizer.shrinkMax > 0.0f && quantizer.shrinkMax <= 1.0f && quantizer.shrinkMin > 0.0f
          && quantizer.shrinkMin <= 1.0f))
        refuse("the clips " + std::to_string(quantizer.shrinkMax) + " and " + std::to_string(quantizer.shrinkMin)
               + " are not in (0, 1]");
}

QuantizedTokens allocateTokens(const at::Tensor& x, const TokenQuantizer& quantizer)
{
    const auto options = x.options().requires_grad(false);
    return {quantizer.bits <= 4 ? at::empty({x.size(0), x.size(1) / 2}, options.dtype(at::kByte))
                                : at::empty({x.size(0), x.size(1)}, options.dtype(at::kChar)),
            at::empty({x.size(0)}, options.dtype(at::kFloat))};
}

TokenCodes codesOf(const QuantizedTokens& tokens, const TokenQuantizer& quantizer)
{
    return {tokens.codes.data_ptr(), tokens.scales.data_ptr<float>(), quantizer.bits, quantizer.shrinkMax,
            quantizer.shrinkMin};
}

} // namespace gpu
