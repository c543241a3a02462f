// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"
#include "ui/jobs/job.h"

namespace ui {

class Studio;

// The same run so that it needs less memory, as choices that start it.
std::vector<JobChoice> cheaperCalibrations(Studio& studio, const core::CalibrateSpec& spec);
std::vector<JobChoice> cheaperEvaluations(Studio& studio, const core::EvaluateSpec& spec, const QString& name);

} // namespace ui
