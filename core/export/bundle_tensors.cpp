// SPDX-License-Identifier: Apache-2.0
#include "core/export/bundle_tensors.h"

#include "core/base/error.h"

#include <ATen/ATen.h>

#include <cstring>

namespace core {

namespace {

DType storedType(at::ScalarType type)
{
    switch (type) {
    case at::kFloat: return DType::F32;
    case at::kHalf: return DType::F16;
    case at::kBFloat16: return DType::BF16;
    case at::kDouble: return DType::F64;
    case at::kByte: return DType::U8;
    case at::kInt: return DType::I32;
    case at::kLong: return DType::I64;
    default: throw Error(ErrorKind::Internal, std::string("no file holds tensors of type ") + at::toString(type));
    }
}

at::ScalarType tensorType(const TensorView& view)
{
    switch (view.dtype) {
    case DType::F32: return at::kFloat;
    case DType::F16: return at::kHalf;
    case DType::BF16: return at::kBFloat16;
    case DType::F64: return at::kDouble;
    case DType::U8: return at::kByte;
    case DType::I32: return at::kInt;
    case DType::I64: return at::kLong;
    default:
        throw Error(ErrorKind::Unsupported,
                    "tensors of type " + std::string(toString(view.dtype)) + " are not read here",
                    view.file + ": " + view.name);
    }
}

std::string blockName(int block, std::string_view what, std::string_view part)
{
    auto name = "blocks." + std::to_string(block) + "." + std::string(what);
    return part.empty() ? name : name + "." + std::string(part);
}

/** Reads tensors of one block and holds each against the shape it must have. */
class BlockReader
{
public:
    BlockReader(const TensorSet& tensors, int block)
        : m_tensors(tensors)
        , m_block(block)
    {
    }

    at::Tensor required(std::string_view what, std::string_view part, at::IntArrayRef shape,
                        DType type = DType::F32) const
    {
        const auto& view = m_tensors.at(blockName(m_block, what, part));
        if (at::IntArrayRef(view.shape) != shape || view.dtype != type)
            throw Error(ErrorKind::Corrupt,
                        "tensor is " + std::string(toString(view.dtype)) + " " + c10::str(at::IntArrayRef(view.shape))
                            + ", " + std::string(toString(type)) + " " + c10::str(shape) + " is needed",
                        view.file + ": " + view.name);
        return copyTensor(view);
    }

    at::Tensor optional(std::string_view what, std::string_view part, at::IntArrayRef shape) const
    {
        return m_tensors.find(blockName(m_block, what, part)) ? required(what, part, shape) : at::Tensor();
    }

    ClipLogits clip(std::string_view what) const
    {
        const auto pair = optional(what, "clip", {2});
        return pair.defined() ? ClipLogits{pair[0].clone(), pair[1].clone()} : ClipLogits{};
    }

