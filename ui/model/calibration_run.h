// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calibrate/calibration_options.h"

#include <QString>

#include <vector>

namespace ui {

/** One finished calibration, kept with the project to be compared with others. */
struct CalibrationRun
{
    QString bundle; // folder
    QString text;
    QString bits; // "W4 A4 K4 V4"
    int samples = 0;
    int seqlen = 0;
    int epochs = 0;
    int batch = 0;
    QString command; // of the command line
    core::CalibrationReport report;
    std::vector<core::LossPoint> losses = {}; // live ones; a project keeps the report's means of epochs alone
};

} // namespace ui
