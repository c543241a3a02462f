// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/eval/evaluation_journal.h"
#include "core/model/model.h"
#include "core/ranks/ranks.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace core {

/** The numbers that one pass of a model leaves behind. */
using PassValues = std::vector<double>;

/** The passes of one part of an evaluation, in their order. */
struct PassWork
{
    std::string phase;
    std::vector<double> fractions; // of the work that is done after each pass: as many as there are passes
    std::function<PassValues(std::size_t pass, Progress& progress)> compute;
    std::function<std::string(std::size_t pass, const PassValues& values)> use; // in order; what there is to say
    std::function<std::optional<PassValues>(std::size_t pass)> find = {};       // of an earlier run
    std::function<void(std::size_t pass, const PassValues& values)> keep = {};  // for a later run
    int threads =
        1; // passes computed at once, each by a thread of its own; then `compute` is called by several of them
};

/** Lets `work` find and keep its passes in the journal, each under its key. */
void keepInJournal(PassWork& work, EvaluationJournal& journal, std::function<std::string(std::size_t pass)> keyOf);

/** Tokens of a pass where `wanted` are asked for: a processor gains nothing from more than 512, whose activations leave its cache
    (tests/bench/RESULTS.md). */
std::int64_t tokensInPass(const Model& model, std::int64_t wanted);

/** How many passes of a model are worth computing at once: on a processor one for each thread that the caller may use, at most 8
    (each holds the activations of a pass), on a GPU one. Small models gain, whose products are too small to be shared by threads;
    large ones lose nothing. */
int passesAtOnce(const Model& model);

/** Computes each pass that `find` does not know, and hands all of them to `use`. Of several ranks each computes the passes that
    are dealt to it, and all of them hear all values in the end; `find` and `keep` are asked on rank 0 alone, which keeps the
    others' passes too as they come in. What a rank that fell silent has not finished the others do themselves. Throws
    Error(Io) where rank 0 is gone. `ranks` may be null: this process alone, which computes `threads` passes at once. All
    functions but `compute`, and `progress`, are called by the caller's thread alone; `compute` gets a Progress of its own. */
void runPasses(Ranks* ranks, const PassWork& work, Progress& progress);

} // namespace core
