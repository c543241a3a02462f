// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QString>

#include <string>

namespace ui {

/** A sentence of the engine in the person's language: reasons, warnings, progress, errors. The engine writes English; its fixed
    patterns are known here, with what stands in them. What is not known stays as it is. For the window's thread alone. */
QString fromEngine(const QString& english);
QString fromEngine(const std::string& english);

/** "what (context)" of an error that core threw, in one line. */
QString errorText(const core::Error& error);

/** Whether all of it is known, also where it reads the same in both languages. */
bool isKnownToEngineTexts(const QString& english);

} // namespace ui
