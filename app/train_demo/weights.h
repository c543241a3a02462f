// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model.h"

namespace demo {

/** The shape of the demo model: LLaMA with grouped keys, 1.7 million weights. */
core::ModelInfo demoInfo(std::int64_t vocab);

/** Float32 leaves that want gradients: normal with sd 0.02, the two matrices that write into the residual stream scaled
    down by sqrt(2 * blocks) (GPT-2), gains one. */
core::Model::Parts drawWeights(const core::ModelInfo& info, std::uint64_t seed);

/** All tensors cast (differentiably) to `dtype`. */
core::Model::Parts castWeights(const core::Model::Parts& parts, at::ScalarType dtype);

struct NamedTensor
{
    std::string name; // as in a Hugging Face file
    at::Tensor* tensor;
    bool blockMatrix; // one of the seven of a block
};

/** Every tensor of the model, in a fixed order. The pointers are into `parts`. */
std::vector<NamedTensor> namedTensors(core::Model::Parts& parts);

/** Writes `model.safetensors` in bfloat16. */
void writeWeights(core::Model::Parts parts, const std::filesystem::path& path);

} // namespace demo
