// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/block_trainer.h"
#include "core/ranks/ranks.h"

#include <filesystem>

namespace core {

/** `samples` windows of `seqlen` tokens at places drawn uniformly from `ids`, [samples, seqlen] int64; the same for equal seeds.
    Throws Error(InvalidArgument) with both numbers where the text is shorter than a window. */
at::Tensor sampleWindows(const std::vector<int>& ids, int samples, int seqlen, std::uint64_t seed);

struct CalibrationJob
{
    std::shared_ptr<const ModelFiles> files;
    Plan plan;
    at::Tensor windows; // [samples, seqlen] int64
    CalibrationOptions options;
    at::Device device = at::kCPU;
    std::filesystem::path checkpoints;    // finished blocks are written here, one file each
    std::filesystem::path oldCheckpoints; // and with options.resume also looked for here; may be empty
    std::shared_ptr<Ranks> ranks = {};    // the processes that share this job; null: this one alone
};

struct CalibratedBlock
{
    BlockParameters parameters;
    BlockReport report;
};

/** Throws Error(InvalidArgument | Unsupported) for a job that cannot be done, before any work is spent. */
void requireValid(const CalibrationJob& job);

/** Trains every block of `options.blocks` (all without), one after another: memory is that of one block and of two activation buffers.
    A block whose checkpoint was made from the same weights, windows, choices and options is taken from it instead
    (options.resume); the result is bit-identical either way. Cancelling keeps the finished blocks. `parts[b]` is empty where
    block b was neither in the range nor found.

    Several ranks deal out the blocks among themselves; each writes what it has trained into `checkpoints`, which all of them
    see, and rank 0 has all blocks in the end. Where a rank fell silent, rank 0 throws Error(Io) that names it and the blocks
    that are missing; what is finished stays. The other ranks have only their own blocks. */
std::vector<std::optional<CalibratedBlock>> calibrateBlocks(const CalibrationJob& job, const LossObserver& observer,
                                                            Progress& progress);

} // namespace core
