// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/quantize_model.h"
#include "core/io/safetensors_writer.h"

namespace core {

/** Tensors on their way into a file: keeps the memory that the writer reads. */
class TensorCollection
{
public:
    /** Skips undefined tensors. */
    void add(const std::string& name, const at::Tensor& tensor);
    /** The bytes of a stored tensor as they are. */
    void add(const std::string& name, const TensorView& view);

    std::vector<TensorToWrite> tensors() const { return m_tensors; }

private:
    std::vector<at::Tensor> m_kept;
    std::vector<TensorToWrite> m_tensors;
};

/** Names: blocks.3.q.codes, blocks.3.q.scales, with asymmetric weights blocks.3.q.zeros (or blocks.3.q.weight at 16 bits), blocks.3.input_norm,
    blocks.3.AttentionIn.left, blocks.3.KeyCache.right_inverse, blocks.3.q.clip [2] (logits of max and min), blocks.3.KeyCache.clip. */
void addBlock(TensorCollection& collection, int block, const QuantizedBlock& quantized);

/** The way back, matrices with codes only packed; throws Error(Corrupt) naming the tensor that is missing or has another size than configuration, plan and scheme
    ask for. */
QuantizedBlock readQuantizedBlock(const TensorSet& tensors, const ModelInfo& info, const Plan& plan, int block);

/** A stored tensor in its own type, copied. Throws Error(Unsupported) for types that LibTorch lacks. */
at::Tensor copyTensor(const TensorView& view);

} // namespace core
