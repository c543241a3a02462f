// SPDX-License-Identifier: Apache-2.0
#include "core/eval/text_windows.h"

#include "core/base/error.h"
#include "core/eval/token_scores.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace core {

namespace {

constexpr std::int64_t kDefaultLength = 2048; // of the papers' tables

std::int64_t windowLength(const PerplexityOptions& options, const ModelInfo& info)
{
    const auto length = options.seqlen > 0 ? options.seqlen : std::min(kDefaultLength, info.context);
    if (length < 2)
        throw Error(ErrorKind::InvalidArgument,
                    "a window of " + std::to_string(length) + " tokens predicts nothing; at least 2 are needed");
    if (length > info.context)
        throw Error(ErrorKind::InvalidArgument,
                    "a window of " + std::to_string(length) + " tokens is longer than the model's context of "
                        + std::to_string(info.context));
    return length;
}

void checkIds(std::span<const int> ids, std::int64_t vocab)
{
    for (std::size_t i = 0; i < ids.size(); ++i)
        if (ids[i] < 0 || ids[i] >= vocab)
            throw Error(ErrorKind::InvalidArgument,
                        "token " + std::to_string(i) + " has id " + std::to_string(ids[i])
                            + ", outside the model's vocabulary of " + std::to_string(vocab)
                            + "; the tokenizer probably belongs to another model");
}

} // namespace

TextWindows::TextWindows(std::span<const int> ids, const PerplexityOptions& options, const ModelInfo& info)
    : m_length(windowLength(options, info))
{
    if (options.limitTokens < 0 || options.batch < 0)
        throw Error(ErrorKind::InvalidArgument, "limit of tokens and batch must not be negative");
    if (options.limitTokens > 0 && options.limitTokens < static_cast<std::int64_t>(ids.size()))
        ids = ids.first(static_cast<std::size_t>(options.limitTokens));
    m_count = static_cast<std::int64_t>(ids.size()) / m_length;
    if (m_count == 0)
        throw Error(ErrorKind::InvalidArgument,
                    "the text has " + std::to_string(ids.size()) + " tokens, fewer than one window of "
                        + std::to_string(m_length) + "; take a longer text or shorter windows");
    ids = ids.first(static_cast<std::size_t>(m_count * m_length));
    checkIds(ids, info.vocab);
    m_ids.assign(ids.begin(), ids.end());
    m_batch = options.batch > 0 ? options.batch : std::max<std::int64_t>(1, options.tokens / m_length);
    if (options.convention == PerplexityConvention::LlamaCpp) {
        m_firstScored = m_length / 2 + 1;
        if (m_firstScored >= m_length)
            throw Error(ErrorKind::InvalidArgument,
                        "a window of " + std::to_string(m_length) + " tokens has no second half to score");
        if (info.bosId)
            for (std::int64_t window = 0; window < m_count; ++window)
                m_ids[static_cast<std::size_t>(window * m_length)] = *info.bosId;
    }
}

at::Tensor TextWindows::ids(std::int64_t begin, std::int64_t count) const
{
    // from_blob wants a mutable pointer; the copy is what the caller gets.
    auto* data = const_cast<std::int64_t*>(m_ids.data() + begin * m_length);
    return at::from_blob(data, {count, m_length}, at::kLong).clone();
}

std::pair<std::int64_t, std::int64_t> TextWindows::pass(std::size_t index) const
{
    const auto first = std::int64_t(index) * m_batch;
    return {first, std::min(m_batch, m_count - first)};
}

std::string TextWindows::journalKey(const EvaluationJournal& journal, std::string_view kind, std::size_t pass) const
{
    const auto [first, count] = this->pass(pass);
    const auto begin = m_ids.begin() + first * m_length;
    return journal.key(kind,
                       std::vector<std::vector<int>>{std::vector<int>(begin, begin + count * m_length),
                                                     {int(m_length), int(m_firstScored)}});
}

std::vector<double> TextWindows::passFractions() const
{
    std::vector<double> fractions;
    for (std::int64_t done = 0; done < m_count;) {
        done = std::min(done + m_batch, m_count);
        fractions.push_back(double(done) / double(m_count));
    }
    return fractions;
}

at::Tensor scoredHidden(const Model& model, const at::Tensor& batch, const TextWindows& windows, Progress& progress)
{
    const auto inputs = batch.narrow(1, 0, windows.length() - 1).to(model.device());
    return interruptibleHiddenStates(model, inputs, progress)
        .narrow(1, windows.firstScored() - 1, windows.scoredPerWindow())
        .reshape({batch.size(0) * windows.scoredPerWindow(), -1});
}

} // namespace core
