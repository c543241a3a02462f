// SPDX-License-Identifier: Apache-2.0
#include "core/transforms/kronecker.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
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

/** matrix X_i for every slice of x [slices, n1, n2]. Said as a batched product, because matmul would make one large product of it
    and transpose all of x for that, there and back. */
at::Tensor timesSlices(const at::Tensor& matrix, const at::Tensor& x)
{
    return at::bmm(matrix.expand({x.size(0), matrix.size(0), matrix.size(1)}), x); // of stride 0: no copies
}

/** The sum of X_i G_i^T, in the type of x: as many products at a time as 64 MB hold, so that no tensor has one for every slice of a
    large batch. Types narrower than float32 are summed in it. */
at::Tensor sumOfProducts(const at::Tensor& x, const at::Tensor& gradient)
{
    constexpr std::int64_t kBytes = 64 << 20;
    const auto size = x.size(1);
    const auto atOnce = std::max<std::int64_t>(1, kBytes / (size * size * std::int64_t(x.element_size())));
    const auto wide = x.element_size() < 4 ? at::kFloat : x.scalar_type();
    auto total = at::zeros({size, size}, x.options().dtype(wide));
    for (std::int64_t begin = 0; begin < x.size(0); begin += atOnce) {
        const auto count = std::min(atOnce, x.size(0) - begin);
        const auto products = at::bmm(x.narrow(0, begin, count), gradient.narrow(0, begin, count).mT());
        total += products.sum(0, false, wide);
    }
    return total.to(x.scalar_type());
}

/** left^T X_i. Its own way back, because that of the expanded matrix holds a product for every slice before it sums them. */
class LeftProduct : public torch::autograd::Function<LeftProduct>
{
public:
    static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x, const at::Tensor& left)
    {
        context->save_for_backward({x, left});
        return timesSlices(left.mT(), x);
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   torch::autograd::variable_list gradients)
    {
        const auto saved = context->get_saved_variables();
        const auto gradient = gradients[0].contiguous();
        return {context->needs_input_grad(0) ? timesSlices(saved[1], gradient) : at::Tensor(),
                context->needs_input_grad(1) ? sumOfProducts(saved[0], gradient) : at::Tensor()};
    }
};

at::Tensor applyLeft(const at::Tensor& x, const at::Tensor& left, std::int64_t right)
{
    return LeftProduct::apply(x.reshape({-1, left.size(0), right}), left).view(x.sizes());
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
