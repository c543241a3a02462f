// SPDX-License-Identifier: Apache-2.0
#include "core/session/calibrate_job.h"

#include "core/base/error.h"
#include "core/calibrate/preflight.h"
#include "core/calibrate/run_measurement.h"
#include "core/export/native_bundle.h"
#include "core/io/text_reader.h"
#include "core/session/session_texts.h"

namespace core {

namespace {

namespace fs = std::filesystem;

/** What a rank other than 0 does after its blocks: rank 0 writes the bundle. */
CalibrationReport awaitBundle(Ranks& ranks, const fs::path& folder, Progress& progress)
{
    progress.report(1.0, "waiting for rank 0 to write the bundle");
    // Rank 0 may have left, and the store with it, before this one saw that the bundle is written.
    if (!ranks.meet("written", {0}, progress).empty() && !isBundle(folder))
        throw Error(ErrorKind::Io,
                    "rank 0 fell silent before it wrote the bundle. What is finished is kept; the same command with "
                    "--resume does the rest",
                    folder.string());
    ranks.meet("seen", {ranks.rank()}, progress); // says so and waits for nobody
    return isBundle(folder) ? readBundleHeader(folder).report : CalibrationReport{};
}

} // namespace

std::filesystem::path bundleFolder(const CalibrateSpec& spec)
{
    if (spec.out.empty())
        throw Error(ErrorKind::InvalidArgument, "calibration needs a folder to write to");
    auto folder = fs::absolute(spec.out).lexically_normal();
    if (!folder.has_filename())
        folder = folder.parent_path();
    checkBundleTarget(folder);
    return folder;
}

void checkPlanFits(const CalibrateSpec& spec, const ModelFiles& files)
{
    if (!spec.plan.model.empty() && spec.plan.model != files.hash())
        throw Error(ErrorKind::InvalidArgument, "the plan was made for another model", spec.model);
    if (int(spec.plan.modules.size()) != 2 * files.info().blocks)
        throw Error(ErrorKind::InvalidArgument,
                    "the plan has " + std::to_string(spec.plan.modules.size() / 2) + " blocks, the model "
                        + std::to_string(files.info().blocks),
                    spec.model);
}

CalibrationTexts readCalibrationTexts(ModelStore& store, const CalibrateSpec& spec)
{
    constexpr double kTraining = 0.75;
    const auto tokenizer = store.tokenizer(spec.model);
    const auto encode = [&](const std::string& text) { return tokenizer->encode(text, SpecialTokens::Add); };
    const auto text = readText(spec.text);
    if (!spec.refine)
        return {encode(text), {}, sha256(text)};
    if (!spec.refine->text.empty())
        return {encode(text), encode(readText(spec.refine->text)), sha256(text)};
    const auto border = borderNear(text, kTraining);
    return {encode(text.substr(0, border)), encode(text.substr(border)), sha256(text)};
}

Judging judgingOf(const CalibrateSpec& spec, const CalibrationTexts& texts, std::shared_ptr<const Model> model)
{
    const auto& options = spec.refine.value();
    const auto context = model->info().context;
    const auto seqlen = options.seqlen > 0 ? options.seqlen : std::min<std::int64_t>(2048, context);
    if (seqlen > context)
        throw Error(ErrorKind::InvalidArgument,
                    "windows of " + std::to_string(seqlen)
                        + " tokens to refine by are longer than the model's context of " + std::to_string(context));
    const auto& source = options.text.empty() ? spec.text : options.text;
    return {leadingWindows(texts.judging, seqlen, options.tokens, source), options, std::move(model)};
}

CalibrationReport calibrateIntoBundle(CalibrationJob job, const std::optional<Judging>& judging, const fs::path& folder,
                                      const std::string& textHash, const BundleOrigin& origin,
                                      const LossObserver& observer, Progress& progress)
{
    CalibrationReport report;
    const bool first = !job.ranks || job.ranks->rank() == 0;
    const auto hear = observer ? observer : [](const LossPoint&) {};
    ProgressPart estimating(progress, 0.0, 0.0);
    if (first && !isFinished(job)) {
        report.preflight = estimateRun(job, folder, estimating);
        if (judging)
            report.preflight->seconds *= refiningFactor(judging->options);
    }
    const RunMeasurement measurement;
    if (judging) {
        ProgressPart refining(progress, 0.0, 0.96);
        auto refined = refinePlan(job, *judging, hear, refining);
        job.plan = std::move(refined.plan);
        job.options.resume = true; // every block is there
        report.refinement = std::move(refined.report);
    }
    ProgressPart training(progress, judging ? 0.96 : 0.0, 0.97);
    const auto blocks = calibrateBlocks(job, hear, training);
    if (!first)
        return awaitBundle(*job.ranks, folder, progress);
    if (trainingPrecision(job.plan, job.options.precision) != job.options.precision)
        report.warnings.push_back("trained in fp32 although bf16 was asked for: widths of 3 bits or less need it");
    BundleContents contents{job.files, job.plan, job.options, {}, textHash, {}, origin, job.windows, job.device};
    for (const auto& block : blocks)
        if (block) {
            report.blocks.push_back(block->report);
            contents.blocks.push_back(*block);
        }
    measurement.writeTo(report, {});
    if (int(contents.blocks.size()) == job.files->info().blocks) { // else other ranges are still to be done
        contents.report = report;
        ProgressPart writing(progress, 0.97, 1.0);
        BeatingProgress beating(writing, job.ranks.get());
        report = writeBundle(folder, contents, job.checkpoints, beating);
        measurement.writeTo(report, folder);
    }
    if (job.ranks) {
        job.ranks->meet("written", {0}, progress);
        job.ranks->meet("seen", {}, progress); // the store, which may end with this process, has to outlive the news
    }
    return report;
}

} // namespace core
