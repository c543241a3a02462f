// SPDX-License-Identifier: Apache-2.0
#include "core/session/value_rows.h"

#include "core/base/error.h"
#include "core/io/text_reader.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace core {

namespace {

constexpr std::int64_t kValuesAtOnce = 1 << 20; // decoded between two looks at the progress

/** Any shape of a site -> [tokens, channels] float32 on the CPU; keys and values: channel head * head_dim + i. */
at::Tensor tokenRows(Site site, const at::Tensor& x)
{
    const bool perHead = site == Site::KeyCache || site == Site::ValueCache;
    const auto rows = perHead ? x.transpose(1, 2).flatten(2) : x;
    return rows.reshape({-1, rows.size(-1)}).to(at::kCPU, at::kFloat).contiguous();
}

void requireBlock(int block, const ModelInfo& info)
{
    if (block < 0 || block >= info.blocks)
        throw Error(ErrorKind::InvalidArgument,
                    "block " + std::to_string(block) + " is not in the model: blocks are 0 to "
                        + std::to_string(info.blocks - 1));
}

} // namespace

void ValueRows::open(const ValueSource& source, Progress& progress)
{
    m_view = nullptr;
    m_files.reset();
    m_values = at::Tensor();
    m_tokens.clear();
    if (source.site)
        openActivations(source, progress);
    else
        openMatrix(source, progress);
}

void ValueRows::openMatrix(const ValueSource& source, Progress& progress)
{
    if (isBundle(source.model)) {
        const auto model = m_store.model(source.model, progress);
        const auto& layer = source.layer;
        if (layer.block >= 0)
            requireBlock(layer.block, model->info());
        m_values = layer.role == Role::Embedding ? model->parts().embedding
            : layer.role == Role::Head           ? model->parts().head
                                                 : model->block(layer.block).weights.dense(layer.role);
        m_values = m_values.to(at::kCPU, at::kFloat).contiguous();
        m_rows = m_values.size(0);
        m_columns = m_values.size(1);
        return;
    }
    m_files = ModelFiles::open(source.model);
    if (source.layer.block >= 0)
        requireBlock(source.layer.block, m_files->info());
    m_view = &m_files->matrix(source.layer);
    m_columns = m_view->shape.back();
    m_rows = m_view->elementCount() / m_columns;
}

void ValueRows::openActivations(const ValueSource& source, Progress& progress)
{
    auto wanted = source;
    wanted.site->site = Site::AttentionIn; // all sites of a block are read together
    wanted.basis = Basis::Original;
    wanted.layer = {};
    if (!m_activations || m_activations->source != wanted)
        readActivations(wanted, progress);
    const auto place = static_cast<std::size_t>(source.site->site);
    m_values = source.basis == Basis::Transformed && m_activations->transformed[place].defined()
        ? m_activations->transformed[place]
        : m_activations->original[place];
    m_rows = m_values.size(0);
    m_columns = m_values.size(1);
    m_tokens = m_activations->tokens;
}

void ValueRows::readActivations(const ValueSource& source, Progress& progress)
{
    m_activations.reset();
    const auto model = m_store.model(source.model, progress);
    const int block = source.site->block;
    requireBlock(block, model->info());
    const auto tokenizer = m_store.tokenizer(source.model);
    auto ids = tokenizer->encode(readText(source.text), SpecialTokens::Add);
    const auto count = std::min(
        {static_cast<std::int64_t>(ids.size()), std::max<std::int64_t>(source.tokens, 1), model->info().context});
    if (count < 1)
        throw Error(ErrorKind::InvalidArgument, "the text has no tokens", source.text);
    ids.resize(static_cast<std::size_t>(count));

    Activations read;
    read.source = source;
    for (const int id : ids)
        read.tokens.push_back(tokenizer->piece(id));
    const at::NoGradGuard noGradients;
    auto hidden = model->embed(at::tensor(ids, at::kLong).view({1, count}).to(model->device()));
    for (int before = 0; before < block; ++before) {
        progress.checkpoint();
        progress.report(static_cast<double>(before) / (block + 1), "activations of block " + std::to_string(before));
        hidden = model->forward(before, hidden);
    }
    const auto hook = model->block(block).hook;
    const Tap tap = [&](const SiteId& id, const at::Tensor& x) {
        const auto place = static_cast<std::size_t>(id.site);
        read.original[place] = tokenRows(id.site, x);
        if (hook)
            read.transformed[place] = tokenRows(id.site, hook->atSite(id.site, x));
    };
    model->forward(block, hidden, 0, nullptr, &tap);
    m_activations = std::move(read);
}

void ValueRows::forEachRow(std::int64_t begin, std::int64_t end, const RowVisitor& visit, Progress& progress) const
{
    const auto width = static_cast<std::size_t>(m_columns);
    const auto step = std::max<std::int64_t>(32, kValuesAtOnce / m_columns / 32 * 32);
    std::vector<float> decoded;
    for (auto first = begin; first < end; first += step) {
        progress.checkpoint();
        progress.report(static_cast<double>(first - begin) / static_cast<double>(end - begin), "reading values");
        const auto count = std::min(step, end - first);
        const float* values = nullptr;
        if (m_view) {
            // Q types are whole blocks along a row, so any rows begin at a whole byte.
            TensorView part = *m_view;
            part.shape = {count, m_columns};
            const auto offset = byteCount(part.dtype, static_cast<std::uint64_t>(first * m_columns));
            const auto bytes = byteCount(part.dtype, static_cast<std::uint64_t>(count * m_columns));
            if (m_view->bytes.size() < offset + bytes)
                throw Error(ErrorKind::Corrupt, "the tensor has fewer bytes than its shape needs",
                            part.file + ": " + part.name);
            part.bytes = m_view->bytes.subspan(offset, bytes);
            decoded.resize(static_cast<std::size_t>(count) * width);
            readAsFloat(part, decoded);
            values = decoded.data();
        } else {
            values = m_values.const_data_ptr<float>() + first * m_columns;
        }
        for (std::int64_t row = 0; row < count; ++row)
            visit(first + row, {values + static_cast<std::size_t>(row) * width, width});
    }
}

} // namespace core
