// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/calibrator.h"

#include "core/base/error.h"
#include "core/calibrate/block_queue.h"
#include "core/calibrate/block_reader.h"
#include "core/calibrate/block_windows.h"
#include "core/calibrate/checkpoint.h"

#include <ATen/ATen.h>

#include <numeric>
#include <random>

namespace core {

namespace {

void checkJob(const CalibrationJob& job)
{
    const auto& options = job.options;
    const auto blocks = job.files->info().blocks;
    for (int block = 0; block < blocks; ++block) {
        const auto scheme = job.plan.schemeOf(block);
        checkScheme(scheme.attention);
        checkScheme(scheme.mlp);
        checkGroups(job.files->info(), scheme);
    }
    if (options.batch < 1 || options.epochs < 0 || job.windows.size(0) < options.batch)
        throw Error(ErrorKind::InvalidArgument,
                    "calibration needs at least one batch: " + std::to_string(job.windows.size(0)) + " windows, batch "
                        + std::to_string(options.batch) + ", " + std::to_string(options.epochs) + " epochs");
    if (job.windows.size(1) > job.files->info().context)
        throw Error(ErrorKind::InvalidArgument,
                    "windows of " + std::to_string(job.windows.size(1))
                        + " tokens are longer than the model's context of "
                        + std::to_string(job.files->info().context));
    if (options.blocks
        && (options.blocks->first < 0 || options.blocks->first >= options.blocks->second
            || options.blocks->second > blocks))
        throw Error(ErrorKind::InvalidArgument,
                    "blocks " + std::to_string(options.blocks->first) + ":" + std::to_string(options.blocks->second)
                        + " are not a range within 0:" + std::to_string(blocks));
}

BlockParameters startOf(const CalibrationJob& job, int block)
{
    return onDevice(makeBlockParameters(job.files->info(), job.plan, block, job.options), job.device);
}

std::optional<CalibratedBlock> findCheckpoint(const CalibrationJob& job, int block, const BlockParameters& start)
{
    const auto fingerprint = blockFingerprint(job, block);
    if (auto found = loadCheckpoint(checkpointPath(job.checkpoints, block), fingerprint, start))
        return found;
    if (job.oldCheckpoints.empty())
        return std::nullopt;
    auto found = loadCheckpoint(checkpointPath(job.oldCheckpoints, block), fingerprint, start);
    if (found) // the bundle that replaces the old one keeps its checkpoints too
        saveCheckpoint(checkpointPath(job.checkpoints, block), fingerprint, *found);
    return found;
}

/** Waits for the other ranks and reads their blocks. */
void gatherBlocks(const CalibrationJob& job, int first, int last, std::vector<std::optional<CalibratedBlock>>& parts,
                  Progress& progress)
{
    if (job.ranks->rank() != 0) {
        job.ranks->meet("trained", {job.ranks->rank()}, progress); // says so, and waits for nobody
        return;
    }
    progress.report(1.0, "waiting for the other ranks");
    const auto gone = job.ranks->meet("trained", {}, progress);
    std::vector<int> missing;
    for (int block = first; block < last; ++block) {
        if (!parts[block])
            parts[block] = loadCheckpoint(checkpointPath(job.checkpoints, block), blockFingerprint(job, block),
                                          startOf(job, block));
        if (!parts[block])
            missing.push_back(block);
    }
    if (!missing.empty())
        refuseMissingBlocks(missing, gone, "What is finished is kept; the same command with --resume does the rest",
                            job.checkpoints.string());
}

} // namespace

at::Tensor sampleWindows(const std::vector<int>& ids, int samples, int seqlen, std::uint64_t seed)
{
    if (samples < 1 || seqlen < 2 || std::int64_t(ids.size()) < seqlen)
        throw Error(ErrorKind::InvalidArgument,
                    "cannot draw " + std::to_string(samples) + " windows of " + std::to_string(seqlen)
                        + " tokens from a text of " + std::to_string(ids.size()) + " tokens");
    std::mt19937_64 random(seed);
    const std::uint64_t places = ids.size() - std::uint64_t(seqlen) + 1;
    auto windows = at::empty({samples, seqlen}, at::kLong);
    auto* target = windows.mutable_data_ptr<std::int64_t>();
    for (int sample = 0; sample < samples; ++sample) {
        const auto start = random() % places; // 2^64 is so much larger that the bias does not matter
        for (int i = 0; i < seqlen; ++i)
            *target++ = ids[start + std::uint64_t(i)];
    }
    return windows;
}

void requireValid(const CalibrationJob& job)
{
    checkJob(job);
}

std::vector<std::optional<CalibratedBlock>> calibrateBlocks(const CalibrationJob& job, const LossObserver& observer,
                                                            Progress& progress)
{
    checkJob(job);
    const auto& info = job.files->info();
    const auto [first, last] = job.options.blocks.value_or(std::pair(0, info.blocks));
    const Rope rope(info, job.device);
    std::filesystem::create_directories(job.checkpoints);
    std::vector<std::optional<CalibratedBlock>> parts(info.blocks);
    BeatingProgress beating(progress, job.ranks.get());
    std::vector<int> wantedBlocks(std::size_t(last - first));
    std::iota(wantedBlocks.begin(), wantedBlocks.end(), first);
    BlockQueue queue(job.ranks.get(), "calibrate", wantedBlocks);
    BlockReader reader(job.files, job.device);
    auto hidden = embedWindows(job.files, job.windows, job.device);
    for (int block = 0; block < info.blocks; ++block) {
        ProgressPart part(beating, double(block) / info.blocks, double(block + 1) / info.blocks);
        if (block >= last) { // nothing that follows needs its output
            parts[block] = findCheckpoint(job, block, startOf(job, block));
            continue;
        }
        const auto weights = reader.read(block);
        const auto data = forwardWindows(info, rope, weights, block, hidden, hidden.size(0), part);
        const bool wanted = block >= first;
        const bool mine = wanted && queue.isNext(block);
        auto start = startOf(job, block);
        startChannelScales(start.transforms, weights, data.maxima, job.options);
        // Other ranges of the same work may have been finished by another run.
        if ((mine && job.options.resume) || !wanted)
            parts[block] = findCheckpoint(job, block, start);
        if (mine && !parts[block]) {
            const BlockProblem problem{info,  rope,   weights,      job.plan.schemeOf(block),
                                       block, hidden, data.targets, trainingPrecision(job.plan, job.options.precision)};
            auto report = trainBlock(problem, start, job.options, observer, part);
            parts[block] = CalibratedBlock{std::move(start), std::move(report)};
            saveCheckpoint(checkpointPath(job.checkpoints, block), blockFingerprint(job, block), *parts[block]);
        }
        if (mine)
            queue.advance();
        hidden = data.targets;
    }
    if (job.ranks)
        gatherBlocks(job, first, last, parts, beating);
    return parts;
}

} // namespace core
