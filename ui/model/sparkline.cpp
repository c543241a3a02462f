// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model/sparkline.h"

#include <algorithm>
#include <cmath>

namespace ui {

QVector<double> sparkline(const core::Histogram& histogram)
{
    constexpr std::size_t kBars = 32;
    const auto bins = histogram.counts.size();
    if (bins == 0)
        return {};
    const auto bars = std::min(kBars, bins);
    QVector<double> heights(static_cast<qsizetype>(bars), 0.0);
    for (std::size_t i = 0; i < bins; ++i)
        heights[static_cast<qsizetype>(i * bars / bins)] += static_cast<double>(histogram.counts[i]);
    double top = 0.0;
    for (auto& height : heights) {
        height = std::log1p(height);
        top = std::max(top, height);
    }
    if (top > 0.0)
        for (auto& height : heights)
            height /= top;
    return heights;
}

} // namespace ui
