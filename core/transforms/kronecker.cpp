// SPDX-License-Identifier: Apache-2.0
#include "core/transforms/kronecker.h"

#include <ATen/ATen.h>

#include <cmath>

namespace core {

namespace {

/** Up to this size one product with the expanded matrix beats a batch of tiny ones (tests/bench/bench_quantize). */
constexpr std::int64_t kExpandedLimit = 96;

std::int64_t integerRoot(std::int64_t n)
{
    auto root = static_cast<std::int64_t>(std::sqrt(double(n)));
    while (root * root > n)
        --root;
    while ((root + 1) * (root + 1) <= n)
        ++root;
    return root;
}

KroneckerSizes balancedSizes(std::int64_t n)
{
    auto left = integerRoot(n);
    while (n % left != 0)
        --left;
    return {left, n / left};
}

/** left^T X for every [n1, n2] slice. Said as a batched product, because matmul would make one large product of it and
    transpose all of x for that, there and back. */
at::Tensor applyLeft(const at::Tensor& x, const at::Tensor& left, std::int64_t right)
{
    const auto slices = x.reshape({-1, left.size(0), right});
    const auto repeated = left.mT().expand({slices.size(0), left.size(1), left.size(0)}); // of stride 0: no copies
    return at::bmm(repeated, slices).view(x.sizes());
}

} // namespace

KroneckerSizes kroneckerSizes(std::int64_t n, KroneckerRule rule)
{
    if (rule == KroneckerRule::Balanced || n % 4 == 2)
        return balancedSizes(n);
    auto a = integerRoot(n);
    if (a * a < n)
        ++a;
    for (;; ++a) { // ends: an odd n splits as 1 * n, a multiple of 4 as 2 * (n / 2)
        const auto square = a * a - n;
        const auto b = integerRoot(square);
        if (b * b == square)
            return {a - b, a + b};
    }
}

at::Tensor applyKronecker(const at::Tensor& x, const at::Tensor& left, const at::Tensor& right)
{
    if (!left.defined() && !right.defined())
        return x;
    const auto n = x.size(-1);
    if (!left.defined()) // right acts on every slice of its own size
        return at::matmul(x.reshape({-1, right.size(0)}), right).view(x.sizes());
    if (!right.defined())
        return applyLeft(x, left, n / left.size(0));
    if (n <= kExpandedLimit)
        return at::matmul(x, at::kron(left, right));
    const auto mixed = at::matmul(x.reshape({-1, right.size(0)}), right);
    return applyLeft(mixed.view(x.sizes()), left, right.size(0));
}

} // namespace core
