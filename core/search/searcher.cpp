// SPDX-License-Identifier: Apache-2.0
#include "core/search/searcher.h"

#include "core/base/error.h"
#include "core/calibrate/block_reader.h"
#include "core/calibrate/block_windows.h"
#include "core/search/block_search.h"
#include "core/search/decisions.h"
#include "core/search/search_json.h"
#include "core/select/plan_file.h"

#include <ATen/ATen.h>

#include <cmath>

namespace core {

namespace {

void checkJob(const SearchJob& job)
{
    const auto& options = job.options;
    const auto& info = job.files->info();
    const auto training = job.windows.training.size(0);
    checkScheme(job.scheme);
    checkGroups(info, job.scheme);
    if (options.training.batch < 1 || options.training.epochs < 0 || training < options.training.batch)
        throw Error(ErrorKind::InvalidArgument,
                    "the search needs at least one batch: " + std::to_string(training) + " windows to train on, batch "
                        + std::to_string(options.training.batch) + ", " + std::to_string(options.training.epochs)
                        + " epochs");
    if (job.windows.training.size(1) > info.context)
        throw Error(ErrorKind::InvalidArgument,
                    "windows of " + std::to_string(job.windows.training.size(1))
                        + " tokens are longer than the model's context of " + std::to_string(info.context));
    if (const auto& blocks = options.training.blocks;
        blocks && (blocks->first < 0 || blocks->first >= blocks->second || blocks->second > info.blocks))
        throw Error(ErrorKind::InvalidArgument,
                    "blocks " + std::to_string(blocks->first) + ":" + std::to_string(blocks->second)
                        + " are not a range within 0:" + std::to_string(info.blocks));
    if (options.temperatureStart <= 0.0 || options.temperatureEnd <= 0.0 || options.margin.value_or(0.0) < 0.0
        || options.margin.value_or(0.0) >= 1.0)
        throw Error(ErrorKind::InvalidArgument, "temperatures must be above 0 and the margin at least 0 and below 1");
    if (options.training.precision == Precision::BFloat16)
        throw Error(ErrorKind::Unsupported, "the search in bf16 is not available: fp32 is");
}

std::string hashOf(const at::Tensor& windows)
{
    const auto all = windows.contiguous();
    return sha256({static_cast<const char*>(all.const_data_ptr()), all.nbytes()});
}

std::string fingerprintOf(const SearchJob& job, int block)
{
    const Json facts = {{"model", job.files->hash()},
                        {"training", hashOf(job.windows.training)},
                        {"held_out", hashOf(job.windows.heldOut)},
                        {"block", block},
                        {"scheme", schemeToJson(job.scheme)},
                        {"kronecker", int(job.kronecker)},
                        {"options", searchOptionsToJson(job.options)},
                        {"device", job.device.str()}};
    return sha256(facts.dump());
}

std::filesystem::path fileOf(const SearchJob& job, int block)
{
    return job.checkpoints / ("search-" + std::to_string(block) + ".json");
}

std::optional<BlockSearch> findBlock(const SearchJob& job, int block)
{
    if (job.checkpoints.empty() || !std::filesystem::exists(fileOf(job, block)))
        return std::nullopt;
    const auto name = fileOf(job, block).string();
    const auto json = readJson(name);
    if (!json.is_object() || json.value("fingerprint", "") != fingerprintOf(job, block))
        return std::nullopt;
    return blockSearchFromJson(json.value("search", Json()), name);
}

void keepBlock(const SearchJob& job, const BlockSearch& search)
{
    if (job.checkpoints.empty())
        return;
    const Json json = {{"fingerprint", fingerprintOf(job, search.block)}, {"search", blockSearchToJson(search)}};
    writeFileAtomically(fileOf(job, search.block), json.dump() + "\n");
}

CandidateBlock makeCandidates(const SearchJob& job, int block, const BlockWeights& weights, const ChannelMaxima& maxima)
{
    CandidateBlock all;
    for (const auto module : {ModuleKind::Attention, ModuleKind::Mlp})
        for (const auto& candidate : withStarts(job.options.candidates, job.options.starts)) {
            auto parameters = onDevice(makeModuleParameters(job.files->info(), job.scheme, job.kronecker,
                                                            {block, module}, candidate, job.options.training),
                                       job.device);
            startChannelScales(parameters.transforms, weights, maxima, job.options.training.scaleAlpha);
            all.of(module).push_back(std::move(parameters));
        }
    return all;
}

} // namespace

SearchWindows sampleSearchWindows(const std::vector<int>& ids, const SearchOptions& options)
{
    const auto& training = options.training;
    const double fraction = options.heldOutFraction;
    if (training.samples < 2 || !(fraction > 0.0) || !(fraction < 1.0))
        throw Error(ErrorKind::InvalidArgument,
                    "the search needs windows to train on and others held out: " + std::to_string(training.samples)
                        + " windows, " + std::to_string(fraction) + " of them held out");
    const int heldOut = std::clamp(int(std::lround(training.samples * fraction)), 1, training.samples - 1);
    const auto border = ids.begin() + std::ptrdiff_t(double(ids.size()) * (1.0 - fraction));
    return {sampleWindows({ids.begin(), border}, training.samples - heldOut, training.seqlen, training.seed),
            sampleWindows({border, ids.end()}, heldOut, training.seqlen, training.seed)};
}

std::vector<std::optional<BlockSearch>> searchBlocks(const SearchJob& job, const SearchObserver& observer,
                                                     Progress& progress)
{
    checkJob(job);
    const auto& info = job.files->info();
    const auto& options = job.options;
    const auto [first, last] = options.training.blocks.value_or(std::pair(0, info.blocks));
    const Rope rope(info, job.device);
    BlockReader reader(job.files, job.device);
    if (!job.checkpoints.empty())
        std::filesystem::create_directories(job.checkpoints);
    const auto training = job.windows.training.size(0);
    const auto heldOut = job.windows.heldOut.size(0);
    auto hidden = embedWindows(job.files, at::cat({job.windows.training, job.windows.heldOut}), job.device);
    std::vector<std::optional<BlockSearch>> blocks(std::size_t(info.blocks));
    for (int block = 0; block < info.blocks; ++block) {
        ProgressPart part(progress, double(block) / info.blocks, double(block + 1) / info.blocks);
        const bool wanted = block >= first && block < last;
        auto& result = blocks[std::size_t(block)];
        // Other ranges of the same work may have been finished by another run.
        if (options.training.resume || !wanted)
            result = findBlock(job, block);
        const auto weights = reader.read(block);
        const auto data = forwardWindows(info, rope, weights, block, hidden, training, part);
        if (wanted && !result) {
            const auto problem = [&](std::int64_t begin, std::int64_t count) {
                return BlockProblem{info,
                                    rope,
                                    weights,
                                    job.scheme,
                                    block,
                                    hidden.narrow(0, begin, count),
                                    data.targets.narrow(0, begin, count)};
            };
            auto candidates = makeCandidates(job, block, weights, data.maxima);
            const auto search = options.mode == SearchMode::Oracle ? trainEveryCandidate : searchBlock;
            result = search(problem(0, training), problem(training, heldOut), candidates, options, observer, part);
            keepBlock(job, *result);
        }
        hidden = data.targets;
    }
    return blocks;
}

SearchResult finishSearch(const SearchJob& job, std::vector<std::optional<BlockSearch>> blocks)
{
    SearchResult result;
    result.options = job.options;
    result.candidates = withStarts(job.options.candidates, job.options.starts);
    std::string missing;
    for (std::size_t block = 0; block < blocks.size(); ++block)
        if (blocks[block])
            result.blocks.push_back(std::move(*blocks[block]));
        else
            missing += (missing.empty() ? "" : ", ") + std::to_string(block);
    if (missing.empty()) {
        result.modules = decide(result.blocks, result.candidates, job.options);
        result.plan = planOf(result.modules, job.options);
    } else {
        result.plan.warnings.push_back("no plan yet: the search of these blocks is missing: " + missing);
    }
    for (const auto& block : result.blocks) {
        result.seconds += block.seconds;
        for (const auto& warning : block.warnings)
            result.plan.warnings.push_back("block " + std::to_string(block.block) + ": " + warning);
    }
    result.plan.scheme = job.scheme;
    result.plan.kronecker = job.kronecker;
    result.plan.model = job.files->hash();
    result.losses = {.model = job.files->hash(),
                     .family = job.files->info().architecture,
                     .scheme = job.scheme,
                     .seed = job.options.training.seed,
                     .modules = moduleLosses(result.blocks, result.candidates)};
    return result;
}

} // namespace core
