// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/kind_text.h"

#include <QCoreApplication>

namespace ui {

QString kindName(core::TransformKind kind)
{
    switch (kind) {
    case core::TransformKind::Affine: return QCoreApplication::translate("ui::Kind", "affine");
    case core::TransformKind::Rotation: return QCoreApplication::translate("ui::Kind", "rotation");
    case core::TransformKind::Hadamard: return QCoreApplication::translate("ui::Kind", "Hadamard");
    case core::TransformKind::Identity: return QCoreApplication::translate("ui::Kind", "none");
    }
    return {};
}

QString kindGlyph(core::TransformKind kind)
{
    switch (kind) {
    case core::TransformKind::Affine: return QStringLiteral("\u25cf");
    case core::TransformKind::Rotation: return QStringLiteral("\u25c6");
    case core::TransformKind::Hadamard: return QStringLiteral("\u25a0");
    case core::TransformKind::Identity: return QStringLiteral("\u00d7");
    }
    return {};
}

QString kindHelp(core::TransformKind kind)
{
    switch (kind) {
    case core::TransformKind::Affine:
        return QCoreApplication::translate("ui::Kind", "any invertible matrix, two Kronecker factors, learned");
    case core::TransformKind::Rotation:
        return QCoreApplication::translate("ui::Kind", "orthogonal Kronecker factors, learned from a Hadamard start");
    case core::TransformKind::Hadamard:
        return QCoreApplication::translate("ui::Kind", "fixed orthogonal Hadamard factors, nothing to learn");
    case core::TransformKind::Identity:
        return QCoreApplication::translate("ui::Kind", "no transform: quantize as it is");
    }
    return {};
}

} // namespace ui
