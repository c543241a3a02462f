// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/icons.h"

#include <QFile>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <QSvgRenderer>

namespace ui {

namespace {

QPixmap render(QByteArray drawing, const QColor& color, int size)
{
    drawing.replace("currentColor", color.name().toLatin1());
    QSvgRenderer renderer(drawing);
    QPixmap pixmap(size, size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.render(&painter);
    return pixmap;
}

} // namespace

QIcon icon(const QString& name, const QPalette& palette)
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const auto drawing = file.readAll();
    QIcon icon;
    for (const int size : {16, 24, 32, 48}) {
        const auto text = palette.color(QPalette::Active, QPalette::ButtonText);
        icon.addPixmap(render(drawing, text, size), QIcon::Normal, QIcon::Off);
        icon.addPixmap(render(drawing, palette.color(QPalette::Active, QPalette::HighlightedText), size), QIcon::Normal,
                       QIcon::On);
        icon.addPixmap(render(drawing, palette.color(QPalette::Disabled, QPalette::ButtonText), size), QIcon::Disabled,
                       QIcon::Off);
    }
    return icon;
}

} // namespace ui
