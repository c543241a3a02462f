// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/calibrator.h"
#include "core/model/model.h"
#include "core/search/search_result.h"

namespace core {

struct SearchWindows
{
    at::Tensor training; // [windows, seqlen] int64
    at::Tensor heldOut;  // [windows, seqlen] int64
};

/** `samples` windows in all, the held-out part of them from the same part of the text, its end: no token is in both. Throws
    Error(InvalidArgument) with the numbers where a part is shorter than a window. */
SearchWindows sampleSearchWindows(const std::vector<int>& ids, const SearchOptions& options);

struct SearchJob
{
    std::shared_ptr<const ModelFiles> files;
    QuantScheme scheme;
    KroneckerRule kronecker = KroneckerRule::Balanced;
    SearchWindows windows;
    SearchOptions options;
    at::Device device = at::kCPU;
    std::filesystem::path checkpoints; // finished blocks, one file each; empty: none are kept
    std::shared_ptr<Ranks> ranks = {}; // the processes that share this job; null: this one alone
    Plan widths = {}; // whose modules may have schemes of their own, its scheme is the job's; without modules: none has
    std::shared_ptr<const Model> model = {}; // in full precision; needed where held-out windows measure the divergence
};

/** Searches every block of `options.training.blocks` (all without) that has a module of `options.modules`, one after another: memory is that of one block with its candidates'
    small matrices and of two activation buffers. A block whose checkpoint was made from the same weights, windows and
    options is taken from it instead (options.training.resume); the result is bit-identical but for its seconds. Cancelling
    keeps the finished blocks. `result[b]` is empty where block b was neither to be searched nor found.

    Several ranks deal out the blocks among themselves and all have all of them in the end. Where a rank fell silent, the others
    throw Error(Io) that names it and the blocks that are missing. */
std::vector<std::optional<BlockSearch>> searchBlocks(const SearchJob& job, const SearchObserver& observer,
                                                     Progress& progress);

/** Decisions, plan and losses of a whole search; without a plan while blocks are missing, which its warnings then name. */
SearchResult finishSearch(const SearchJob& job, std::vector<std::optional<BlockSearch>> blocks);

} // namespace core