    PackedTensor packed(Role role, const QuantScheme& scheme, std::int64_t rows, std::int64_t columns) const
    {
        const auto groups = scheme.weightGroup > 0 ? columns / scheme.weightGroup : 1;
        PackedTensor packed{scheme.weightBits, rows, columns, {}, {}};
        packed.data = required(toString(role), "codes", {rows, packedRowBytes(columns, scheme.weightBits)}, DType::U8);
        packed.scales = required(toString(role), "scales", {rows, groups});
        if (scheme.weightAsymmetric)
            packed.zeros = required(toString(role), "zeros", {rows, groups}, DType::U8);
        return packed;
    }

private:
    const TensorSet& m_tensors;
    int m_block;
};

void addClip(TensorCollection& collection, const std::string& name, const ClipLogits& clip)
{
    if (clip.max.defined())
        collection.add(name, at::stack({clip.max, clip.min}));
}

std::int64_t extraSize(const ModelInfo& info, const std::string& name)
{
    if (name == "q_norm" || name == "k_norm")
        return info.headDim;
    if (name == "q_bias")
        return info.heads * info.headDim;
    if (name == "k_bias" || name == "v_bias")
        return info.kvHeads * info.headDim;
    return name == "gate_bias" || name == "up_bias" ? info.intermediate : info.hidden;
}

} // namespace

void TensorCollection::add(const std::string& name, const at::Tensor& tensor)
{
    if (!tensor.defined())
        return;
    m_kept.push_back(tensor.detach().to(at::kCPU).contiguous());
    const auto& kept = m_kept.back();
    m_tensors.push_back({name,
                         storedType(kept.scalar_type()),
                         kept.sizes().vec(),
                         {static_cast<const std::byte*>(kept.const_data_ptr()), kept.nbytes()}});
}

void TensorCollection::add(const std::string& name, const TensorView& view)
{
    m_tensors.push_back({name, view.dtype, view.shape, view.bytes});
}

at::Tensor copyTensor(const TensorView& view)
{
    auto tensor = at::empty(view.shape, tensorType(view));
    std::memcpy(tensor.data_ptr(), view.bytes.data(), view.bytes.size());
    return tensor;
}

void addBlock(TensorCollection& collection, int block, const QuantizedBlock& quantized)
{
    for (std::size_t i = 0; i < kBlockRoles.size(); ++i) {
        const auto role = toString(kBlockRoles[i]);
        if (const auto& packed = quantized.packed[i]) {
            collection.add(blockName(block, role, "codes"), packed->data);
            collection.add(blockName(block, role, "scales"), packed->scales);
            collection.add(blockName(block, role, "zeros"), packed->zeros);
        } else {
            collection.add(blockName(block, role, "weight"), quantized.weights.matrix(kBlockRoles[i]));
        }
        addClip(collection, blockName(block, role, "clip"), quantized.clips.activation[i]);
    }
    addClip(collection, blockName(block, "KeyCache", "clip"), quantized.clips.key);
    addClip(collection, blockName(block, "ValueCache", "clip"), quantized.clips.value);
    auto weights = quantized.weights;
    for (const auto& [name, tensor] : weights.extras())
        collection.add(blockName(block, name, ""), *tensor);
    for (const auto site : kSites) {
        if (site == Site::ValueCache)
            continue; // P_v lives in the rows of v and the columns of o
        const auto& transform = quantized.transforms.at(site);
        collection.add(blockName(block, toString(site), "left"), transform.left);
        collection.add(blockName(block, toString(site), "right"), transform.right);
        if (site == Site::KeyCache)
            collection.add(blockName(block, toString(site), "right_inverse"), transform.rightInverse);
    }
}

QuantizedBlock readQuantizedBlock(const TensorSet& tensors, const ModelInfo& info, const Plan& plan, int block)
{
    const BlockReader reader(tensors, block);
    const auto blockScheme = plan.schemeOf(block);
    checkGroups(info, blockScheme);
    QuantizedBlock result;
    for (std::size_t i = 0; i < kBlockRoles.size(); ++i) {
        const auto role = kBlockRoles[i];
        const auto [rows, columns] = matrixSize(info, role);
        if (const auto& scheme = blockScheme.of(role); scheme.weightBits < kFullPrecisionBits) {
            result.packed[i] = reader.packed(role, scheme, rows, columns);
        } else {
            result.weights.matrix(role) = reader.required(toString(role), "weight", {rows, columns});
        }
        result.clips.activation[i] = reader.clip(toString(role));
    }
    result.clips.key = reader.clip("KeyCache");
    result.clips.value = reader.clip("ValueCache");
    for (const auto& [name, tensor] : result.weights.extras())
        *tensor = reader.optional(name, "", {extraSize(info, name)});
    if (!result.weights.inputNorm.defined() || !result.weights.postNorm.defined())
        throw Error(ErrorKind::Corrupt, "block " + std::to_string(block) + " has no norms");
    const auto shapes = transformShapes(info, blockScheme, plan.kronecker);
    for (const auto site : kSites) {
        const auto& shape = shapes.at(site);
        const auto* choice = plan.find({block, moduleOf(site)});
        if (site == Site::ValueCache || !choice || choice->kind == TransformKind::Identity)
            continue;
        auto& transform = result.transforms.at(site);
        if (shape.left > 1)
            transform.left = reader.required(toString(site), "left", {shape.left, shape.left});
        if (shape.right > 1)
            transform.right = reader.required(toString(site), "right", {shape.right, shape.right});
        if (site == Site::KeyCache && shape.right > 1)
            transform.rightInverse = reader.required(toString(site), "right_inverse", {shape.right, shape.right});
    }
    return result;
}

} // namespace core
