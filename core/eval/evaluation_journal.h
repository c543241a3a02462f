// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/eval/score_request.h"
#include "core/io/descriptor.h"

#include <filesystem>
#include <optional>
#include <span>
#include <unordered_map>

namespace core {

/** What is finished of evaluations, in an append-only file of JSON lines: a pass of the model and its log-probabilities, named
    by what was read and by which model. A process killed at any moment loses the pass it was at, and an unfinished last
    line is cut off; several models and texts may share a file. */
class EvaluationJournal
{
public:
    /** Opens or begins the file. `model` names model, type and device of computing: only passes of the same are found.
        Throws Error(InvalidArgument) where the file is something else, Error(Corrupt) naming a damaged line. */
    EvaluationJournal(const std::filesystem::path& path, std::string model);

    /** The name of a pass: model, kind of work and the ids that are read, rows apart. */
    std::string key(std::string_view kind, std::span<const std::vector<int>> rows) const;

    const std::vector<ScoreResult>* find(const std::string& key) const; // null: not finished
    void add(const std::string& key, std::vector<ScoreResult> results); // throws Error(Io) where the disk refuses

private:
    void read(std::string_view content);

    std::filesystem::path m_path;
    std::string m_model;
    std::unordered_map<std::string, std::vector<ScoreResult>> m_passes;
    Descriptor m_file;
};

} // namespace core
