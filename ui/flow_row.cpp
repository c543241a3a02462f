// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/flow_row.h"

#include <QStyle>
#include <QWidget>

#include <algorithm>

namespace ui {

FlowRow::FlowRow(int spacing)
{
    setContentsMargins(0, 0, 0, 0);
    setSpacing(spacing);
}

FlowRow::~FlowRow()
{
    qDeleteAll(m_items);
}

void FlowRow::addItem(QLayoutItem* item)
{
    m_items.append(item);
}

QLayoutItem* FlowRow::itemAt(int index) const
{
    return m_items.value(index);
}

QLayoutItem* FlowRow::takeAt(int index)
{
    return index >= 0 && index < m_items.size() ? m_items.takeAt(index) : nullptr;
}

int FlowRow::widthOf(const QLayoutItem& item) const
{
    const auto* widget = const_cast<QLayoutItem&>(item).widget();
    const bool gives = widget && widget->sizePolicy().horizontalPolicy() == QSizePolicy::Ignored;
    return gives ? item.minimumSize().width() : item.sizeHint().width();
}

int FlowRow::heightForWidth(int width) const
{
    return arrange(QRect(0, 0, width, 0), false);
}

QSize FlowRow::sizeHint() const
{
    QSize size(0, 0);
    for (const auto* item : m_items)
        if (!item->isEmpty())
            size = QSize(size.width() + (size.width() > 0 ? spacing() : 0) + widthOf(*item),
                         std::max(size.height(), item->sizeHint().height()));
    return size;
}

QSize FlowRow::minimumSize() const
{
    QSize size(0, 0);
    for (const auto* item : m_items)
        if (!item->isEmpty())
            size = size.expandedTo(QSize(widthOf(*item), item->sizeHint().height()));
    return size;
}

void FlowRow::setGeometry(const QRect& room)
{
    QLayout::setGeometry(room);
    arrange(room, true);
}

int FlowRow::arrange(const QRect& room, bool apply) const
{
    QList<QLayoutItem*> line;
    int used = 0;
    int height = 0;
    int top = room.top();
    const auto endLine = [&] {
        if (apply)
            placeLine(line, QRect(room.left(), top, room.width(), height));
        top += height;
    };
    for (auto* item : m_items) {
        if (item->isEmpty())
            continue;
        const int wanted = widthOf(*item);
        if (!line.isEmpty() && used + spacing() + wanted > room.width()) {
            endLine();
            top += spacing();
            line.clear();
            used = 0;
            height = 0;
        }
        used += (line.isEmpty() ? 0 : spacing()) + wanted;
        height = std::max(height, item->sizeHint().height());
        line.append(item);
    }
    endLine();
    return top - room.top();
}

void FlowRow::placeLine(const QList<QLayoutItem*>& line, const QRect& room) const
{
    const auto grows = [](const QLayoutItem& item) { return bool(item.expandingDirections() & Qt::Horizontal); };
    const auto ignored = [](QLayoutItem& item) {
        return item.widget() && item.widget()->sizePolicy().horizontalPolicy() == QSizePolicy::Ignored;
    };
    int left = room.width() - spacing() * static_cast<int>(line.size() - 1);
    int growing = 0;
    for (auto* item : line) {
        left -= widthOf(*item);
        growing += grows(*item) || ignored(*item);
    }
    int x = room.left();
    for (auto* item : line) {
        const int more = growing > 0 && (grows(*item) || ignored(*item)) ? std::max(left, 0) / growing : 0;
        const int width = std::min(widthOf(*item) + more, room.width());
        const int height = std::min(item->sizeHint().height(), room.height());
        const QRect place(x, room.top() + (room.height() - height) / 2, width, height);
        item->setGeometry(QStyle::visualRect(parentWidget()->layoutDirection(), room, place));
        x += width + spacing();
    }
}

} // namespace ui
