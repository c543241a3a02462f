// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/transforms/transform_kind.h"

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace core {

struct KroneckerSizes
{
    std::int64_t left = 1;
    std::int64_t right = 1; // left * right == n

    bool operator==(const KroneckerSizes&) const = default;
};

/** Splits n >= 1 into two factors, left <= right. Fermat is FlatQuant's rule (get_decompose_dim): smallest
    a >= ceil(sqrt n) with a^2 - n = b^2, factors a - b and a + b; it has no answer for n = 2 (mod 4), where Balanced is used. */
KroneckerSizes kroneckerSizes(std::int64_t n, KroneckerRule rule);

/** x (left ⊗ right) on the last axis: reshaped row-major to [n1, n2] it becomes left^T X right. `x` [..., n1 * n2], `left`
    [n1, n1], `right` [n2, n2]; either matrix may be undefined and then stands for the identity (the other gives the size).
    The result has x's shape. Differentiable in all three. Cost 2 n (n1 + n2) operations a row, or 2 n^2 where the expanded matrix is
    cheaper on small sizes. */
at::Tensor applyKronecker(const at::Tensor& x, const at::Tensor& left, const at::Tensor& right);

} // namespace core
