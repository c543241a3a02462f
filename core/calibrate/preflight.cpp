// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/preflight.h"

#include "core/base/log.h"
#include "core/calibrate/block_finisher.h"
#include "core/calibrate/block_windows.h"
#include "core/calibrate/checkpoint.h"
#include "core/calibrate/process_memory.h"

#include <ATen/ATen.h>

#include <chrono>
#include <cstdio>

namespace core {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double since(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/** Through a block before each of four groups of matrices is rounded and once after; the moments of their inputs cost about one
    more. */
constexpr double kGptqPasses = 6.0;

/** What three steps on one block show. */
struct Probe
{
    double stepSeconds = 0.0;
    double errorSeconds = 0.0;   // of one window through the quantized block
    double forwardSeconds = 0.0; // of one window through the block as it is
    double roundSeconds = 0.0;   // of the finished block, with GPTQ on the windows of one batch
    std::uint64_t trainingPeak = 0;
    std::uint64_t roundingPeak = 0;
    std::uint64_t buffers = 0;    // inputs and targets, within the training peak
    std::uint64_t blockBytes = 0; // of block 0 in a bundle
    std::uint64_t parameterBytes = 0;
};

std::uint64_t bytesOf(const at::Tensor& tensor)
{
    return tensor.defined() ? tensor.nbytes() : 0;
}

/** What of a block goes into model.safetensors. */
std::uint64_t storedBytes(const QuantizedBlock& block)
{
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < kBlockRoles.size(); ++i)
        bytes +=
            block.packed[i] ? std::uint64_t(block.packed[i]->bytes()) : bytesOf(block.weights.matrix(kBlockRoles[i]));
    auto weights = block.weights;
    for (const auto& [name, tensor] : weights.extras())
        bytes += bytesOf(*tensor);
    for (const auto site : kSites) {
        const auto& transform = block.transforms.at(site);
        bytes += bytesOf(transform.left) + bytesOf(transform.right);
    }
    return bytes + bytesOf(block.transforms.key.rightInverse);
}

/** What the codes and scales of a block's matrices take at a scheme. */
std::uint64_t packedBytes(const ModelInfo& info, const BlockScheme& scheme)
{
    std::int64_t bytes = 0;
    for (const auto role : kBlockRoles) {
        const auto [rows, columns] = matrixSize(info, role);
        const auto& own = scheme.of(role);
        if (own.weightBits >= kFullPrecisionBits) {
            bytes += rows * columns * std::int64_t(sizeof(float));
            continue;
        }
        const auto groups = own.weightGroup > 0 ? columns / own.weightGroup : 1;
        bytes += rows * (packedRowBytes(columns, own.weightBits) + groups * (own.weightAsymmetric ? 5 : 4));
    }
    return std::uint64_t(bytes);
}

/** All blocks in a bundle, from what block 0 takes: others may be quantized to other widths. */
std::uint64_t storedBytes(const CalibrationJob& job, std::uint64_t firstBlock)
{
    const auto& info = job.files->info();
    const auto besideCodes = firstBlock - packedBytes(info, job.plan.schemeOf(0));
    std::uint64_t bytes = 0;
    for (int block = 0; block < info.blocks; ++block)
        bytes += besideCodes + packedBytes(info, job.plan.schemeOf(block));
    return bytes;
}

std::uint64_t parameterBytes(const BlockParameters& parameters)
{
    std::uint64_t bytes = 0;
    for (const auto& tensors : {transformParameters(parameters), clipParameters(parameters)})
        for (const auto& tensor : tensors)
            bytes += bytesOf(tensor);
    return bytes;
}

Probe probe(const CalibrationJob& job, int block, Progress& progress)
{
    const auto& info = job.files->info();
    const Rope rope(info, job.device);
    auto options = job.options;
    options.epochs = 3; // of one batch: three steps, of which the first warms up
    Probe result;
    resetPeakMemory();
    const auto windows = job.windows.narrow(0, 0, options.batch);
    const auto inputs = windowsOn(job.device, embedWindows(job.files, windows, job.device), 0, options.batch);
    const auto weights = readBlock(job.files, block, at::kFloat, job.device);
    at::Tensor targets;
    {
        const at::NoGradGuard noGrad;
        const BlockContext context{.info = info, .rope = rope, .block = block};
        targets = forwardBlock(context, weights, inputs); // warms up
        const auto begin = Clock::now();
        targets = forwardBlock(context, weights, inputs);
        targets.sum().item<float>(); // waits for a GPU
        result.forwardSeconds = since(begin) / options.batch;
    }
    const BlockProblem problem{info,  rope,   weights, job.plan.schemeOf(block),
                               block, inputs, targets, trainingPrecision(job.plan, options.precision)};
    auto parameters = onDevice(makeBlockParameters(info, job.plan, block, options), job.device);
    std::vector<Clock::time_point> steps;
    trainBlock(
        problem, parameters, options,
        [&](const LossPoint&) {
            if (steps.size() < 3) // a training that goes back after its last step does more
                steps.push_back(Clock::now());
        },
        progress);
    result.stepSeconds = std::chrono::duration<double>(steps.back() - steps.front()).count()
        / double(std::max<std::size_t>(2, steps.size()) - 1);
    auto begin = Clock::now();
    blockError(problem, parameters, options.batch, progress);
    result.errorSeconds = since(begin) / options.batch;
    result.trainingPeak = peakMemoryBytes();
    result.buffers = bytesOf(inputs) + bytesOf(targets);
    result.parameterBytes = parameterBytes(parameters);
    progress.checkpoint();
    resetPeakMemory();
    begin = Clock::now();
    BlockFinisher finisher(job.files, job.plan, options.finish, windows, job.device, options.batch);
    result.blockBytes = storedBytes(finisher.next(makeBlockParameters(info, job.plan, 0, options), progress));
    result.roundSeconds = since(begin);
    result.roundingPeak = peakMemoryBytes();
    return result;
}

/** Embedding, head and final norm, which a bundle takes as they are. */
std::uint64_t unquantizedBytes(const ModelFiles& files)
{
    auto bytes = files.matrix({-1, Role::Embedding}).bytes.size() + files.finalNorm().bytes.size();
    if (!files.info().tiedHead)
        bytes += files.matrix({-1, Role::Head}).bytes.size();
    return bytes;
}

/** Pages of the model's file that training reads: every block once, and they stay mapped. */
std::uint64_t mappedLater(const CalibrationJob& job)
{
    const auto& info = job.files->info();
    return job.device.is_cpu() ? std::uint64_t(info.bytes) * std::uint64_t(info.blocks - 1) / std::uint64_t(info.blocks)
                               : 0;
}

std::string gigabytes(std::uint64_t bytes)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.2f GB", double(bytes) / 1e9);
    return text;
}

