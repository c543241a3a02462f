// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/stats/profile.h"

#include <QVector>

namespace ui {

/** A histogram as a few heights in [0, 1], the tallest bin 1 and one value a little above 0, on a logarithmic scale. */
QVector<double> sparkline(const core::Histogram& histogram);

} // namespace ui
