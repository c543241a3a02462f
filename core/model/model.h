// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/progress.h"
#include "core/model/decoder_block.h"

namespace core {

struct LoadOptions
{
    at::ScalarType dtype = at::kFloat; // of computing
    at::Device device = at::kCPU;
};

/** A decoder in memory: full precision, or quantized by hooks and rounded weights; evaluation and chat cannot tell. */
class Model
{
public:
    struct Block
    {
        BlockWeights weights;
        std::shared_ptr<const BlockHook> hook; // null: none
    };

    struct Parts
    {
        ModelInfo info;
        at::Tensor embedding; // [vocab, hidden]
        std::vector<Block> blocks;
        at::Tensor finalNorm;                    // [hidden]
        at::Tensor head;                         // [vocab, hidden]
        std::shared_ptr<const ModelFiles> files; // what the tensors may be mapped from
    };

    static std::shared_ptr<const Model> load(const std::shared_ptr<const ModelFiles>& files, const LoadOptions& options,
                                             Progress& progress);
    explicit Model(Parts parts);

    const ModelInfo& info() const { return m_parts.info; }
    const Block& block(int index) const { return m_parts.blocks.at(index); }
    const Parts& parts() const { return m_parts; }
    const Rope& rope() const { return m_rope; }
    at::Device device() const { return m_parts.embedding.device(); }
    at::ScalarType dtype() const { return m_parts.embedding.scalar_type(); }

    /** `ids` [batch, tokens] int64 -> [batch, tokens, hidden]. */
    at::Tensor embed(const at::Tensor& ids) const;

    /** One block with its hook. */
    at::Tensor forward(int block, const at::Tensor& hidden, std::int64_t start = 0, KvCache* cache = nullptr,
                       const Tap* tap = nullptr, const TokenLayout* layout = nullptr) const;

    /** All blocks and the final norm: [batch, tokens] -> [batch, tokens, hidden]. With a cache the tokens follow what it
        holds; with a layout they stand where it says. */
    at::Tensor hiddenStates(const at::Tensor& ids, KvCache* cache = nullptr, const Tap* tap = nullptr,
                            const TokenLayout* layout = nullptr) const;

    /** [..., hidden] -> [..., vocab]. Ask only for positions that are needed: the result is the largest tensor there is. */
    at::Tensor logits(const at::Tensor& hidden) const;

private:
    Parts m_parts;
    Rope m_rope;
};

} // namespace core
