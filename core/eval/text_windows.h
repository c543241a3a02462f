// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/eval/evaluation_journal.h"
#include "core/eval/evaluation_report.h"
#include "core/eval/passes.h"
#include "core/model/model.h"

#include <cstdint>
#include <span>
#include <vector>

namespace core {

struct PerplexityOptions
{
    std::int64_t seqlen = 0; // 0: the smaller of 2048 and the model's context
    PerplexityConvention convention = PerplexityConvention::Gptq;
    std::int64_t limitTokens = 0;         // use only so many of the text's tokens; 0: all
    std::int64_t batch = 0;               // windows in one pass; 0: as many as make about `tokens`
    std::int64_t tokens = 2048;           // more gain nothing, and cost memory
    EvaluationJournal* journal = nullptr; // passes it holds are not computed again
    std::string reference = {};           // what the journal calls the reference of a comparison
    Ranks* ranks = nullptr;               // the processes that share the passes; null: this one alone
};

/** A text's tokens cut into windows of one length without overlap, the tail dropped, and which of their tokens are scored
   : Gptq scores tokens 1 .. n-1 of each window as they are; LlamaCpp puts BOS in place of each window's
    first token (where the model has one) and scores tokens n/2+1 .. n-1. */
class TextWindows
{
public:
    /** Throws Error(InvalidArgument): a window longer than the model's context or shorter than 2 tokens, a text shorter than
        one window, an id outside the vocabulary. */
    TextWindows(std::span<const int> ids, const PerplexityOptions& options, const ModelInfo& info);

    std::int64_t count() const { return m_count; }
    std::int64_t length() const { return m_length; }
    std::int64_t batch() const { return m_batch; }
    std::int64_t firstScored() const { return m_firstScored; } // position of the first scored token
    std::int64_t scoredPerWindow() const { return m_length - m_firstScored; }

    /** Windows [begin, begin + count) as int64 [count, length] on the CPU. */
    at::Tensor ids(std::int64_t begin, std::int64_t count) const;

    /** First window and number of windows of a pass. */
    std::pair<std::int64_t, std::int64_t> pass(std::size_t index) const;

    /** The journal's name of a pass: what is read, and which of it is scored. */
    std::string journalKey(const EvaluationJournal& journal, std::string_view kind, std::size_t pass) const;

    /** What part of all windows is done after each pass. */
    std::vector<double> passFractions() const;

private:
    std::vector<std::int64_t> m_ids;
    std::int64_t m_count = 0;
    std::int64_t m_length = 0;
    std::int64_t m_batch = 0;
    std::int64_t m_firstScored = 1;
};

/** The final hidden states in front of every scored token of a batch of `windows`: [windows * scored, hidden]. */
at::Tensor scoredHidden(const Model& model, const at::Tensor& batch, const TextWindows& windows, Progress& progress);

} // namespace core
