// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/translations.h"

#include <QCoreApplication>
#include <QLocale>
#include <QTranslator>

namespace ui {

void installTranslations(QCoreApplication& application)
{
    auto* translator = new QTranslator(&application);
    const auto folder = QStringLiteral(":/translations");
    if (!translator->load(QLocale(), QStringLiteral("planish"), QStringLiteral("_"), folder)
        && !translator->load(QStringLiteral("planish_en"), folder))
        return;
    QCoreApplication::installTranslator(translator);
}

} // namespace ui
