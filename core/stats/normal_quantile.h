// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace core {

/** Share of a standard normal distribution below `z`. */
double normalShare(double z);

/** The z that has `share` below it: Acklam's rational approximation with one step of Halley's method, relative error below
    1e-12. Minus or plus infinity for 0 and 1, NaN outside. */
double normalQuantile(double share);

} // namespace core
