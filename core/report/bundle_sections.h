// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/report/html_report.h"

namespace core {

// Sections of htmlReport about what was done to a model; each is empty where no run has what it shows.

std::string planSection(const std::vector<ReportRun>& runs);        // the transform of each module
std::string calibrationSection(const std::vector<ReportRun>& runs); // errors of the blocks
std::string provenanceSection(const std::vector<ReportRun>& runs);  // where figures and bundles come from

} // namespace core
