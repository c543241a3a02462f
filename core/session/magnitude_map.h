// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/progress.h"
#include "core/session/inspection.h"
#include "core/session/value_rows.h"

namespace core {

/** Pools a rectangle of the open values to a grid. Throws Error(InvalidArgument) for a rectangle that is empty or reaches
    outside. One pass, O(values + peaks log peaks). */
MagnitudeMap mapMagnitudes(const ValueRows& values, const MapSpec& spec, Progress& progress);

/** Quantiles of the open values. One pass in fixed memory. Throws Error(InvalidArgument) for fewer than two points. */
QuantilePlot plotQuantiles(const ValueRows& values, const QuantileSpec& spec, Progress& progress);

} // namespace core
