// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model_files.h"
#include "gpu/packed_matrix.h"

#include <ATen/core/Tensor.h>

#include <optional>

namespace core {

/** One decoder block's tensors. Matrices are [out, in]; absent biases and head norms are undefined tensors. A matrix that is
    kept packed is undefined too. */
struct BlockWeights
{
    at::Tensor inputNorm; // [hidden]
    at::Tensor postNorm;  // [hidden]
    at::Tensor q, k, v, o;
    at::Tensor gate, up, down;
    at::Tensor qBias, kBias, vBias, oBias;
    at::Tensor gateBias, upBias, downBias;
    at::Tensor qNorm, kNorm;                                                 // [head_dim]
    std::array<std::optional<gpu::PackedMatrix>, kBlockRoles.size()> packed; // by block role: computed with as it is

    const at::Tensor& matrix(Role role) const;
    at::Tensor& matrix(Role role);
    const at::Tensor& bias(Role role) const;

    /** The matrix, or what its packed codes stand for. */
    at::Tensor dense(Role role) const;

    /** Every tensor in another type. */
    BlockWeights to(at::ScalarType dtype) const;

    /** The norms and biases with their names in a bundle, absent ones included. */
    std::vector<std::pair<const char*, at::Tensor*>> extras();
};

/** A tensor of a model file as `dtype` on `device`. Without a change of type the result reads the mapped file itself: never
    write to it. `files` is kept alive by the tensor. */
at::Tensor readTensor(const std::shared_ptr<const ModelFiles>& files, const TensorView& view, at::ScalarType dtype,
                      at::Device device);

BlockWeights readBlock(const std::shared_ptr<const ModelFiles>& files, int block, at::ScalarType dtype,
                       at::Device device);

} // namespace core
