// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPoint>
#include <QString>
#include <Qt>

class QComboBox;
class QMenu;
class QModelIndex;
class QTableView;
class QWidget;

/** The one way in which a journey touches the window. Whatever it sends it counts, and it refuses to touch what a person could
    not reach: hidden, disabled, or outside of what is in sight. */
class Hand
{
public:
    explicit Hand(QWidget& window)
        : m_window(window)
    {
    }

    void click(QWidget& widget, QPoint at = {-1, -1}, Qt::MouseButton button = Qt::LeftButton); // in the middle
    void click(QTableView& table, const QModelIndex& cell);
    void drag(QWidget& widget, const QPoint& from, const QPoint& to);    // one press
    void choose(QMenu& menu, const QString& text);                       // one press, in a menu that is open
    void choose(QComboBox& box, int index);                              // two presses: open, pick
    void key(int key, Qt::KeyboardModifiers modifiers = Qt::NoModifier); // to what has the focus
    void type(const QString& text);                                      // one field, to what has the focus
    void drop(QWidget& widget, const QString& path);

    int clicks() const { return m_clicks; } // mouse presses
    int keys() const { return m_keys; }     // key chords
    int fields() const { return m_fields; } // texts written
    void startOver() { m_clicks = m_keys = m_fields = 0; }

private:
    bool reaches(const QWidget& widget, const QPoint& at) const;
    QWidget* focus() const;

    QWidget& m_window;
    int m_clicks = 0;
    int m_keys = 0;
    int m_fields = 0;
};
