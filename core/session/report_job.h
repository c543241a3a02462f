// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/session/session.h"

namespace core {

/** See Session::writeReport. Throws Error(InvalidArgument) for an input that holds neither an evaluation nor a calibration. */
std::uint64_t writeReport(const ReportSpec& spec);

} // namespace core
