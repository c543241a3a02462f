// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/calibrator.h"
#include "core/export/bundle_origin.h"
#include "core/search/refiner.h"
#include "core/session/model_store.h"
#include "core/session/session.h"

namespace core {

/** The folder a calibration writes to, absolute. Throws Error(InvalidArgument) where there is none or it holds something else. */
std::filesystem::path bundleFolder(const CalibrateSpec& spec);

/** Throws Error(InvalidArgument) where the plan was made for another model. */
void checkPlanFits(const CalibrateSpec& spec, const ModelFiles& files);

/** The text that calibrates, and what a plan is refined by: the text of `refine`, or without one the last quarter of the calibration
    text, which then calibrates nothing. */
struct CalibrationTexts
{
    std::vector<int> training;
    std::vector<int> judging; // empty where nothing is refined
    std::string hash;         // of the whole calibration text
};

CalibrationTexts readCalibrationTexts(ModelStore& store, const CalibrateSpec& spec);

/** The windows that a plan is refined by. Throws Error(InvalidArgument) where the text is shorter than one. */
Judging judgingOf(const CalibrateSpec& spec, const CalibrationTexts& texts, std::shared_ptr<const Model> model);

/** Estimates, calibrates (and with `judging` refines the plan) and, once no block is missing, writes the bundle. Among ranks the first
    writes it and the others wait for it. */
CalibrationReport calibrateIntoBundle(CalibrationJob job, const std::optional<Judging>& judging,
                                      const std::filesystem::path& folder, const std::string& textHash,
                                      const BundleOrigin& origin, const LossObserver& observer, Progress& progress);

} // namespace core