fs::path existingParent(fs::path folder)
{
    folder = fs::absolute(folder);
    while (!fs::exists(folder) && folder.has_relative_path())
        folder = folder.parent_path();
    return folder;
}

void compare(PreflightReport& report, const fs::path& bundle)
{
    report.memoryAvailable = availableMemoryBytes();
    if (report.memoryAvailable > 0)
        report.memoryAvailable += residentMemoryBytes();
    std::error_code error;
    const auto space = fs::space(existingParent(bundle), error);
    report.diskAvailable = error ? 0 : space.available;
    if (report.memoryAvailable > 0 && report.memory > report.memoryAvailable)
        report.warnings.push_back("needs about " + gigabytes(report.memory) + " of memory, and "
                                  + gigabytes(report.memoryAvailable)
                                  + " are there: fewer or shorter windows and a smaller batch need less");
    if (report.diskAvailable > 0 && report.disk > report.diskAvailable)
        report.warnings.push_back("needs about " + gigabytes(report.disk) + " on the disk, and "
                                  + gigabytes(report.diskAvailable) + " are free: write to another one");
}

} // namespace

bool isFinished(const CalibrationJob& job)
{
    const auto [first, last] = job.options.blocks.value_or(std::pair(0, job.files->info().blocks));
    bool finished = job.options.resume;
    for (int block = first; block < last; ++block)
        finished = finished
            && (fs::exists(checkpointPath(job.checkpoints, block))
                || fs::exists(checkpointPath(job.oldCheckpoints, block)));
    return finished;
}

PreflightReport estimateRun(const CalibrationJob& job, const fs::path& bundle, Progress& progress)
{
    const auto& info = job.files->info();
    const auto& options = job.options;
    const auto [first, last] = options.blocks.value_or(std::pair(0, info.blocks));
    progress.report(0.0, "estimating memory and time on one block");
    const auto before = resetPeakMemory() ? 0 : peakMemoryBytes();
    const auto probed = probe(job, first, progress);

    const auto samples = job.windows.size(0);
    const auto windowBytes = std::uint64_t(job.windows.size(1) * info.hidden) * sizeof(float);
    const auto parameters = std::uint64_t(last - first) * probed.parameterBytes;
    const auto mapped = mappedLater(job);
    const auto training =
        probed.trainingPeak - probed.buffers + 2 * std::uint64_t(samples) * windowBytes + parameters + mapped;
    const auto packed = storedBytes(job, probed.blockBytes);
    const auto file = packed + unquantizedBytes(*job.files);
    // All packed blocks are held until the file is written, and the file is mapped to be compared.
    const bool gptq = options.finish == Finish::Gptq; // runs all windows through each finished block
    const auto writing = probed.roundingPeak - probed.buffers + (gptq ? 2 * std::uint64_t(samples) * windowBytes : 0)
        + parameters + mapped + packed + file;

    PreflightReport report;
    report.memory = std::max({before, training, writing});
    report.disk = file + 2 * parameters; // finished blocks are copied into the bundle before their folder goes
    report.stepSeconds = probed.stepSeconds;
    const double steps = double(options.epochs) * double(samples / options.batch);
    report.seconds = double(last - first) * (steps * probed.stepSeconds + 2.0 * double(samples) * probed.errorSeconds)
        + double(last) * double(samples) * probed.forwardSeconds + double(info.blocks) * probed.roundSeconds;
    if (gptq)
        report.seconds += double(info.blocks) * kGptqPasses * double(samples - options.batch) * probed.errorSeconds;
    compare(report, bundle);
    logInfo("estimated: " + std::to_string(report.memory) + " bytes of memory, " + std::to_string(report.disk)
            + " on the disk, " + std::to_string(report.seconds) + " s, " + std::to_string(report.stepSeconds)
            + " s a step");
    return report;
}

} // namespace core
