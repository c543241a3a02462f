// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/calibrator.h"

#include "core/base/error.h"
#include "core/calibrate/checkpoint.h"

#include <ATen/ATen.h>

#include <cmath>
#include <random>

namespace core {

namespace {

/** Windows that go through a block at once where no gradient is needed. */
constexpr std::int64_t kForwardBatch = 4;

struct BlockData
{
    at::Tensor targets;
    ChannelMaxima maxima;
};

void raise(at::Tensor& maxima, const at::Tensor& x)
{
    const auto columns = x.reshape({-1, x.size(-1)}).abs().amax(0);
    maxima = maxima.defined() ? at::maximum(maxima, columns) : columns;
}

std::string largestWeight(const BlockWeights& weights)
{
    Role worst = Role::Q;
    double largest = 0.0;
    for (const auto role : kBlockRoles) {
        const double reach = weights.matrix(role).abs().max().item<double>();
        if (!(reach <= largest)) {
            worst = role;
            largest = reach;
        }
        if (std::isnan(reach))
            break;
    }
    return ", the largest is " + std::to_string(largest) + " in " + std::string(toString(worst));
}

/** The block's full-precision outputs, and the largest input of each channel on the way. */
BlockData forwardWindows(const ModelInfo& info, const Rope& rope, const BlockWeights& weights, int block,
                         const at::Tensor& inputs, Progress& progress)
{
    const at::NoGradGuard noGrad;
    BlockData data{.targets = at::empty_like(inputs), .maxima = {}};
    const Tap tap = [&](const SiteId& id, const at::Tensor& x) {
        if (id.site == Site::AttentionIn)
            raise(data.maxima.attentionIn, x);
        else if (id.site == Site::MlpIn)
            raise(data.maxima.mlpIn, x);
        else if (id.site == Site::MlpOut)
            raise(data.maxima.mlpOut, x);
    };
    const BlockContext context{.info = info, .rope = rope, .block = block, .tap = &tap};
    for (std::int64_t begin = 0; begin < inputs.size(0); begin += kForwardBatch) {
        progress.checkpoint();
        const auto count = std::min(kForwardBatch, inputs.size(0) - begin);
        data.targets.narrow(0, begin, count).copy_(forwardBlock(context, weights, inputs.narrow(0, begin, count)));
    }
    if (!at::isfinite(data.targets).all().item<bool>())
        throw Error(ErrorKind::Numeric,
                    "the full-precision output of block " + std::to_string(block)
                        + " is not finite on the calibration windows: a weight that is NaN or too large"
                        + largestWeight(weights));
    return data;
}

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
    at::Tensor hidden;
    {
        const auto embedding = readTensor(job.files, job.files->matrix({-1, Role::Embedding}), at::kFloat, job.device);
        hidden = at::embedding(embedding, job.windows.to(job.device));
    }
    for (int block = 0; block < info.blocks; ++block) {
        ProgressPart part(progress, double(block) / info.blocks, double(block + 1) / info.blocks);
        const auto weights = readBlock(job.files, block, at::kFloat, job.device);
        const auto data = forwardWindows(info, rope, weights, block, hidden, part);
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
