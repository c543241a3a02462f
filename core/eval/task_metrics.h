// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/progress.h"
#include "core/eval/evaluation_report.h"
#include "core/eval/task_items.h"

#include <span>

namespace core {

/** What the scores of an item's requests say about it. The first of equal choices is chosen, as numpy's argmax does; chosenNorm
    divides by the characters of each choice, without the delimiter. A choice of NaN counts as the greatest, as there.
    Without scores (an item that is left out) nothing is judged. */
TaskItemResult judgeItem(const TaskItem& item, std::int64_t index, std::span<const ScoreResult> scores, bool hasNorm);

/** Fills the figures from `itemResults`: means over the scored items with the sample deviation / sqrt(n) as standard error,
    perplexity exp(-mean) with its bootstrapped error. */
void summarize(TaskResult& result, bool hasNorm, bool hasPerplexity, Progress& progress);

/** Standard deviation of exp(-mean) over 100,000 resamples of `values` as lm-evaluation-harness draws them: a hundred times a
    thousand, by Python's random.Random(0) to random.Random(99). 5 s for 5,000 values; 0 for none. */
double bootstrapPerplexityStderr(std::span<const double> values, Progress& progress);

} // namespace core
