// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/eval/task_definition.h"

#include <cstdint>
#include <filesystem>

namespace core {

/** What one line of a data set's file holds: a JSON object, or the text of a line. */
struct TaskRow
{
    Json value;
    std::string place; // "line 7": for messages
};

/** A data set's file as it can be downloaded, told by its content: JSON objects a line or in a list, a table (.csv, .tsv:
    the first line names the keys; a cell that is a JSON list or object is read as one), or plain lines; each may be packed by
    gzip or bzip2. */
struct TaskFile
{
    std::vector<TaskRow> rows;
    bool plainLines = false;
    std::string hash; // SHA-256 of the file as it is
};

/** Throws Error(NotFound | Io | Corrupt) naming file and line; Error(Unsupported) for Parquet, with the line that converts it. */
TaskFile readTaskFile(const std::filesystem::path& path);

/** The lines of a file of answers ("0", "1", ...) as texts. */
std::vector<std::string> readLabels(const std::filesystem::path& path);

/** "valid.jsonl.gz" -> "valid" + suffix, in the same folder. */
std::filesystem::path labelsBeside(const std::filesystem::path& path, const std::string& suffix);

/** The file of a task's items: one of the definition's names in `folder`/TASK (or in `folder` where that has the task's name,
    or directly in it under a name that fits no other task), else the only data file of `folder`/TASK. Throws Error(NotFound)
    saying where it was looked for and where the items can be had. */
std::filesystem::path findTaskFile(const TaskDefinition& definition, const std::filesystem::path& folder);

} // namespace core
