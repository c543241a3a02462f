// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/calibrator.h"

namespace core {

/** Estimates a run before it starts: trains the first block of the range for three steps of one batch, rounds it, and counts what is
    left to do from the job's sizes. Seconds are those of a machine that stays as busy as it is now. On a GPU the memory is the
    host's alone. Where the process was larger before, its peak cannot be lower. `bundle` is the folder to be written. */
PreflightReport estimateRun(const CalibrationJob& job, const std::filesystem::path& bundle, Progress& progress);

/** Whether every block of the job's range has a checkpoint file to resume from: there is then nothing to estimate. */
bool isFinished(const CalibrationJob& job);

} // namespace core
