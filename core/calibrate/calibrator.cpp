// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/calibrator.h"

#include "core/base/error.h"
#include "core/calibrate/block_windows.h"
#include "core/calibrate/checkpoint.h"

#include <ATen/ATen.h>

#include <random>

namespace core {

namespace {

void checkJob(const CalibrationJob& job)
{
    const auto& options = job.options;
    const auto blocks = job.files->info().blocks;
    checkScheme(job.plan.scheme);
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
    if (options.finish == Finish::Gptq)
        throw Error(ErrorKind::Unsupported, "the GPTQ finish is not available yet: rtn is");
    if (options.precision == Precision::BFloat16)
        throw Error(ErrorKind::Unsupported, "calibration in bf16 is not available yet: fp32 is");
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
    auto hidden = embedWindows(job.files, job.windows, job.device);
    for (int block = 0; block < info.blocks; ++block) {
        ProgressPart part(progress, double(block) / info.blocks, double(block + 1) / info.blocks);
        const auto weights = readBlock(job.files, block, at::kFloat, job.device);
        const auto data = forwardWindows(info, rope, weights, block, hidden, hidden.size(0), part);
        auto start = makeBlockParameters(info, job.plan, block, job.options);
        startChannelScales(start.transforms, weights, data.maxima, job.options.scaleAlpha);
        const bool wanted = block >= first && block < last;
        // Other ranges of the same work may have been finished by another run.
        if (job.options.resume || !wanted)
            parts[block] = findCheckpoint(job, block, start);
        if (wanted && !parts[block]) {
            const BlockProblem problem{info, rope, weights, job.plan.scheme, block, hidden, data.targets};
            auto report = trainBlock(problem, start, job.options, observer, part);
            parts[block] = CalibratedBlock{std::move(start), std::move(report)};
            saveCheckpoint(checkpointPath(job.checkpoints, block), blockFingerprint(job, block), *parts[block]);
        }
        hidden = data.targets;
    }
    return parts;
}

} // namespace core
