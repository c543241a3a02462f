// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/demo_texts.h"

#include <QDir>
#include <QFileInfo>

namespace ui {

namespace {

QString firstOf(const QDir& folder, const QStringList& names)
{
    for (const auto& name : names)
        if (QFileInfo::exists(folder.filePath(name)))
            return folder.filePath(name);
    return {};
}

} // namespace

DemoTexts findDemoTexts(const QString& modelFolder)
{
    const QDir folder(modelFolder);
    return {.calibration =
                firstOf(folder, {QStringLiteral("calibration.txt"), QStringLiteral("texts/calibration.txt")}),
            .evaluation = firstOf(folder, {QStringLiteral("test.txt"), QStringLiteral("texts/test.txt")})};
}

} // namespace ui
