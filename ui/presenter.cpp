// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenter.h"

#include <QHeaderView>
#include <QPointer>
#include <QTableView>

#include <cmath>

namespace ui {

void scaleLetters(QWidget& window, double factor)
{
    // Each widget for itself: under a style sheet fonts are not handed down. All are read before one changes, and some make
    // their parts anew when it does.
    std::vector<std::pair<QPointer<QWidget>, QFont>> fonts;
    auto widgets = window.findChildren<QWidget*>();
    widgets.append(&window);
    for (auto* widget : widgets) {
        auto font = widget->font();
        font.setPointSizeF(font.pointSizeF() * factor);
        fonts.emplace_back(widget, font);
    }
    for (const auto& [widget, font] : fonts)
        if (widget)
            widget->setFont(font);
    for (auto* table : window.findChildren<QTableView*>()) {
        auto* rows = table->verticalHeader();
        rows->setDefaultSectionSize(static_cast<int>(std::lround(rows->defaultSectionSize() * factor)));
    }
}

} // namespace ui
