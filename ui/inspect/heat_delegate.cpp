// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/heat_delegate.h"

#include "ui/model/heat_map_model.h"
#include "ui/plot/plot_colors.h"

#include <QPainter>

namespace ui {

void HeatDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const auto share = index.data(HeatMapModel::kShareRole);
    const bool dimmed = index.data(HeatMapModel::kDimmedRole).toBool();
    const auto cell = option.rect.adjusted(0, 0, -1, -1);
    painter->save();
    auto text = option.palette.color(QPalette::PlaceholderText);
    if (share.isValid() && !dimmed) {
        const auto color = rampColor(share.toDouble(), isDark(option.palette));
        painter->fillRect(cell, color);
        text = qGray(color.rgb()) > 128 ? Qt::black : Qt::white;
        if (const auto original = index.data(HeatMapModel::kOriginalRole); original.isValid()) { // A as a corner of B
            const int size = cell.height() * 3 / 4;
            painter->setPen(Qt::NoPen);
            painter->setBrush(rampColor(original.toDouble(), isDark(option.palette)));
            painter->drawPolygon(
                QPolygon({cell.topLeft(), cell.topLeft() + QPoint(size, 0), cell.topLeft() + QPoint(0, size)}));
            painter->setPen(QPen(text, 1));
            painter->drawLine(cell.topLeft() + QPoint(size, 0), cell.topLeft() + QPoint(0, size));
            painter->setBrush(Qt::NoBrush); // the frame of a selected cell is no area
        }
    } else {
        painter->fillRect(cell, option.palette.color(QPalette::AlternateBase));
    }
    painter->setPen(text);
    painter->setFont(option.font);
    painter->drawText(cell, Qt::AlignCenter, index.data().toString());
    const bool selected = option.state & QStyle::State_Selected;
    if (selected || index.data(HeatMapModel::kHoverRole).toBool()) {
        painter->setPen(
            QPen(option.palette.color(selected ? QPalette::Text : QPalette::PlaceholderText), selected ? 2 : 1));
        painter->drawRect(cell.adjusted(1, 1, -1, -1));
    }
    painter->restore();
}

} // namespace ui
