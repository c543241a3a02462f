// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QListWidget;
class QListWidgetItem;

namespace ui {

class ActionRegistry;
class Settings;
class Studio;

/** Workspace "Welcome": the likeliest ways to begin, what was open lately, and what can compute here. */
class WelcomeView : public QWidget
{
    Q_OBJECT

public:
    WelcomeView(Studio& studio, Settings& settings, ActionRegistry& actions, QWidget* parent = nullptr);

    QListWidget& recents() { return *m_recents; }

Q_SIGNALS:
    void openRequested(const QString& path);
    void locateRequested(const QString& path); // it is not where it was

private:
    QWidget* buildStart(ActionRegistry& actions);
    QWidget* buildSteps(ActionRegistry& actions);
    QWidget* buildRecents();
    QWidget* buildDevices();
    void showRecents();
    void openRecent(const QListWidgetItem& item);
    void showDevices();

    Studio& m_studio;
    Settings& m_settings;
    QListWidget* m_recents = nullptr;
    QLabel* m_noRecents = nullptr;
    QLabel* m_devices = nullptr;
};

} // namespace ui
