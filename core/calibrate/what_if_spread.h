// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/what_if_report.h"

#include <cmath>

namespace core {

/** Whether two kinds' errors lie closer than 95 % of their spread over the windows allows to tell: 1.96 standard errors of the
    difference, as if the windows were not the same (so on the safe side). False where an error is NaN. */
inline bool areAlike(const WhatIfKind& one, const WhatIfKind& other)
{
    constexpr double kNormal95 = 1.96;
    return std::abs(one.error - other.error) < kNormal95 * std::hypot(one.errorStderr, other.errorStderr);
}

} // namespace core
