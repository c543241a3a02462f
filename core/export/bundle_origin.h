// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/calibration_options.h"

namespace core {

/** Where a bundle comes from: with it the bundle can be made again. Empty where an older bundle does not say. */
struct BundleOrigin
{
    std::string source; // path of the full-precision model
    std::string sourceHash;
    std::string planHash;
    std::string text;     // path of the calibration text
    std::string textHash; // SHA-256 of the text
    std::string version;
    std::string libtorch;
    std::string device;
    std::string command;
    std::string time; // UTC
    CalibrationOptions options = {};
};

} // namespace core
