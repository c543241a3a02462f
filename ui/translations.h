// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

class QCoreApplication;

namespace ui {

/** The languages that the studio speaks: code and its own name. */
QList<std::pair<QString, QString>> languages();

/** `language` ("de"), or where it is empty the system's; English where there is no other: it has plural forms too. */
void installTranslations(QCoreApplication& application, const QString& language = {});

} // namespace ui
