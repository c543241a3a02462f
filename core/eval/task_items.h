// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/eval/score_request.h"
#include "core/eval/task_file.h"

namespace core {

/** One item as the harness asks it (evaluation by lm-evaluation-harness, commit 4e7e0d47). */
struct TaskItem
{
    std::string id;
    std::string question;               // the context where all choices share it, else empty
    std::vector<std::string> choices;   // as given; the one continuation where there are none
    std::vector<ScoreRequest> requests; // for each choice
    std::optional<int> gold;
};

struct TaskItems
{
    std::string task;
    std::string file;
    std::string fileHash;
    std::string form;
    std::string note;
    bool hasNorm = false;
    bool hasPerplexity = false;
    std::vector<TaskItem> items; // in the file's order
};

/** The first `limit` items (0: all) of a file in whichever of the definition's forms its first item has. Throws Error naming file,
    line and key: no form fits (with what each misses), an item that is not of the first one's form, no right answer. */
TaskItems readTaskItems(const TaskDefinition& definition, const std::filesystem::path& path, std::int64_t limit);

} // namespace core
