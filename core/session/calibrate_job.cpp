// SPDX-License-Identifier: Apache-2.0
#include "core/session/calibrate_job.h"

#include "core/base/error.h"
#include "core/calibrate/preflight.h"
#include "core/calibrate/run_measurement.h"
#include "core/export/native_bundle.h"

namespace core {

namespace fs = std::filesystem;

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

CalibrationReport calibrateIntoBundle(const CalibrationJob& job, const fs::path& folder, const std::string& textHash,
                                      const BundleOrigin& origin, const LossObserver& observer, Progress& progress)
{
    CalibrationReport report;
    ProgressPart estimating(progress, 0.0, 0.0);
    if (!isFinished(job))
        report.preflight = estimateRun(job, folder, estimating);
    const RunMeasurement measurement;
    ProgressPart training(progress, 0.0, 0.97);
    const auto blocks = calibrateBlocks(
        job, observer ? observer : [](const LossPoint&) {}, training);
    BundleContents contents{job.files, job.plan, job.options, {}, textHash, {}, origin};
    for (const auto& block : blocks)
        if (block) {
            report.blocks.push_back(block->report);
            contents.blocks.push_back(*block);
        }
    measurement.writeTo(report, {});
    if (int(contents.blocks.size()) < job.files->info().blocks)
        return report; // other ranges are still to be done
    contents.report = report;
    ProgressPart writing(progress, 0.97, 1.0);
    writeBundle(folder, contents, job.checkpoints, writing);
    report.bundle = folder.string();
    measurement.writeTo(report, folder);
    return report;
}

} // namespace core
