// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/calibration_options.h"
#include "core/io/json.h"

namespace core {

/** {block, error_start, error_end, loss_trace, seconds, warnings}: one entry of `blocks` in the command line's contract. */
Json blockReportToJson(const BlockReport& report);
BlockReport blockReportFromJson(const Json& json, const std::string& name);

/** {blocks, peak_memory_bytes, bundle}. */
Json reportToJson(const CalibrationReport& report);

/** The way back; throws Error(Corrupt) naming `name` and the key. */
CalibrationReport reportFromJson(const Json& json, const std::string& name);

/** Every option that moves the result. */
Json optionsToJson(const CalibrationOptions& options);

CalibrationOptions optionsFromJson(const Json& json, const std::string& name);

} // namespace core
