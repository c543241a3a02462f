// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/elided_label.h"

#include <QPainter>

namespace ui {

namespace {

constexpr int kLeastLetters = 4;

} // namespace

QSize ElidedLabel::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * kLeastLetters, QLabel::minimumSizeHint().height()};
}

void ElidedLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const auto room = contentsRect();
    painter.setPen(palette().color(foregroundRole()));
    painter.drawText(room, static_cast<int>(alignment()),
                     fontMetrics().elidedText(text(), Qt::ElideRight, room.width()));
}

} // namespace ui
