// SPDX-License-Identifier: Apache-2.0
#include "core/eval/task_evaluation.h"

#include "core/base/error.h"
#include "core/eval/task_metrics.h"

#include <algorithm>

namespace core {

namespace {

class NamedProgress : public Progress
{
public:
    NamedProgress(Progress& whole, const std::string& name)
        : m_whole(whole)
        , m_name(name)
    {
    }

    void report(double fraction, std::string_view text) override
    {
        m_whole.report(fraction, m_name + ": " + std::string(text));
    }
    void checkpoint() override { m_whole.checkpoint(); }

private:
    Progress& m_whole;
    std::string m_name;
};

struct EncodedItem
{
    std::vector<ScoringRow> rows;
    std::string leftOut;
};

EncodedItem encodeItem(const TaskItem& item, RequestEncoder& encoder, std::int64_t maxLength, std::int64_t vocab)
{
    EncodedItem encoded;
    for (const auto& request : item.requests) {
        const auto ids = encoder.encode(request);
        const auto scored = static_cast<std::int64_t>(ids.continuation.size());
        if (scored > maxLength)
            return {{},
                    "a continuation of " + std::to_string(scored) + " tokens is longer than the context of "
                        + std::to_string(maxLength)};
        encoded.rows.push_back(makeRow(ids, maxLength, vocab));
    }
    return encoded;
}

std::vector<EncodedItem> encodeItems(const TaskItems& items, const Tokenizer& tokenizer, std::int64_t maxLength,
                                     std::int64_t vocab, Progress& progress)
{
    RequestEncoder encoder(tokenizer);
    std::vector<EncodedItem> encoded;
    for (const auto& item : items.items) {
        progress.checkpoint();
        try {
            encoded.push_back(encodeItem(item, encoder, maxLength, vocab));
        } catch (const Error& error) {
            throw Error(error.kind(), "item " + std::to_string(encoded.size() + 1) + ": " + error.what(), items.file);
        }
    }
    return encoded;
}

} // namespace

TaskResult evaluateTask(const Model& model, const Tokenizer& tokenizer, const TaskItems& items,
                        const ScoringOptions& options, Progress& progress)
{
    NamedProgress named(progress, items.task);
    named.report(0.0, "encoding " + std::to_string(items.items.size()) + " items");
    const auto maxLength = options.maxLength > 0 ? options.maxLength : model.info().context;
    auto encoded = encodeItems(items, tokenizer, maxLength, model.info().vocab, named);
    std::vector<ScoringRow> rows;
    for (auto& item : encoded)
        std::move(item.rows.begin(), item.rows.end(), std::back_inserter(rows));
    ProgressPart scoring(named, 0.02, items.hasPerplexity ? 0.95 : 1.0);
    const auto scores = scoreRows(model, rows, options, scoring);

    TaskResult result;
    result.task = items.task;
    result.file = items.file;
    result.fileHash = items.fileHash;
    result.form = items.form;
    result.note = items.note;
    std::size_t next = 0;
    for (std::size_t i = 0; i < items.items.size(); ++i) {
        const auto& item = items.items[i];
        const auto count = encoded[i].leftOut.empty() ? item.requests.size() : 0;
        const auto index = static_cast<std::int64_t>(i);
        result.itemResults.push_back(judgeItem(item, index, std::span(scores).subspan(next, count), items.hasNorm));
        result.itemResults.back().leftOut = encoded[i].leftOut;
        next += count;
    }
    ProgressPart resampling(named, 0.95, 1.0);
    summarize(result, items.hasNorm, items.hasPerplexity, resampling);
    return result;
}

} // namespace core
