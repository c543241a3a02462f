// SPDX-License-Identifier: Apache-2.0
#include "core/search/refiner.h"

#include "core/base/error.h"
#include "core/calibrate/block_reader.h"
#include "core/calibrate/block_windows.h"
#include "core/calibrate/calibration_json.h"
#include "core/calibrate/checkpoint.h"
#include "core/calibrate/packed_block.h"
#include "core/search/decisions.h"
#include "core/search/plan_judge.h"
#include "core/stats/running_mean.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

namespace core {

namespace {

namespace fs = std::filesystem;

void checkJob(const CalibrationJob& job, const Judging& judging)
{
    if (job.ranks)
        throw Error(ErrorKind::Unsupported, "a plan is refined by one process, not by several ranks");
    if (job.options.blocks)
        throw Error(ErrorKind::Unsupported, "refining needs every block: calibrate without a range of them");
    if (judging.windows.size(0) < 2)
        throw Error(ErrorKind::InvalidArgument,
                    "refining needs at least two windows of " + std::to_string(judging.windows.size(1))
                        + " tokens that nothing is calibrated on, there is " + std::to_string(judging.windows.size(0)));
}

double meanOf(const std::vector<double>& values)
{
    RunningMean mean;
    for (const double value : values)
        mean.add(value);
    return mean.mean();
}

Choice& choiceOf(Plan& plan, const ModuleId& module)
{
    return plan.modules.at(std::size_t(2 * module.block + (module.kind == ModuleKind::Mlp ? 1 : 0)));
}

std::string percent(double fraction)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.2f %%", 100.0 * fraction);
    return text;
}

std::string nats(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

/** What was tried in a module and what came of it. */
void giveReason(Choice& choice, const std::vector<SwapReport>& swaps, double klBefore, std::int64_t tokens)
{
    const auto best = std::min_element(swaps.begin(), swaps.end(),
                                       [](const auto& a, const auto& b) { return a.difference < b.difference; });
    if (best == swaps.end())
        return;
    const auto kept = std::find_if(swaps.begin(), swaps.end(), [](const auto& swap) { return swap.kept; });
    const auto& told = kept != swaps.end() ? *kept : *best;
    const auto figures = percent(told.difference / klBefore) + " +-" + percent(told.stderror / klBefore);
    const auto text = kept != swaps.end()
        ? toString(told.to) + " instead of " + toString(told.from) + ": KL of the quantized model " + nats(told.kl)
            + " instead of " + nats(klBefore) + " nats (" + figures + ") on " + std::to_string(tokens)
            + " held-out tokens"
        : "nothing that was tried lowers the KL of the quantized model beyond its error; the best, " + toString(told.to)
            + ", moves it by " + figures;
    choice.reason.text = kept != swaps.end() || choice.reason.text.empty() ? text : choice.reason.text + "; " + text;
    choice.reason.numbers.emplace_back("kl_" + toString(told.from), klBefore);
    for (const auto& swap : swaps) {
        choice.reason.numbers.emplace_back("kl_" + toString(swap.to), swap.kl);
        choice.reason.numbers.emplace_back("kl_difference_" + toString(swap.to), swap.difference);
        choice.reason.numbers.emplace_back("kl_stderr_" + toString(swap.to), swap.stderror);
    }
}

class Refining
{
public:
    Refining(const CalibrationJob& job, const Judging& judging, const LossObserver& observer)
        : m_start(job)
        , m_judging(judging)
        , m_observer(observer)
        , m_calibration(job)
        , m_blocks(job.files->info().blocks)
    {
        m_refined.plan = job.plan;
        m_refined.report.tokens = judging.windows.size(0) * (judging.windows.size(1) - 1);
    }

    RefinedPlan run(Progress& progress)
    {
        const auto begin = std::chrono::steady_clock::now();
        fs::create_directories(m_calibration.checkpoints);
        auto known = m_calibration.options.resume ? readRecords() : std::vector<CalibratedBlock>();
        if (int(known.size()) < m_blocks)
            refineRest(std::move(known), progress);
        m_refined.plan.method = "refined";
        m_refined.report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        return std::move(m_refined);
    }

private:
    const ModelInfo& info() const { return m_calibration.files->info(); }
    fs::path startFolder() const { return m_calibration.checkpoints.string() + ".start"; } // no part of the bundle
    fs::path recordPath(const fs::path& folder, int block) const
    {
        return folder / ("refined-" + std::to_string(block) + ".json");
    }

    std::string fingerprint() const
    {
        if (m_fingerprint.empty()) {
            Json facts = {{"options", refineOptionsToJson(m_judging.options)}};
            const auto windows = m_judging.windows.contiguous();
            facts["judging"] = sha256({static_cast<const char*>(windows.const_data_ptr()), windows.nbytes()});
            for (int block = 0; block < m_blocks; ++block)
                facts["start"].push_back(blockFingerprint(m_start, block));
            m_fingerprint = sha256(facts.dump());
        }
        return m_fingerprint;
    }

    /** Takes over blocks that were finished before, as long as one follows the other: what they were trained to, by block. */
    std::vector<CalibratedBlock> readRecords()
    {
        std::vector<CalibratedBlock> known;
        for (int block = 0; block < m_blocks; ++block) {
            const auto plan = m_refined.plan;
            const auto record = findRecord(block);
            if (!record)
                return known;
            double before = record->klBefore;
            for (const auto kind : {ModuleKind::Attention, ModuleKind::Mlp}) {
                std::vector<SwapReport> swaps;
                std::copy_if(record->swaps.begin(), record->swaps.end(), std::back_inserter(swaps),
                             [&](const auto& swap) {
                                 return swap.module == ModuleId{block, kind};
                             });
                decide({block, kind}, swaps, before);
                for (const auto& swap : swaps)
                    before = swap.kept ? swap.kl : before;
            }
            auto trained = findTrained(block);
            if (!trained) { // something else was calibrated there since
                m_refined.plan = m_calibration.plan = plan;
                return known;
            }
            addToReport(block, *record);
            writeRecord(block, *record);
            known.push_back(std::move(*trained));
        }
        return known;
    }

    std::optional<RefinementReport> findRecord(int block) const
    {
        for (const auto& folder : {m_calibration.checkpoints, m_calibration.oldCheckpoints}) {
            const auto path = recordPath(folder, block);
            if (!fs::exists(path))
                continue;
            const auto record = readJson(path);
            if (record.is_object() && record.value("fingerprint", "") == fingerprint())
                return refinementFromJson(record.value("refinement", Json()), path.string());
        }
        return std::nullopt;
    }

    /** The block as the plan has it by now. */
    std::optional<CalibratedBlock> findTrained(int block) const
    {
        const auto fresh = makeBlockParameters(info(), m_calibration.plan, block, m_calibration.options);
        for (const auto& folder : {m_calibration.checkpoints, m_calibration.oldCheckpoints})
            if (auto found = loadCheckpoint(checkpointPath(folder, block), blockFingerprint(m_calibration, block),
                                            onDevice(fresh, m_calibration.device)))
                return found;
        return std::nullopt;
    }

    void writeRecord(int block, const RefinementReport& own) const
    {
        const Json record = {{"fingerprint", fingerprint()}, {"refinement", refinementToJson(own)}};
        writeFileAtomically(recordPath(m_calibration.checkpoints, block), record.dump(1) + "\n");
    }

    /** Puts what came of a module's swaps into the plan. */
    void decide(const ModuleId& module, const std::vector<SwapReport>& swaps, double klBefore)
    {
        auto& choice = choiceOf(m_refined.plan, module);
        const auto kept = std::find_if(swaps.begin(), swaps.end(), [](const auto& swap) { return swap.kept; });
        if (kept != swaps.end())
            setCandidate(choice, kept->to, m_calibration.options.seed);
        giveReason(choice, swaps, klBefore, m_refined.report.tokens);
        m_calibration.plan = m_refined.plan;
    }

    void addToReport(int block, const RefinementReport& own)
    {
        auto& report = m_refined.report;
        if (block == 0)
            report.klBefore = own.klBefore;
        report.swaps.insert(report.swaps.end(), own.swaps.begin(), own.swaps.end());
        report.klAfter = own.klAfter;
    }

    /** All blocks: those that are `known`, the others trained as the plan has them at the beginning. */
    std::vector<CalibratedBlock> startBlocks(std::vector<CalibratedBlock> known, Progress& progress)
    {
        auto start = m_start;
        start.checkpoints = startFolder();
        start.options.resume = true; // nobody else writes there, and a checkpoint says what it was made from
        start.options.blocks = {{int(known.size()), m_blocks}};
        const auto trained = calibrateBlocks(start, m_observer, progress);
        for (std::size_t block = known.size(); block < trained.size(); ++block)
            known.push_back(*trained[block]);
        return known;
    }

    Model::Block runnable(int block, const BlockWeights& weights, const BlockParameters& parameters) const
    {
        const auto scheme = m_calibration.plan.schemeOf(block);
        return deployedBlock(quantizeBlock(info(), weights, parameters, scheme), scheme, m_calibration.device);
    }

    std::vector<Model::Block> runnableBlocks(const std::vector<CalibratedBlock>& trained, Progress& progress) const
    {
        std::vector<Model::Block> blocks;
        BlockReader reader(m_calibration.files, m_calibration.device);
        for (int block = 0; block < m_blocks; ++block) {
            progress.checkpoint();
            blocks.push_back(runnable(block, reader.read(block), trained[std::size_t(block)].parameters));
        }
        return blocks;
    }

    void refineRest(std::vector<CalibratedBlock> known, Progress& progress)
    {
        const auto first = int(known.size());
        const double share = 1.0 / refiningFactor(m_judging.options);
        ProgressPart starting(progress, 0.0, share);
        ProgressPart refining(progress, share, 1.0);
        auto trained = startBlocks(std::move(known), starting);
        PlanJudge judge(m_judging.windows, *m_judging.model, runnableBlocks(trained, refining), refining);
        BlockReader reader(m_calibration.files, m_calibration.device);
        const Rope rope(info(), m_calibration.device);
        auto hidden = embedWindows(m_calibration.files, m_calibration.windows, m_calibration.device);
        for (int block = 0; block < m_blocks; ++block) {
            ProgressPart part(refining, double(block) / m_blocks, double(block + 1) / m_blocks);
            const auto weights = reader.read(block);
            const auto data = forwardWindows(info(), rope, weights, block, hidden, hidden.size(0), part);
            if (block >= first) {
                const BlockProblem problem{
                    info(),       rope,
                    weights,      m_calibration.plan.schemeOf(block),
                    block,        hidden,
                    data.targets, trainingPrecision(m_calibration.plan, m_calibration.options.precision)};
                judge.set(refineBlock(problem, data.maxima, judge, std::move(trained[std::size_t(block)]), part));
            }
            judge.advance();
            hidden = data.targets;
        }
        std::error_code ignored;
        fs::remove_all(startFolder(), ignored);
    }

    struct Standing
    {
        CalibratedBlock trained;
        Model::Block block;
        std::vector<double> divergences; // by window
    };

    /** The block with `candidate` in one module, trained and measured. */
    Standing tried(const BlockProblem& problem, const ChannelMaxima& maxima, const ModuleId& module,
                   const Candidate& candidate, const PlanJudge& judge, Progress& progress)
    {
        auto plan = m_refined.plan;
        setCandidate(choiceOf(plan, module), candidate, m_calibration.options.seed);
        auto parameters =
            onDevice(makeBlockParameters(info(), plan, problem.block, m_calibration.options), m_calibration.device);
        startChannelScales(parameters.transforms, problem.weights, maxima, m_calibration.options);
        auto report = trainBlock(problem, parameters, m_calibration.options, m_observer, progress);
        auto block = runnable(problem.block, problem.weights, parameters);
        auto divergences = judge.divergences(&block, progress);
        return {{std::move(parameters), std::move(report)}, std::move(block), std::move(divergences)};
    }

    /** The block as it stays. */
    Model::Block refineBlock(const BlockProblem& problem, const ChannelMaxima& maxima, const PlanJudge& judge,
                             CalibratedBlock start, Progress& progress)
    {
        if (m_divergences.empty())
            m_divergences = judge.divergences(nullptr, progress);
        auto block = runnable(problem.block, problem.weights, start.parameters);
        Standing standing{std::move(start), std::move(block), std::move(m_divergences)};
        RefinementReport own{.klBefore = meanOf(standing.divergences), .swaps = {}};
        for (const auto kind : {ModuleKind::Attention, ModuleKind::Mlp}) {
            const double begin = kind == ModuleKind::Mlp ? 0.5 : 0.0;
            ProgressPart half(progress, begin, begin + 0.5);
            const double before = meanOf(standing.divergences);
            const auto swaps = tryModule(problem, maxima, {problem.block, kind}, judge, standing, half);
            decide({problem.block, kind}, swaps, before);
            own.swaps.insert(own.swaps.end(), swaps.begin(), swaps.end());
        }
        own.klAfter = meanOf(standing.divergences);
        addToReport(problem.block, own);
        saveCheckpoint(checkpointPath(m_calibration.checkpoints, problem.block),
                       blockFingerprint(m_calibration, problem.block), standing.trained);
        writeRecord(problem.block, own);
        m_divergences = std::move(standing.divergences);
        return standing.block;
    }

    /** Every other candidate in one module; the best one that lowers the divergence enough takes its place in `standing`. */
    std::vector<SwapReport> tryModule(const BlockProblem& problem, const ChannelMaxima& maxima, const ModuleId& module,
                                      const PlanJudge& judge, Standing& standing, Progress& progress)
    {
        const auto& choice = choiceOf(m_refined.plan, module);
        if (choice.origin == Origin::User)
            return {};
        const auto from = candidateOf(choice, m_calibration.options);
        const auto& candidates = m_judging.options.candidates;
        std::vector<SwapReport> swaps;
        std::optional<Standing> best;
        std::size_t bestSwap = 0;
        for (std::size_t k = 0; k < candidates.size(); ++k) {
            if (candidates[k] == from)
                continue;
            ProgressPart part(progress, double(k) / double(candidates.size()),
                              double(k + 1) / double(candidates.size()));
            auto trial = tried(problem, maxima, module, candidates[k], judge, part);
            RunningMean difference;
            for (std::size_t window = 0; window < trial.divergences.size(); ++window)
                difference.add(trial.divergences[window] - standing.divergences[window]);
            swaps.push_back({module, from, candidates[k], meanOf(trial.divergences), difference.mean(),
                             difference.standardError(), false});
            const auto& swap = swaps.back();
            const bool lower = swap.difference < -kSwapErrors * swap.stderror; // false for NaN
            if (lower && (!best || swap.kl < swaps[bestSwap].kl)) {
                best = std::move(trial);
                bestSwap = swaps.size() - 1;
            }
        }
        if (best) {
            standing = std::move(*best);
            swaps[bestSwap].kept = true;
        }
        return swaps;
    }

    const CalibrationJob& m_start;
    const Judging& m_judging;
    const LossObserver& m_observer;
    CalibrationJob m_calibration; // by the plan as refined so far
    int m_blocks;
    RefinedPlan m_refined;
    std::vector<double> m_divergences; // by window, of the model as it stands
    mutable std::string m_fingerprint;
};

} // namespace

double refiningFactor(const RefineOptions& options)
{
    return 1.0 + 2.0 * double(std::max<std::size_t>(1, options.candidates.size()) - 1);
}

RefinedPlan refinePlan(const CalibrationJob& job, const Judging& judging, const LossObserver& observer,
                       Progress& progress)
{
    checkJob(job, judging);
    return Refining(job, judging, observer).run(progress);
}

} // namespace core
