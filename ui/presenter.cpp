// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenter.h"

#include <QHeaderView>
#include <QTableView>

#include <cmath>

namespace ui {

void scaleTables(QWidget& window, double factor)
{
    const auto scaled = [factor](int size) { return static_cast<int>(std::lround(size * factor)); };
    for (auto* table : window.findChildren<QTableView*>()) {
        auto* rows = table->verticalHeader();
        const auto before = rows->property("plainHeight"); // a header keeps rows from being lower than its own letters
        const int height = before.isValid() ? before.toInt() : scaled(rows->defaultSectionSize());
        rows->setProperty("plainHeight", before.isValid() ? QVariant() : QVariant(rows->defaultSectionSize()));
        rows->setDefaultSectionSize(height);
        auto* columns = table->horizontalHeader();
        for (int column = 0; column < columns->count(); ++column)
            if (columns->sectionResizeMode(column) == QHeaderView::Interactive && !columns->isSectionHidden(column))
                columns->resizeSection(column, scaled(columns->sectionSize(column)));
    }
}

} // namespace ui
