// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QString>

class QPalette;

namespace ui {

/** One of the bundled line drawings (resources/icons/NAME.svg) in the palette's text colours: normal, disabled, and on a
    highlighted ground where it is checked. */
QIcon icon(const QString& name, const QPalette& palette);

} // namespace ui
