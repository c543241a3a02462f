// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeySequence>
#include <QString>

namespace ui {

// How the window's commands are spelled where they are made.

inline QKeySequence keys(const char* text)
{
    return QKeySequence(QString::fromLatin1(text));
}

inline QString id(const char* text)
{
    return QString::fromLatin1(text);
}

} // namespace ui
