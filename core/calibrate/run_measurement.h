// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/calibration_options.h"

#include <chrono>
#include <filesystem>

namespace core {

/** What a run takes, from its construction on: put beside what was estimated. */
class RunMeasurement
{
public:
    RunMeasurement(); // starts the peak of memory anew, where the system allows it

    /** Fills the report's peak and, where it has an estimate, the measurement beside it. `folder` is what was written; empty:
        nothing yet. */
    void writeTo(CalibrationReport& report, const std::filesystem::path& folder) const;

private:
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
};

} // namespace core
