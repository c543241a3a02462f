// SPDX-License-Identifier: Apache-2.0
#include "core/search/searcher.h"

#include "core/base/error.h"
#include "core/calibrate/block_queue.h"
#include "core/calibrate/block_reader.h"
#include "core/calibrate/block_windows.h"
#include "core/search/block_search.h"
#include "core/search/decisions.h"
#include "core/search/search_json.h"
#include "core/select/plan_file.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace core {

namespace {

/** What the module is quantized to, also while candidates compete in it. */
const QuantScheme& schemeOf(const SearchJob& job, const ModuleId& module)
{
    return job.widths.modules.empty() ? job.scheme : job.widths.schemeOf(module);
}

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
    for (const auto& module : options.modules)
        if (module.block < 0 || module.block >= info.blocks)
            throw Error(ErrorKind::InvalidArgument,
                        "there is no module " + toString(module) + ": blocks are 0 to "
                            + std::to_string(info.blocks - 1));
    if (options.temperatureStart <= 0.0 || options.temperatureEnd <= 0.0 || options.margin.value_or(0.0) < 0.0
        || options.margin.value_or(0.0) >= 1.0)
        throw Error(ErrorKind::InvalidArgument, "temperatures must be above 0 and the margin at least 0 and below 1");
    if (options.measure == HeldOutMeasure::Divergence && !job.model)
        throw Error(ErrorKind::InvalidArgument, "the divergence on held-out windows needs the whole model");
    if (options.training.precision == Precision::BFloat16)
        throw Error(ErrorKind::Unsupported, "the search in bf16 is not available: fp32 is");
}

bool hasModules(const SearchOptions& options, int block)
{
    return options.searches({block, ModuleKind::Attention}) || options.searches({block, ModuleKind::Mlp});
}

std::string hashOf(const at::Tensor& windows)
{
    const auto all = windows.contiguous();
    return sha256({static_cast<const char*>(all.const_data_ptr()), all.nbytes()});
}

std::string fingerprintOf(const SearchJob& job, int block)
{
    const Json facts = {
        {"model", job.files->hash()},
        {"training", hashOf(job.windows.training)},
        {"held_out", hashOf(job.windows.heldOut)},
        {"block", block},
        {"modules",
         {job.options.searches({block, ModuleKind::Attention}), job.options.searches({block, ModuleKind::Mlp})}},
        {"scheme",
         {schemeToJson(schemeOf(job, {block, ModuleKind::Attention})),
          schemeToJson(schemeOf(job, {block, ModuleKind::Mlp}))}},
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
            if (!job.options.searches({block, module}) && !all.of(module).empty())
                break;
            auto parameters =
                onDevice(makeModuleParameters(job.files->info(), schemeOf(job, {block, module}), job.kronecker,
                                              {block, module}, candidate, job.options.training),
                         job.device);
            startChannelScales(parameters.transforms, weights, maxima, job.options.training);
            all.of(module).push_back(std::move(parameters));
        }
    return all;
}

/** Takes from the store what the other ranks have put there. */
void gatherBlocks(const SearchJob& job, const std::vector<int>& wanted, std::vector<std::optional<BlockSearch>>& blocks,
                  Progress& progress)
{
    job.ranks->gather(
        [&](const std::vector<int>& gone) {
            std::vector<int> missing;
            for (const int block : wanted) {
                auto& result = blocks[std::size_t(block)];
                if (const auto found = result ? std::nullopt : job.ranks->get(std::to_string(block)))
                    result =
                        blockSearchFromJson(parseJson(*found, "block " + std::to_string(block)), "a rank's search");
                if (!result)
                    result = findBlock(job, block); // of a rank that died when it had written it
                if (!result)
                    missing.push_back(block);
            }
            if (!missing.empty())
                refuseMissingBlocks(
                    missing, gone,
                    job.checkpoints.empty()
                        ? "With a folder of checkpoints only the missing ones would have to be done again"
                        : "What is finished is kept; the same command with --resume does the rest",
                    job.checkpoints.string());
        },
        progress);
}

/** The default for what was not searched, in the order of modules. */
void addUnsearched(Plan& plan, const SearchOptions& options, int blocks)
{
    const auto& first = options.candidates.front();
    std::vector<Choice> all;
    auto searched = plan.modules.begin();
    for (int block = 0; block < blocks; ++block)
        for (const auto module : {ModuleKind::Attention, ModuleKind::Mlp}) {
            if (options.searches({block, module})) {
                all.push_back(std::move(*searched++));
                continue;
            }
            Choice choice{.module = {block, module},
                          .kind = first.kind,
                          .origin = Origin::Automatic,
                          .reason = {"not searched: the first candidate", {}},
                          .automaticKind = first.kind};
            if (first.kind == TransformKind::Rotation)
                choice.rotationForm = first.form;
            all.push_back(std::move(choice));
        }
    plan.modules = std::move(all);
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
    std::vector<int> wanted;
    for (int block = first; block < last; ++block)
        if (hasModules(options, block))
            wanted.push_back(block);
    BeatingProgress beating(progress, job.ranks.get());
    BlockQueue queue(job.ranks.get(), "search", wanted);
    for (int block = 0; block < info.blocks; ++block) {
        ProgressPart part(beating, double(block) / info.blocks, double(block + 1) / info.blocks);
        const bool mine = queue.isNext(block);
        auto& result = blocks[std::size_t(block)];
        // Other ranges of the same work may have been finished by another run.
        if ((mine && options.training.resume) || !std::binary_search(wanted.begin(), wanted.end(), block))
            result = findBlock(job, block);
        if (wanted.empty() || block > wanted.back()) // nothing that follows needs its output
            continue;
        const auto weights = reader.read(block);
        const auto data = forwardWindows(info, rope, weights, block, hidden, training, part);
        if (mine && !result) {
            const auto problem = [&](std::int64_t begin, std::int64_t count) {
                return BlockProblem{
                    info,
                    rope,
                    weights,
                    BlockScheme(schemeOf(job, {block, ModuleKind::Attention}), schemeOf(job, {block, ModuleKind::Mlp})),
                    block,
                    hidden.narrow(0, begin, count),
                    data.targets.narrow(0, begin, count)};
            };
            auto candidates = makeCandidates(job, block, weights, data.maxima);
            const auto search = options.mode == SearchMode::Oracle ? trainEveryCandidate : searchBlock;
            const auto tail = options.measure == HeldOutMeasure::Divergence
                ? std::optional<ModelTail>(std::in_place, *job.model, block)
                : std::nullopt;
            result = search(problem(0, training), problem(training, heldOut), candidates, options,
                            tail ? &*tail : nullptr, observer, part);
            keepBlock(job, *result);
        }
        if (mine && job.ranks)
            job.ranks->put(std::to_string(block), blockSearchToJson(*result).dump());
        if (mine)
            queue.advance();
        hidden = data.targets;
    }
    if (job.ranks)
        gatherBlocks(job, wanted, blocks, beating);
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
        else if (hasModules(job.options, int(block)))
            missing += (missing.empty() ? "" : ", ") + std::to_string(block);
    if (missing.empty()) {
        result.modules = decide(result.blocks, result.candidates, job.options);
        result.plan = planOf(result.modules, job.options);
        addUnsearched(result.plan, job.options, job.files->info().blocks);
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
                     .modules = moduleLosses(result.blocks, result.candidates, job.options)};
    // Losses of other widths say nothing about a rule for these.
    std::erase_if(result.losses.modules,
                  [&](const ModuleLosses& losses) { return !(schemeOf(job, losses.module) == job.scheme); });
    return result;
}

} // namespace core
