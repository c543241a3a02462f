// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QWidget;

namespace ui {

/** How much larger letters are for a room that looks at a projector. */
inline constexpr double kPresenterScale = 1.5;

/** Makes rows and columns of the tables in `window` `factor` times as large, so that they hold their letters; a second call brings rows back. */
void scaleTables(QWidget& window, double factor);

} // namespace ui
