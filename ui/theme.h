// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/settings.h"

#include <QPalette>

#include <optional>

namespace ui {

/** The palettes of the studio on Qt's Fusion style, the only one that is everywhere. Qt 6.4 cannot ask the system for its
    colour scheme, so "system" looks at the palette the application started with. */
QPalette themePalette(ThemeChoice choice);

/** Sets style, palette and the few style rules that palettes cannot say, with letters `letters` times as large as the
    application's. Once they were large a 1 brings them back; without it widgets keep what they have. */
void applyTheme(ThemeChoice choice, std::optional<double> letters = {});

} // namespace ui
