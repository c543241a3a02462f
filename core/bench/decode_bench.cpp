// SPDX-License-Identifier: Apache-2.0
// Decoding token by token: the same random model with float32 weights and with codes. Random codes cost what calibrated ones cost.
#include "core/bench/bench_context.h"
#include "core/calibrate/packed_block.h"

#include <ATen/ATen.h>

namespace core {

namespace {

constexpr std::int64_t kVocab = 8192;
constexpr std::int64_t kPrompt = 64;

ModelInfo infoOf(const Shape& shape)
{
    ModelInfo info;
    info.architecture = "LlamaForCausalLM";
    info.hidden = shape[0];
    info.intermediate = shape[1];
    info.blocks = static_cast<int>(shape[2]);
    info.heads = info.kvHeads = shape[3];
    info.headDim = info.hidden / info.heads;
    info.vocab = kVocab;
    info.context = 4096;
    info.tiedHead = true;
    return info;
}

Model::Block floatBlock(const ModelInfo& info, const at::TensorOptions& options)
{
    Model::Block block;
    for (const auto role : kBlockRoles) {
        const auto [out, in] = matrixSize(info, role);
        block.weights.matrix(role) = at::randn({out, in}, options) * 0.02;
    }
    block.weights.inputNorm = block.weights.postNorm = at::ones({info.hidden}, options);
    return block;
}

Model::Block codesBlock(const ModelInfo& info, const QuantScheme& scheme, const at::TensorOptions& options)
{
    QuantizedBlock block;
    for (const auto role : kBlockRoles) {
        const auto [out, in] = matrixSize(info, role);
        block.packed[static_cast<std::size_t>(role)] =
            PackedTensor{scheme.weightBits, out, in,
                         at::randint(0, 256, {out, packedRowBytes(in, scheme.weightBits)}, options.dtype(at::kByte)),
                         at::full({out, 1}, 0.004, options)};
    }
    block.weights.inputNorm = block.weights.postNorm = at::ones({info.hidden}, options);
    return packedBlock(std::move(block), scheme, options.device());
}

/** Seconds of one token after a prompt. */
double secondsOfToken(const BenchContext& context, const Model& model)
{
    KvCache cache(model.info(), kPrompt + 1);
    const auto prompt = at::randint(0, kVocab, {1, kPrompt}, at::kLong).to(context.device);
    const auto token = prompt.narrow(1, 0, 1);
    const Tap checkpoint = [&](const SiteId&, const at::Tensor&) { context.progress.checkpoint(); };
    model.hiddenStates(prompt, &cache, &checkpoint);
    return context.seconds([&](int) {
        cache.truncate(kPrompt);
        model.logits(model.hiddenStates(token, &cache).select(1, 0)).argmax(-1).item();
    });
}

std::string nameOf(const QuantScheme& scheme)
{
    return "decode w" + std::to_string(scheme.weightBits) + "a" + std::to_string(scheme.activationBits) + "kv"
        + std::to_string(scheme.keyBits);
}

} // namespace

void benchDecoding(const BenchContext& context, const Shape& shape)
{
    const auto info = infoOf(shape);
    const auto options = at::TensorOptions().device(context.device);
    Model::Parts parts;
    parts.info = info;
    parts.embedding = parts.head = at::randn({kVocab, info.hidden}, options);
    parts.finalNorm = at::ones({info.hidden}, options);
    double matrices = 0.0;
    for (const auto role : kBlockRoles) {
        const auto [out, in] = matrixSize(info, role);
        matrices += double(out) * double(in) * info.blocks;
    }
    const auto measure = [&](const std::function<Model::Block()>& makeBlock) {
        auto own = parts;
        for (int block = 0; block < info.blocks; ++block) {
            context.progress.checkpoint();
            own.blocks.push_back(makeBlock());
        }
        return secondsOfToken(context, Model(std::move(own)));
    };
    const double theirs = measure([&] { return floatBlock(info, options); });
    for (const QuantScheme& scheme : {QuantScheme{4, 16, 16, 16}, QuantScheme{4, 4, 4, 4}, QuantScheme{8, 8, 8, 8}}) {
        const double ours = measure([&] { return codesBlock(info, scheme, options); });
        const double bytes = matrices * scheme.weightBits / 8.0 + double(parts.head.nbytes());
        context.add({.name = nameOf(scheme),
                     .shape = std::to_string(info.hidden) + " hidden, " + std::to_string(info.blocks) + " blocks",
                     .reference = "float32 decode",
                     .ours = ours,
                     .theirs = theirs,
                     .limit = "read bandwidth",
                     .limitFraction = bytes / context.report.readBandwidth / ours});
    }
}

} // namespace core
