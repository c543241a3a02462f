// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/calibrator.h"
#include "core/export/bundle_origin.h"
#include "core/session/session.h"

namespace core {

/** The folder a calibration writes to, absolute. Throws Error(InvalidArgument) where there is none or it holds something else. */
std::filesystem::path bundleFolder(const CalibrateSpec& spec);

/** Throws Error(InvalidArgument) where the plan was made for another model. */
void checkPlanFits(const CalibrateSpec& spec, const ModelFiles& files);

/** Estimates, calibrates and, once no block is missing, writes the bundle. Among ranks the first writes it and the others wait for it. */
CalibrationReport calibrateIntoBundle(const CalibrationJob& job, const std::filesystem::path& folder,
                                      const std::string& textHash, const BundleOrigin& origin,
                                      const LossObserver& observer, Progress& progress);

} // namespace core
