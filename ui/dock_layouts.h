// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QObject>
#include <QPointer>
#include <QStringList>

class QDockWidget;
class QMainWindow;

namespace ui {

class Settings;

/** Where the docks stand: one layout per workspace, others under names, and one dock that has all the room for a while.
    What was saved by a window with other docks is not restored. */
class DockLayouts : public QObject
{
    Q_OBJECT

public:
    DockLayouts(QMainWindow& window, Settings& settings);

    /** The docks as they are now become the workspace's default. */
    void setDefault(const QString& workspace);
    /** Keeps the layout of the workspace that is left and brings back that of the one entered. */
    void enter(const QString& workspace);
    void restoreDefaults(); // of all workspaces
    void store();           // into the settings

    QStringList names() const;
    void saveAs(const QString& name);
    bool apply(const QString& name); // false where there is none, or one of another window
    void remove(const QString& name);

    void toggleMaximised(QDockWidget* dock);
    QDockWidget* maximised() const;

Q_SIGNALS:
    void namesChanged();

private:
    QByteArray current() const;
    bool restore(const QByteArray& state);
    void restoreSize();

    QMainWindow& m_window;
    Settings& m_settings;
    QString m_workspace;
    QHash<QString, QByteArray> m_defaults;
    QHash<QString, QByteArray> m_states;
    QPointer<QDockWidget> m_maximised;
    QByteArray m_beforeMaximised;
};

} // namespace ui
