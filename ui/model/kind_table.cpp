// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model/kind_table.h"

#include "ui/model/layer_delegates.h"
#include "ui/model/table_copy.h"
#include "ui/plot/kind_text.h"

#include <QAbstractProxyModel>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>

#include <algorithm>

namespace ui {

KindTable::KindTable(QWidget* parent)
    : QTableView(parent)
{
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::SelectedClicked
                    | QAbstractItemView::EditKeyPressed);
    setAlternatingRowColors(true);
    setShowGrid(false);
    setSortingEnabled(true);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setMouseTracking(true); // the choice shows its arrow under the pointer
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    verticalHeader()->setVisible(false);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setStretchLastSection(true);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
}

void KindTable::setKindColumns(int automatic, int choice)
{
    setItemDelegateForColumn(automatic, new KindDelegate(KindDelegate::Part::Automatic, this));
    setItemDelegateForColumn(choice, new KindDelegate(KindDelegate::Part::Choice, this));
}

QModelIndexList KindTable::selectedSourceRows() const
{
    QModelIndexList rows;
    if (!selectionModel())
        return rows;
    const auto* proxy = qobject_cast<const QAbstractProxyModel*>(model());
    for (const auto& index : selectionModel()->selectedRows())
        rows.append(proxy ? proxy->mapToSource(index) : index);
    return rows;
}

void KindTable::leaveEvent(QEvent* event)
{
    QTableView::leaveEvent(event);
    Q_EMIT pointerLeft();
}

void KindTable::contextMenuEvent(QContextMenuEvent* event)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setObjectName(QStringLiteral("choiceMenu"));
    menu->setToolTipsVisible(true);
    for (const auto& [kind, key] :
         {std::pair(core::TransformKind::Affine, Qt::Key_A), std::pair(core::TransformKind::Rotation, Qt::Key_R),
          std::pair(core::TransformKind::Hadamard, Qt::Key_H), std::pair(core::TransformKind::Identity, Qt::Key_N)}) {
        auto* entry = menu->addAction(kindGlyph(kind) + QStringLiteral("  ") + kindName(kind), this,
                                      [this, kind = kind] { Q_EMIT kindRequested(kind); });
        entry->setShortcut(key); // shown; the keys are the table's own
        entry->setShortcutContext(Qt::WidgetShortcut);
        entry->setToolTip(kindHelp(kind));
    }
    menu->addSeparator();
    auto* automatic = menu->addAction(tr("As the rule chose"), this, &KindTable::automaticRequested);
    automatic->setShortcut(Qt::Key_Space);
    automatic->setShortcutContext(Qt::WidgetShortcut);
    menu->addSeparator();
    menu->addAction(tr("Copy rows"), this, [this] { copyRows(*this); });
    menu->popup(event->globalPos());
}

void KindTable::step(int rows)
{
    const int row = std::clamp(currentIndex().row() + rows, 0, std::max(0, model()->rowCount() - 1));
    const int column = currentIndex().isValid() ? currentIndex().column() : 0;
    setCurrentIndex(model()->index(row, column));
}

void KindTable::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy)) {
        copyRows(*this);
        return;
    }
    if (event->modifiers() != Qt::NoModifier) {
        QTableView::keyPressEvent(event);
        return;
    }
    switch (event->key()) {
    case Qt::Key_A: Q_EMIT kindRequested(core::TransformKind::Affine); return;
    case Qt::Key_R: Q_EMIT kindRequested(core::TransformKind::Rotation); return;
    case Qt::Key_H: Q_EMIT kindRequested(core::TransformKind::Hadamard); return;
    case Qt::Key_N: Q_EMIT kindRequested(core::TransformKind::Identity); return;
    case Qt::Key_Space: Q_EMIT automaticRequested(); return;
    case Qt::Key_B: Q_EMIT comparisonToggled(); return;
    case Qt::Key_W: Q_EMIT whatIfRequested(); return;
    case Qt::Key_L: Q_EMIT lockRequested(); return;
    case Qt::Key_BracketLeft: step(-1); return;
    case Qt::Key_BracketRight: step(1); return;
    case Qt::Key_X: Q_EMIT precisionRequested(); return;
    case Qt::Key_U: Q_EMIT bestRequested(); return;
    default: QTableView::keyPressEvent(event);
    }
}

} // namespace ui
