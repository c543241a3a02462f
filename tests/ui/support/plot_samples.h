// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/stats/profile.h"
#include "ui/plot/threshold_plot.h"

#include <QVector>

#include <memory>

namespace samples {

inline std::shared_ptr<const core::Distribution> distribution()
{
    auto made = std::make_shared<core::Distribution>();
    // Ten values in four bins of width 0.5: densities are count / (10 * 0.5).
    made->histogram = {.low = -1.0, .high = 1.0, .counts = {1, 4, 5, 0}, .below = 0, .above = 0};
    made->count = 10;
    made->std = 0.4;
    made->min = -1.0;
    made->max = 0.5;
    made->kurtosis = 1.25;
    made->channelAbsmax = {0.5f, 2.0f, 1.0f};
    return made;
}

inline QVector<ui::ModulePoint> points()
{
    QVector<ui::ModulePoint> made;
    for (int block = 0; block < 6; ++block)
        made.append({.module = {block, core::ModuleKind::Attention}, .robustZ = block - 2.0, .kurtosis = block * 1.0});
    return made;
}

} // namespace samples
