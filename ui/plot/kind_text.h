// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transforms/transform_kind.h"

#include <QString>

namespace ui {

QString kindName(core::TransformKind kind);  // "affine", "none", ... in the person's language
QString kindGlyph(core::TransformKind kind); // told apart without colour
QString kindHelp(core::TransformKind kind);  // one line

} // namespace ui
