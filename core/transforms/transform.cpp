// SPDX-License-Identifier: Apache-2.0
#include "core/transforms/transform.h"

#include "core/base/error.h"
#include "core/transforms/hadamard.h"
#include "core/transforms/rotation.h"

#include <ATen/ATen.h>

namespace core {

namespace {

struct Pair
{
    at::Tensor matrix;
    at::Tensor inverse; // transposed
};

Pair evaluateMatrix(const AffineTransform::Matrix& matrix)
{
    if (matrix.direct.defined()) {
        const auto [inverse, info] = at::linalg_inv_ex(matrix.direct.to(at::kDouble));
        return {matrix.direct, inverse.mT().to(matrix.direct.scalar_type()).contiguous()};
    }
    if (!matrix.u.defined())
        return {};
    const auto factors = cayley(at::stack({matrix.u, matrix.v})); // [2, k, k]: one solve for both
    const auto scale = matrix.logScale.exp();
    const auto transposed = factors[1].mT();
    return {at::matmul(factors[0] * scale, transposed), at::matmul(factors[0] / scale, transposed)};
}

Pair evaluateMatrix(const RotationTransform::Matrix& matrix)
{
    if (!matrix.u.defined())
        return {};
    at::Tensor rotation;
    if (matrix.v.defined()) {
        const auto factors = cayley(at::stack({matrix.u, matrix.v}));
        rotation = at::matmul(factors[0], factors[1].mT());
    } else {
        rotation = cayley(matrix.u);
    }
    if (matrix.start.defined())
        rotation = at::matmul(matrix.start, rotation);
    return {rotation, rotation};
}

template <typename Kind>
EvaluatedTransform evaluateBoth(const Kind& transform)
{
    const auto left = evaluateMatrix(transform.left);
    const auto right = evaluateMatrix(transform.right);
    const auto scale = transform.channelLogScale.defined() ? transform.channelLogScale.exp() : at::Tensor();
    return {scale, left.matrix, right.matrix, left.inverse, right.inverse};
}

AffineTransform::Matrix affineStart(std::int64_t k, AffineForm form, at::Generator& generator)
{
    if (k == 1)
        return {};
    auto u = haarOrthogonal(k, generator);
    if (form == AffineForm::Direct)
        return {{}, {}, {}, u};
    auto v = haarOrthogonal(k, generator);
    return {u, v, at::zeros({k})};
}

RotationTransform::Matrix rotationStart(std::int64_t k, RotationForm form, at::Generator& generator)
{
    if (k == 1)
        return {};
    switch (form) {
    case RotationForm::HadamardStart:
    case RotationForm::HadamardStartUnscaled:
        return {at::zeros({k, k}), {}, randomHadamard(k, generator).to(at::kFloat)};
    case RotationForm::HadamardTwoFactor:
    case RotationForm::HadamardTwoFactorUnscaled: {
        // Equal factors cancel; at zero they would move as one.
        const auto u = haarOrthogonal(k, generator);
        return {u, u.clone(), randomHadamard(k, generator).to(at::kFloat)};
    }
    default: {
        auto u = haarOrthogonal(k, generator);
        auto v = haarOrthogonal(k, generator);
        return {u, v, {}};
    }
    }
}

bool isScaled(RotationForm form)
{
    return form == RotationForm::TwoFactor || form == RotationForm::HadamardStart
        || form == RotationForm::HadamardTwoFactor;
}

at::Tensor inverseTranspose(const at::Tensor& matrix)
{
    const auto [inverse, info] = at::linalg_inv_ex(matrix);
    if (info.item<int>() != 0 || !at::isfinite(inverse).all().item<bool>())
        throw Error(ErrorKind::Numeric,
                    "a trained matrix of " + std::to_string(matrix.size(0))
                        + " rows has no inverse: its training has diverged");
    return inverse.mT().contiguous();
}

at::Tensor scaleStart(const TransformShape& shape)
{
    return shape.scaled ? at::zeros({shape.left * shape.right}) : at::Tensor();
}

} // namespace

at::Tensor EvaluatedTransform::apply(const at::Tensor& x) const
{
    return applyMatrices(scale.defined() ? x * scale : x);
}

at::Tensor EvaluatedTransform::fold(const at::Tensor& weight) const
{
    return applyKronecker(scale.defined() ? weight * scale.reciprocal() : weight, leftInverse, rightInverse);
}

EvaluatedTransform EvaluatedTransform::to(at::ScalarType dtype) const
{
    const auto convert = [&](const at::Tensor& tensor) { return tensor.defined() ? tensor.to(dtype) : tensor; };
    return {convert(scale), convert(left), convert(right), convert(leftInverse), convert(rightInverse)};
}

Transform makeTransform(TransformKind kind, const TransformShape& shape, RotationForm form, at::Generator& generator,
                        AffineForm affineForm)
{
    switch (kind) {
    case TransformKind::Identity: return IdentityTransform{};
    case TransformKind::Affine: {
        auto left = affineStart(shape.left, affineForm, generator);
        auto right = affineStart(shape.right, affineForm, generator);
        return AffineTransform{left, right, scaleStart(shape)};
    }
    case TransformKind::Rotation: {
        auto left = rotationStart(shape.left, form, generator);
        auto right = rotationStart(shape.right, form, generator);
        return RotationTransform{left, right, isScaled(form) ? scaleStart(shape) : at::Tensor()};
    }
    case TransformKind::Hadamard: {
        HadamardTransform transform;
        if (shape.left > 1)
            transform.left = randomHadamard(shape.left, generator).to(at::kFloat);
        if (shape.right > 1)
            transform.right = randomHadamard(shape.right, generator).to(at::kFloat);
        return transform;
    }
    }
    return IdentityTransform{};
}

EvaluatedTransform evaluate(const Transform& transform)
{
    struct Visitor
    {
        EvaluatedTransform operator()(const IdentityTransform&) const { return {}; }
        EvaluatedTransform operator()(const AffineTransform& affine) const { return evaluateBoth(affine); }
        EvaluatedTransform operator()(const RotationTransform& rotation) const { return evaluateBoth(rotation); }
        EvaluatedTransform operator()(const HadamardTransform& hadamard) const
        {
            return {{}, hadamard.left, hadamard.right, hadamard.left, hadamard.right};
        }
    };
    return std::visit(Visitor{}, transform);
}

std::vector<at::Tensor> parametersOf(const Transform& transform)
{
    std::vector<at::Tensor> parameters;
    const auto add = [&](std::initializer_list<at::Tensor> tensors) {
        for (const auto& tensor : tensors)
            if (tensor.defined())
                parameters.push_back(tensor);
    };
    if (const auto* affine = std::get_if<AffineTransform>(&transform)) {
        for (const auto* matrix : {&affine->left, &affine->right})
            add({matrix->u, matrix->v, matrix->logScale, matrix->direct});
        add({affine->channelLogScale});
    } else if (const auto* rotation = std::get_if<RotationTransform>(&transform)) {
        for (const auto* matrix : {&rotation->left, &rotation->right})
            add({matrix->u, matrix->v});
        add({rotation->channelLogScale});
    }
    return parameters;
}

at::Tensor* channelLogScaleOf(Transform& transform)
{
    if (auto* affine = std::get_if<AffineTransform>(&transform); affine && affine->channelLogScale.defined())
        return &affine->channelLogScale;
    if (auto* rotation = std::get_if<RotationTransform>(&transform); rotation && rotation->channelLogScale.defined())
        return &rotation->channelLogScale;
    return nullptr;
}

void moveTensors(Transform& transform, at::Device device)
{
    const auto move = [&](std::initializer_list<at::Tensor*> tensors) {
        for (auto* tensor : tensors)
            if (tensor->defined())
                *tensor = tensor->to(device);
    };
    if (auto* affine = std::get_if<AffineTransform>(&transform)) {
        for (auto* matrix : {&affine->left, &affine->right})
            move({&matrix->u, &matrix->v, &matrix->logScale, &matrix->direct});
        move({&affine->channelLogScale});
    } else if (auto* rotation = std::get_if<RotationTransform>(&transform)) {
        for (auto* matrix : {&rotation->left, &rotation->right})
            move({&matrix->u, &matrix->v, &matrix->start});
        move({&rotation->channelLogScale});
    } else if (auto* hadamard = std::get_if<HadamardTransform>(&transform)) {
        move({&hadamard->left, &hadamard->right});
    }
}

TransformKind kindOf(const Transform& transform)
{
    constexpr TransformKind kinds[] = {TransformKind::Identity, TransformKind::Affine, TransformKind::Rotation,
                                       TransformKind::Hadamard};
    return kinds[transform.index()];
}

EvaluatedTransform finalize(const Transform& transform)
{
    const at::NoGradGuard noGrad;
    auto evaluated = evaluate(transform).to(at::kDouble);
    for (const auto& tensor : {evaluated.scale, evaluated.left, evaluated.right})
        if (tensor.defined() && !at::isfinite(tensor).all().item<bool>())
            throw Error(ErrorKind::Numeric, "a trained transform is not finite: its training has diverged");
    if (kindOf(transform) == TransformKind::Affine) {
        // The inverse of what will be applied, rather than the product of float32 factors.
        if (evaluated.left.defined())
            evaluated.leftInverse = inverseTranspose(evaluated.left);
        if (evaluated.right.defined())
            evaluated.rightInverse = inverseTranspose(evaluated.right);
        return evaluated;
    }
    for (auto [matrix, inverse] :
         {std::pair{&evaluated.left, &evaluated.leftInverse}, std::pair{&evaluated.right, &evaluated.rightInverse}})
        if (matrix->defined())
            *matrix = *inverse = reorthogonalize(*matrix);
    return evaluated;
}

} // namespace core
