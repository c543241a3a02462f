// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transforms/transform_kind.h"

#include <QColor>

class QPalette;

namespace ui {

/** The colours of plots: Okabe and Ito's set, which people with any colour deficiency can tell apart, in the shades that
    stand out on a light and on a dark ground. */
struct PlotColors
{
    QColor ground;
    QColor text;
    QColor muted; // tick labels, secondary lines
    QColor grid;
    QColor border;
    QColor before; // blue: as it is, training
    QColor after;  // orange: as the transform makes it
    QColor fit;    // reference curves
    QColor alarm;
    QColor affine;
    QColor rotation;
    QColor hadamard;
    QColor identity;

    QColor ofKind(core::TransformKind kind) const;
};

bool isDark(const QPalette& palette);
PlotColors plotColors(const QPalette& palette);

/** `share` in [0, 1] of the way from blue to orange through the palette's magnitude ramp (cividis). */
QColor rampColor(double share, bool dark);

} // namespace ui
