// SPDX-License-Identifier: GPL-3.0-or-later
// Results as parts of a project file, with the keys of the command line's JSON.
#pragma once

#include "core/calibrate/calibration_options.h"
#include "core/eval/evaluation_report.h"

#include <QJsonObject>

namespace ui {

QJsonObject reportToJson(const core::EvaluationReport& report);
core::EvaluationReport reportFromJson(const QJsonObject& json);
QJsonObject calibrationToJson(const core::CalibrationReport& report);
core::CalibrationReport calibrationFromJson(const QJsonObject& json);

} // namespace ui
