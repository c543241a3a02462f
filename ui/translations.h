// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QCoreApplication;

namespace ui {

/** The person's language where there is a translation, else English, whose plural forms are a translation too. */
void installTranslations(QCoreApplication& application);

} // namespace ui
