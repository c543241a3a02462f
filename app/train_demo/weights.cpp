// SPDX-License-Identifier: Apache-2.0
#include "app/train_demo/weights.h"

#include "core/io/safetensors_writer.h"
#include "core/model/layer_names.h"

#include <torch/torch.h>

#include <cmath>

namespace demo {

namespace {

constexpr double kInitialDeviation = 0.02;

void forEachTensor(core::Model::Parts& parts, const std::function<void(at::Tensor&)>& act)
{
    for (auto& named : namedTensors(parts))
        act(*named.tensor);
}

} // namespace

core::ModelInfo demoInfo(std::int64_t vocab)
{
    core::ModelInfo info;
    info.architecture = "LlamaForCausalLM";
    info.blocks = 8;
    info.hidden = 128;
    info.intermediate = 344;
    info.heads = 4;
    info.kvHeads = 2;
    info.headDim = 32;
    info.vocab = vocab;
    info.context = 512;
    info.bosId = 1;
    info.eosIds = {2};
    info.dtype = core::DType::BF16;
    return info;
}

core::Model::Parts drawWeights(const core::ModelInfo& info, std::uint64_t seed)
{
    auto generator = at::detail::createCPUGenerator(seed);
    const auto normal = [&](std::int64_t rows, std::int64_t columns, double deviation) {
        return at::randn({rows, columns}, generator) * deviation;
    };
    const double intoStream = kInitialDeviation / std::sqrt(2.0 * info.blocks);
    core::Model::Parts parts;
    parts.info = info;
    parts.embedding = normal(info.vocab, info.hidden, kInitialDeviation);
    parts.head = normal(info.vocab, info.hidden, kInitialDeviation);
    parts.finalNorm = at::ones({info.hidden});
    for (int block = 0; block < info.blocks; ++block) {
        core::BlockWeights weights;
        weights.inputNorm = at::ones({info.hidden});
        weights.postNorm = at::ones({info.hidden});
        weights.q = normal(info.heads * info.headDim, info.hidden, kInitialDeviation);
        weights.k = normal(info.kvHeads * info.headDim, info.hidden, kInitialDeviation);
        weights.v = normal(info.kvHeads * info.headDim, info.hidden, kInitialDeviation);
        weights.o = normal(info.hidden, info.heads * info.headDim, intoStream);
        weights.gate = normal(info.intermediate, info.hidden, kInitialDeviation);
        weights.up = normal(info.intermediate, info.hidden, kInitialDeviation);
        weights.down = normal(info.hidden, info.intermediate, intoStream);
        parts.blocks.push_back({weights, nullptr});
    }
    forEachTensor(parts, [](at::Tensor& tensor) { tensor.requires_grad_(true); });
    return parts;
}

core::Model::Parts castWeights(const core::Model::Parts& parts, at::ScalarType dtype)
{
    core::Model::Parts cast = parts;
    forEachTensor(cast, [&](at::Tensor& tensor) { tensor = tensor.to(dtype); });
    return cast;
}

std::vector<NamedTensor> namedTensors(core::Model::Parts& parts)
{
    constexpr auto naming = core::Naming::HuggingFace;
    std::vector<NamedTensor> tensors = {
        {core::tensorName(naming, core::LayerId{-1, core::Role::Embedding}), &parts.embedding, false}};
    for (std::size_t i = 0; i < parts.blocks.size(); ++i) {
        const int block = static_cast<int>(i);
        auto& weights = parts.blocks[i].weights;
        tensors.push_back({core::tensorName(naming, block, core::Extra::InputNorm), &weights.inputNorm, false});
        tensors.push_back({core::tensorName(naming, block, core::Extra::PostNorm), &weights.postNorm, false});
        for (const auto role : core::kBlockRoles)
            tensors.push_back({core::tensorName(naming, core::LayerId{block, role}), &weights.matrix(role), true});
    }
    tensors.push_back({core::finalNormName(naming), &parts.finalNorm, false});
    tensors.push_back({core::tensorName(naming, core::LayerId{-1, core::Role::Head}), &parts.head, false});
    return tensors;
}

void writeWeights(core::Model::Parts parts, const std::filesystem::path& path)
{
    std::vector<at::Tensor> stored; // keeps the bytes until they are written
    std::vector<core::TensorToWrite> tensors;
    for (const auto& named : namedTensors(parts)) {
        stored.push_back(named.tensor->detach().to(at::kBFloat16).contiguous());
        const auto* bytes = static_cast<const std::byte*>(stored.back().const_data_ptr());
        tensors.push_back(
            {named.name, core::DType::BF16, stored.back().sizes().vec(), {bytes, stored.back().nbytes()}});
    }
    core::writeSafetensors(path, tensors, {{"format", "pt"}});
}

} // namespace demo
