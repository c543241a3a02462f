// SPDX-License-Identifier: Apache-2.0
#include "core/model/block_weights.h"

#include "core/base/error.h"

#include <ATen/ATen.h>

namespace core {

namespace {

std::optional<at::ScalarType> directType(DType dtype)
{
    switch (dtype) {
    case DType::F64: return at::kDouble;
    case DType::F32: return at::kFloat;
    case DType::F16: return at::kHalf;
    case DType::BF16: return at::kBFloat16;
    default: return std::nullopt;
    }
}

/** Rows (2i, 2i + 1) of each head to (i, i + head_dim / 2): from interleaved to half-split rotary pairs. */
at::Tensor toHalfSplit(const at::Tensor& rows, std::int64_t headDim)
{
    auto grouped = rows.reshape({rows.size(0) / headDim, headDim / 2, 2, -1});
    return grouped.transpose(1, 2).reshape(rows.sizes()).contiguous();
}

} // namespace

const at::Tensor& BlockWeights::matrix(Role role) const
{
    switch (role) {
    case Role::Q: return q;
    case Role::K: return k;
    case Role::V: return v;
    case Role::O: return o;
    case Role::Gate: return gate;
    case Role::Up: return up;
    case Role::Down: return down;
    default: throw Error(ErrorKind::Internal, std::string(toString(role)) + " is not a matrix of a block");
    }
}

at::Tensor& BlockWeights::matrix(Role role)
{
    return const_cast<at::Tensor&>(static_cast<const BlockWeights&>(*this).matrix(role));
}

const at::Tensor& BlockWeights::bias(Role role) const
{
    switch (role) {
    case Role::Q: return qBias;
    case Role::K: return kBias;
    case Role::V: return vBias;
    case Role::O: return oBias;
    case Role::Gate: return gateBias;
    case Role::Up: return upBias;
    case Role::Down: return downBias;
    default: throw Error(ErrorKind::Internal, std::string(toString(role)) + " is not a matrix of a block");
    }
}

at::Tensor BlockWeights::dense(Role role) const
{
    const auto& codes = packed.at(static_cast<std::size_t>(role));
    return codes ? gpu::dequantizeRows(*codes, 0, codes->rows) : matrix(role);
}

std::vector<std::pair<const char*, at::Tensor*>> BlockWeights::extras()
{
    return {{"input_norm", &inputNorm}, {"post_norm", &postNorm}, {"q_norm", &qNorm},      {"k_norm", &kNorm},
            {"q_bias", &qBias},         {"k_bias", &kBias},       {"v_bias", &vBias},      {"o_bias", &oBias},
            {"gate_bias", &gateBias},   {"up_bias", &upBias},     {"down_bias", &downBias}};
}

BlockWeights BlockWeights::to(at::ScalarType dtype) const
{
    BlockWeights result = *this;
    for (const auto role : kBlockRoles)
        if (auto& matrix = result.matrix(role); matrix.defined())
            matrix = matrix.to(dtype);
    for (const auto& [name, tensor] : result.extras())
        if (tensor->defined())
            *tensor = tensor->to(dtype);
    return result;
}

at::Tensor readTensor(const std::shared_ptr<const ModelFiles>& files, const TensorView& view, at::ScalarType dtype,
                      at::Device device)
{
    const auto direct = directType(view.dtype);
    if (!direct) {
        auto values = at::empty(view.shape, at::kFloat);
        readAsFloat(view, {values.data_ptr<float>(), static_cast<std::size_t>(values.numel())});
        return values.to(device, dtype);
    }
    auto* data = const_cast<std::byte*>(view.bytes.data());
    const auto options = at::TensorOptions().dtype(*direct);
    const auto itemSize = c10::elementSize(*direct);
    if (reinterpret_cast<std::uintptr_t>(data) % itemSize != 0) {
        auto copy = at::empty(view.shape, options);
        std::memcpy(copy.data_ptr(), data, view.bytes.size());
        return copy.to(device).to(dtype);
    }
    // The deleter keeps the mapping alive as long as the tensor.
    auto mapped = at::from_blob(
        data, view.shape, [files](void*) {}, options);
    return mapped.to(device).to(dtype); // narrow types cross the bus as they are
}

BlockWeights readBlock(const std::shared_ptr<const ModelFiles>& files, int block, at::ScalarType dtype,
                       at::Device device)
{
    const auto optional = [&](Extra extra) {
        const auto* view = files->extra(block, extra);
        return view ? readTensor(files, *view, dtype, device) : at::Tensor();
    };
    BlockWeights weights;
    for (const auto role : kBlockRoles)
        weights.matrix(role) = readTensor(files, files->matrix({block, role}), dtype, device);
    weights.inputNorm = optional(Extra::InputNorm);
    weights.postNorm = optional(Extra::PostNorm);
    weights.qNorm = optional(Extra::QNorm);
    weights.kNorm = optional(Extra::KNorm);
    weights.qBias = optional(Extra::QBias);
    weights.kBias = optional(Extra::KBias);
    weights.vBias = optional(Extra::VBias);
    weights.oBias = optional(Extra::OBias);
    weights.gateBias = optional(Extra::GateBias);
    weights.upBias = optional(Extra::UpBias);
    weights.downBias = optional(Extra::DownBias);
    if (files->interleavedRope())
        for (auto* tensor : {&weights.q, &weights.k, &weights.qBias, &weights.kBias})
            if (tensor->defined())
                *tensor = toHalfSplit(*tensor, files->info().headDim);
    return weights;
}

} // namespace core
