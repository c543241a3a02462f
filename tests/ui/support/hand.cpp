// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/hand.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMenu>
#include <QMimeData>
#include <QTableView>
#include <QTest>
#include <QUrl>

bool Hand::reaches(const QWidget& widget, const QPoint& at) const
{
    if (widget.isVisible() && widget.isEnabled() && widget.visibleRegion().contains(at))
        return true;
    QTest::qFail(qPrintable(QStringLiteral("a person cannot reach %1 %2 \"%3\" at %4, %5")
                                .arg(QString::fromLatin1(widget.metaObject()->className()), widget.objectName(),
                                     widget.accessibleName())
                                .arg(at.x())
                                .arg(at.y())),
                 __FILE__, __LINE__);
    return false;
}

QWidget* Hand::focus() const
{
    if (auto* popup = QApplication::activePopupWidget())
        return popup;
    auto* focus = QApplication::focusWidget();
    return focus ? focus : &m_window;
}

void Hand::click(QWidget& widget, QPoint at, Qt::MouseButton button)
{
    ++m_clicks;
    if (at.x() < 0)
        at = widget.rect().center();
    if (!reaches(widget, at))
        return;
    QTest::mouseClick(&widget, button, {}, at);
    if (button != Qt::RightButton)
        return;
    QContextMenuEvent menu(QContextMenuEvent::Mouse, at,
                           widget.mapToGlobal(at)); // as platforms send it after the press
    QApplication::sendEvent(&widget, &menu);
}

void Hand::click(QTableView& table, const QModelIndex& cell)
{
    click(*table.viewport(), table.visualRect(cell).center());
}

void Hand::drag(QWidget& widget, const QPoint& from, const QPoint& to)
{
    ++m_clicks;
    if (!reaches(widget, from))
        return;
    QTest::mousePress(&widget, Qt::LeftButton, {}, from);
    constexpr int kSteps = 8;
    for (int step = 1; step <= kSteps; ++step) {
        QTest::mouseMove(&widget, from + (to - from) * step / kSteps);
        QCoreApplication::processEvents();
    }
    QTest::mouseRelease(&widget, Qt::LeftButton, {}, to);
}

void Hand::choose(QMenu& menu, const QString& text)
{
    if (!QTest::qWaitFor([&] { return menu.isVisible(); })) {
        QTest::qFail("the menu did not open", __FILE__, __LINE__);
        return;
    }
    for (auto* action : menu.actions())
        if (action->text().remove(QLatin1Char('&')).contains(text)) {
            click(menu, menu.actionGeometry(action).center());
            return;
        }
    QTest::qFail(qPrintable(QStringLiteral("the menu has no %1").arg(text)), __FILE__, __LINE__);
}

void Hand::choose(QComboBox& box, int index)
{
    click(box);
    auto& list = *box.view();
    if (!QTest::qWaitFor([&] { return list.isVisible(); })) {
        QTest::qFail("the list of a combo box did not open", __FILE__, __LINE__);
        return;
    }
    const auto item = box.model()->index(index, box.modelColumn(), box.rootModelIndex());
    // A list takes no release until a coarse timer of this interval, up to 5 % late, has run out after its opening.
    QTest::qWait(QApplication::doubleClickInterval() * 5 / 4);
    click(*list.viewport(), list.visualRect(item).center());
    if (!QTest::qWaitFor([&] { return !list.isVisible() && !QApplication::activePopupWidget(); }))
        QTest::qFail("the list of a combo box stayed open", __FILE__, __LINE__);
}

void Hand::key(int key, Qt::KeyboardModifiers modifiers)
{
    ++m_keys;
    QTest::keyClick(focus(), static_cast<Qt::Key>(key), modifiers);
}

void Hand::type(const QString& text)
{
    ++m_fields;
    QTest::keyClicks(focus(), text);
}

void Hand::drop(QWidget& widget, const QString& path)
{
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    const QPointF at = widget.rect().center();
    QDragEnterEvent enter(at.toPoint(), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&widget, &enter);
    if (!enter.isAccepted()) {
        QTest::qFail("what was dragged here is not taken", __FILE__, __LINE__);
        return;
    }
    QDropEvent drop(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&widget, &drop);
}
