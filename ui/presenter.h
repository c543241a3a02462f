// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QWidget;

namespace ui {

/** How much larger letters are for a room that looks at a projector. */
inline constexpr double kPresenterScale = 1.5;

/** Makes all letters of `window`, and the rows of its tables, `factor` times as large. */
void scaleLetters(QWidget& window, double factor);

} // namespace ui
