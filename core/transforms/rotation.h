// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>

namespace core {

/** Cayley(S) = (I - S/2)^{-1} (I + S/2) with S = tril(raw, -1) - tril(raw, -1)^T: orthogonal for every finite `raw`
    [..., k, k], of which only the strict lower triangles matter. Differentiable; the backward pass needs no solve, since
    (I - S/2)^{-1} = (I + Cayley(S)) / 2. Not-a-number in, not-a-number out. Source: PyTorch's
    parametrizations.orthogonal("cayley") without trivialisation, which FlatQuant uses. */
at::Tensor cayley(const at::Tensor& raw);

/** A random orthogonal matrix with Haar's distribution: QR of a Gaussian with the signs of R's diagonal, [k, k] float32. */
at::Tensor haarOrthogonal(std::int64_t k, at::Generator& generator);

/** Two Newton-Schulz steps R (3 I - R^T R) / 2, [k, k] float64: each squares |R^T R - I|, so 1e-5 becomes rounding. */
at::Tensor reorthogonalize(const at::Tensor& matrix);

} // namespace core
