// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/transforms/transform.h"
#include "tests/support/tensor_checks.h"

namespace support {

/** The transform in another type with all its numbers moved, so that no scale is trivial: as if it had been trained. Fixed
    orthogonal matrices are made orthogonal in that type, not moved. */
inline core::Transform perturbed(const core::Transform& start, at::ScalarType dtype, std::uint64_t seed)
{
    auto generator = at::detail::createCPUGenerator(seed);
    const auto move = [&](at::Tensor& tensor, double size) {
        if (tensor.defined())
            tensor = (tensor.to(at::kDouble)
                      + size * at::randn(tensor.sizes(), generator, at::TensorOptions().dtype(at::kDouble)))
                         .to(dtype);
    };
    const auto keep = [&](at::Tensor& tensor) {
        if (tensor.defined()) { // the polar factor of what float32 left
            const auto [u, s, v] = at::linalg_svd(tensor.to(at::kDouble));
            tensor = at::matmul(u, v).to(dtype);
        }
    };
    auto transform = start;
    if (auto* affine = std::get_if<core::AffineTransform>(&transform)) {
        for (auto* matrix : {&affine->left, &affine->right}) {
            move(matrix->u, 0.1);
            move(matrix->v, 0.1);
            move(matrix->logScale, 0.3);
            move(matrix->direct, 0.1);
        }
        move(affine->channelLogScale, 0.5);
    } else if (auto* rotation = std::get_if<core::RotationTransform>(&transform)) {
        for (auto* matrix : {&rotation->left, &rotation->right}) {
            move(matrix->u, 0.1);
            move(matrix->v, 0.1);
            keep(matrix->start);
        }
        move(rotation->channelLogScale, 0.5);
    } else if (auto* hadamard = std::get_if<core::HadamardTransform>(&transform)) {
        keep(hadamard->left);
        keep(hadamard->right);
    }
    return transform;
}

} // namespace support
