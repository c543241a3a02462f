// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/calibration_options.h"
#include "core/io/json.h"

namespace core {

/** {block, error_start, error_end, loss_trace, seconds, warnings}: one entry of `blocks` in the command line's contract. */
Json blockReportToJson(const BlockReport& report);
BlockReport blockReportFromJson(const Json& json, const std::string& name);

/** {memory_bytes, memory_available_bytes, disk_bytes, disk_available_bytes, seconds, step_seconds, fits, warnings, measured
    {memory_bytes, disk_bytes, seconds}}; `measured` after the run. */
Json preflightToJson(const PreflightReport& report);

/** {blocks, peak_memory_bytes, bundle, preflight, refinement}. */
Json reportToJson(const CalibrationReport& report);

/** The way back; throws Error(Corrupt) naming `name` and the key. */
CalibrationReport reportFromJson(const Json& json, const std::string& name);

/** {candidates, seqlen, tokens}: what moves the result. */
Json refineOptionsToJson(const RefineOptions& options);

/** {kl_before, kl_after, tokens, seconds, swaps [{module, from, to, kl, difference, stderr, kept}]}. */
Json refinementToJson(const RefinementReport& report);
RefinementReport refinementFromJson(const Json& json, const std::string& name);

/** Every option that moves the result. */
Json optionsToJson(const CalibrationOptions& options);

CalibrationOptions optionsFromJson(const Json& json, const std::string& name);

} // namespace core
