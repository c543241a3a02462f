// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QHash>
#include <QKeySequence>
#include <QList>
#include <QObject>

#include <functional>

namespace ui {

/** One command of the window, as data. */
struct ActionSpec
{
    QString id; // "file.open"
    QString text;
    QString tip; // one line
    QList<QKeySequence> shortcuts = {};
    QString icon = {};
    bool checkable = false;
};

/** The one list of commands behind menus, tool bar and shortcuts. Refuses a shortcut that another command owns. */
class ActionRegistry : public QObject
{
    Q_OBJECT

public:
    explicit ActionRegistry(QObject* parent = nullptr);

    /** Throws std::logic_error, naming the owner, where the id or a shortcut is taken. */
    QAction* add(const ActionSpec& spec, QObject* context, std::function<void()> triggered);
    QAction* at(const QString& id) const; // null where there is none
    const QList<QAction*>& all() const { return m_actions; }
    void recolorIcons(const QPalette& palette);

private:
    void checkShortcuts(const ActionSpec& spec) const;

    QList<QAction*> m_actions;
    QHash<QString, QAction*> m_byId;
};

} // namespace ui
