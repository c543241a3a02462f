// SPDX-License-Identifier: Apache-2.0
#include "core/model/model.h"

#include "core/base/error.h"

#include <ATen/ATen.h>

namespace core {

std::shared_ptr<const Model> Model::load(const std::shared_ptr<const ModelFiles>& files, const LoadOptions& options,
                                         Progress& progress)
{
    Parts parts;
    parts.info = files->info();
    parts.files = files;
    parts.embedding = readTensor(files, files->matrix({-1, Role::Embedding}), options.dtype, options.device);
    parts.head = parts.info.tiedHead
        ? parts.embedding
        : readTensor(files, files->matrix({-1, Role::Head}), options.dtype, options.device);
    parts.finalNorm = readTensor(files, files->finalNorm(), options.dtype, options.device);
    for (int block = 0; block < parts.info.blocks; ++block) {
        progress.checkpoint();
        progress.report(double(block) / parts.info.blocks,
                        "reading block " + std::to_string(block + 1) + " of " + std::to_string(parts.info.blocks));
        parts.blocks.push_back({readBlock(files, block, options.dtype, options.device), nullptr});
    }
    return std::make_shared<const Model>(std::move(parts));
}

Model::Model(Parts parts)
    : m_parts(std::move(parts))
    , m_rope(m_parts.info, m_parts.embedding.device())
{
}

at::Tensor Model::embed(const at::Tensor& ids) const
{
    return at::embedding(m_parts.embedding, ids.to(device()));
}

at::Tensor Model::forward(int block, const at::Tensor& hidden, std::int64_t start, KvCache* cache, const Tap* tap,
                          const TokenLayout* layout) const
{
    const auto& part = m_parts.blocks.at(block);
    const BlockContext context{.info = m_parts.info,
                               .rope = m_rope,
                               .block = block,
                               .start = start,
                               .hook = part.hook.get(),
                               .cache = cache,
                               .tap = tap,
                               .layout = layout};
    return forwardBlock(context, part.weights, hidden);
}

at::Tensor Model::hiddenStates(const at::Tensor& ids, KvCache* cache, const Tap* tap, const TokenLayout* layout) const
{
    const auto start = cache ? cache->length() : 0;
    auto hidden = embed(ids);
    for (int block = 0; block < info().blocks; ++block)
        hidden = forward(block, hidden, start, cache, tap, layout);
    return rmsNorm(hidden, m_parts.finalNorm, info().normEps);
}

at::Tensor Model::logits(const at::Tensor& hidden) const
{
    return at::linear(hidden, m_parts.head);
}

} // namespace core
