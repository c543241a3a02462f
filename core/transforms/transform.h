// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/transforms/kronecker.h"

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <variant>
#include <vector>

namespace core {

/** A transform with its numbers worked out: x' = kron(x * scale; left, right), W' = kron(W / scale; left^-T, right^-T), so
    that x' W'^T = x W^T. Undefined tensors stand for identities. */
struct EvaluatedTransform
{
    at::Tensor scale;                     // [n], positive
    at::Tensor left, right;               // [n1, n1], [n2, n2]
    at::Tensor leftInverse, rightInverse; // inverse transposes

    bool isIdentity() const { return !scale.defined() && !left.defined() && !right.defined(); }

    /** [..., n] -> [..., n], without the scale (which is merged into what produces x). */
    at::Tensor applyMatrices(const at::Tensor& x) const { return applyKronecker(x, left, right); }

    /** [..., n] -> [..., n], with the scale. */
    at::Tensor apply(const at::Tensor& x) const;

    /** The weight that reads the transformed input: [out, n] -> [out, n]. */
    at::Tensor fold(const at::Tensor& weight) const;

    /** The same numbers in another type, for folding in float64. */
    EvaluatedTransform to(at::ScalarType dtype) const;
};

/** Sizes of a transform at one site. `left` 1 means a single matrix on the right, `right` 1 one on the left. */
struct TransformShape
{
    std::int64_t left = 1;
    std::int64_t right = 1;
    bool scaled = false; // a channel scale is trained with the matrices
};

struct IdentityTransform
{
};

/** P = U diag(exp(t)) V^T for each matrix, U and V by Cayley from free matrices (with s = exp t); or P itself
    free (2.3b), `direct` defined and the others not. */
struct AffineTransform
{
    struct Matrix
    {
        at::Tensor u, v;        // raw [k, k]
        at::Tensor logScale;    // t [k]
        at::Tensor direct = {}; // [k, k]
    };
    Matrix left, right;
    at::Tensor channelLogScale; // [n] or undefined
};

/** P orthogonal: [start] * U [V^T], U and V by Cayley; without a scale where the form says so (RotationForm). */
struct RotationTransform
{
    struct Matrix
    {
        at::Tensor u;     // raw [k, k]
        at::Tensor v;     // raw [k, k] or undefined
        at::Tensor start; // orthogonal [k, k], fixed, or undefined
    };
    Matrix left, right;
    at::Tensor channelLogScale; // [n] or undefined
};

/** Fixed signed Hadamard (or Hartley) matrices; nothing is trained. */
struct HadamardTransform
{
    at::Tensor left, right;
};

using Transform = std::variant<IdentityTransform, AffineTransform, RotationTransform, HadamardTransform>;

/** A transform at its start. Affine and two-factor rotation start like FlatQuant: raw = Haar random orthogonal matrices;
    Hadamard forms of the rotation at D B. `generator` is drawn from in a fixed order. */
Transform makeTransform(TransformKind kind, const TransformShape& shape, RotationForm form, at::Generator& generator,
                        AffineForm affineForm = AffineForm::Svd);

/** The numbers of a transform; differentiable in its parameters. */
EvaluatedTransform evaluate(const Transform& transform);

/** What an optimiser moves, in a fixed order; empty for Identity and Hadamard. The result shares storage with the
    transform. */
std::vector<at::Tensor> parametersOf(const Transform& transform);

/** Where the channel scale lives, null where there is none. */
at::Tensor* channelLogScaleOf(Transform& transform);

/** Takes the transform's tensors into the memory of `device`. */
void moveTensors(Transform& transform, at::Device device);

TransformKind kindOf(const Transform& transform);

/** Detached, in float64 and consistent to its rounding: rotations re-orthogonalised, affine matrices inverted anew. Throws
    Error(Numeric) where a number is not finite. */
EvaluatedTransform finalize(const Transform& transform);

} // namespace core
