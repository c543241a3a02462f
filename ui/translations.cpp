// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/translations.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

namespace ui {

QList<std::pair<QString, QString>> languages()
{
    return {{QStringLiteral("en"), QStringLiteral("English")}, {QStringLiteral("de"), QStringLiteral("Deutsch")}};
}

void installTranslations(QCoreApplication& application, const QString& language)
{
    if (!language.isEmpty())
        QLocale::setDefault(QLocale(language)); // numbers too
    auto* translator = new QTranslator(&application);
    const auto folder = QStringLiteral(":/translations");
    if (translator->load(QLocale(), QStringLiteral("planish"), QStringLiteral("_"), folder)
        || translator->load(QStringLiteral("planish_en"), folder))
        QCoreApplication::installTranslator(translator);
    // Qt's own texts: the buttons of its dialogs, where the distribution ships them.
    auto* qtTexts = new QTranslator(&application);
    if (qtTexts->load(QLocale(), QStringLiteral("qtbase"), QStringLiteral("_"),
                      QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(qtTexts);
}

} // namespace ui
