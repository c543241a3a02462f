// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/kronecker_quantize.h"
#include "gpu/token_kernels.h"

#include <ATen/core/Tensor.h>

namespace gpu {

/** float32, bfloat16 or float16; throws std::invalid_argument for other types. */
ElementType tokenType(const at::Tensor& x);

/** Throws std::invalid_argument where x and the quantizer are not what quantizeTokens takes. */
void checkTokens(const at::Tensor& x, const TokenQuantizer& quantizer);

/** Room for the codes and scales of x [tokens, n], where x is. */
QuantizedTokens allocateTokens(const at::Tensor& x, const TokenQuantizer& quantizer);

TokenCodes codesOf(const QuantizedTokens& tokens, const TokenQuantizer& quantizer);

} // namespace gpu
