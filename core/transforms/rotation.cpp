// SPDX-License-Identifier: Apache-2.0
#include "core/transforms/rotation.h"

#include "core/base/error.h"

#include <torch/csrc/autograd/custom_function.h>

namespace core {

namespace {

class Cayley : public torch::autograd::Function<Cayley>
{
public:
    static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& raw)
    {
        const auto lower = raw.tril(-1);
        const auto half = (lower - lower.mT()) * 0.5;
        const auto identity = at::eye(raw.size(-1), raw.options());
        const auto [orthogonal, info] = at::linalg_solve_ex(identity - half, identity + half);
        context->save_for_backward({orthogonal});
        return orthogonal;
    }

    /** From (I - S/2) dU = dS/2 (I + U): grad_S = (I + U)^T grad (I + U)^T / 4, then the skew part below the diagonal. */
    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   torch::autograd::variable_list gradients)
    {
        const auto orthogonal = context->get_saved_variables()[0];
        const auto factor = (at::eye(orthogonal.size(-1), orthogonal.options()) + orthogonal).mT();
        const auto skew = at::matmul(at::matmul(factor, gradients[0]), factor) * 0.25;
        return {(skew - skew.mT()).tril(-1)};
    }
};

} // namespace

at::Tensor cayley(const at::Tensor& raw)
{
    return Cayley::apply(raw);
}

at::Tensor haarOrthogonal(std::int64_t k, at::Generator& generator)
{
    const auto gaussian = at::randn({k, k}, generator, at::TensorOptions().dtype(at::kDouble));
    const auto [q, r] = at::linalg_qr(gaussian);
    const auto signs = r.diagonal().sgn();
    return (q * signs).to(at::kFloat).contiguous();
}

at::Tensor reorthogonalize(const at::Tensor& matrix)
{
    auto r = matrix.to(at::kDouble);
    const auto identity = at::eye(r.size(-1), r.options());
    for (int step = 0; step < 2; ++step)
        r = at::matmul(r, 3.0 * identity - at::matmul(r.mT(), r)) * 0.5;
    return r;
}

} // namespace core
