// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/eval/evaluation_report.h"
#include "core/eval/scoring.h"
#include "core/eval/task_items.h"

namespace core {

/** Scores a task's items and judges them. An item of which one continuation alone is longer than the model's context is left
    out and says so; the harness would stop there. Progress names the task. */
TaskResult evaluateTask(const Model& model, const Tokenizer& tokenizer, const TaskItems& items,
                        const ScoringOptions& options, Progress& progress);

} // namespace core
