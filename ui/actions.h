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
    std::function<QString()> whyDisabled = {}; // one line, empty where it can be used; none: always usable
    QString help = {};                         // what's this: a paragraph; the tip where there is none
};

/** The one list of commands behind menus, tool bar, shortcuts, palette and cheat sheet. Refuses a shortcut that another
    command owns. */
class ActionRegistry : public QObject
{
    Q_OBJECT

public:
    explicit ActionRegistry(QObject* parent = nullptr);

    /** Throws std::logic_error, naming the owner, where the id or a shortcut is taken. */
    QAction* add(const ActionSpec& spec, QObject* context, std::function<void()> triggered);
    QAction* at(const QString& id) const; // null where there is none
    const QList<QAction*>& all() const { return m_actions; }
    QString group(const QAction& action) const; // "File": what the first part of the id is called
    void nameGroup(const QString& prefix, const QString& name) { m_groups.insert(prefix, name); }
    void recolorIcons(const QPalette& palette);

    /** Asks every command whether it can be used now. */
    void update();
    QString whyDisabled(const QAction& action) const; // empty where it is enabled

    const QList<QKeySequence>& defaultShortcuts(const QAction& action) const;
    /** The command that owns `keys` already, but for `action` itself; null where they are free. */
    QAction* owner(const QKeySequence& keys, const QAction* action) const;
    /** Throws core::Error(InvalidArgument) naming the owner where the keys belong to another command. */
    void rebind(QAction& action, const QList<QKeySequence>& keys);

private:
    struct Entry
    {
        QString tip;
        QList<QKeySequence> defaults;
        std::function<QString()> whyDisabled;
        QString reason;
    };

    void describe(QAction& action) const;

    QList<QAction*> m_actions;
    QHash<QString, QAction*> m_byId;
    QHash<const QAction*, Entry> m_entries;
    QHash<QString, QString> m_groups;
};

/** The text of a command without its mnemonic mark and its dots. */
QString plainText(const QAction& action);

} // namespace ui
