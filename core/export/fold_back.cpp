// SPDX-License-Identifier: Apache-2.0
#include "core/export/fold_back.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

namespace core {

namespace {

/** The inverse of EvaluatedTransform::fold: kron(W'; left^T, right^T) * scale. */
at::Tensor unfold(const at::Tensor& weight, const at::Tensor& left, const at::Tensor& right, const at::Tensor& scale)
{
    const auto transposed = [](const at::Tensor& matrix) { return matrix.defined() ? matrix.mT() : matrix; };
    const auto plain = applyKronecker(weight, transposed(left), transposed(right));
    return scale.defined() ? plain * scale : plain;
}

void divideInPlace(at::Tensor& values, const at::Tensor& scale)
{
    if (values.defined() && scale.defined())
        values = values / (values.dim() == 2 ? scale.unsqueeze(1) : scale);
}

} // namespace

BlockWeights foldBack(const ModelInfo& info, const QuantizedBlock& block, const EvaluatedBlock& transforms)
{
    const at::NoGradGuard noGrad;
    auto weights = block.weights.to(at::kDouble);
    EvaluatedBlock exact;
    for (const auto site : kSites)
        exact.at(site) = transforms.at(site).to(at::kDouble);

    const auto unfoldInput = [&](Role role, const EvaluatedTransform& input) {
        weights.matrix(role) = unfold(weights.matrix(role), input.left, input.right, input.scale);
    };
    for (const auto role : {Role::Q, Role::K, Role::V})
        unfoldInput(role, exact.attentionIn);
    for (const auto role : {Role::Gate, Role::Up})
        unfoldInput(role, exact.mlpIn);
    unfoldInput(Role::Down, exact.mlpOut);
    weights.o = unfold(weights.o, exact.attentionOut.left, exact.value.right, {});

    divideInPlace(weights.inputNorm, exact.attentionIn.scale);
    divideInPlace(weights.postNorm, exact.mlpIn.scale);
    divideInPlace(weights.up, exact.mlpOut.scale);
    divideInPlace(weights.upBias, exact.mlpOut.scale);

    if (const auto& inverse = exact.value.rightInverse; inverse.defined()) { // P_v^-T
        const auto heads = weights.v.view({info.kvHeads, info.headDim, -1});
        weights.v = at::matmul(inverse, heads).view(weights.v.sizes());
        if (weights.vBias.defined())
            weights.vBias = at::matmul(weights.vBias.view({info.kvHeads, info.headDim}), inverse.mT()).reshape({-1});
    }
    return weights;
}

} // namespace core
