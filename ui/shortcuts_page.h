// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;
class QKeySequenceEdit;
class QLabel;
class QPushButton;
class QTableWidget;

namespace ui {

class ActionRegistry;
class Settings;

/** All commands with their keys. New keys are taken at once; keys that belong to another command are refused, and its name is
    said. */
class ShortcutsPage : public QWidget
{
    Q_OBJECT

public:
    ShortcutsPage(Settings& settings, ActionRegistry& actions, QWidget* parent = nullptr);

    void load();
    /** Gives each command the keys that the settings hold for it, or its own. Keys in conflict are left out. */
    static void apply(const Settings& settings, ActionRegistry& actions);

    QTableWidget& table() { return *m_table; }
    QKeySequenceEdit& keys() { return *m_keys; }
    QPushButton& setButton() { return *m_set; }
    QPushButton& defaultButton() { return *m_default; }
    QString problem() const;

private:
    QAction* chosen() const;
    void showChosen();
    void bind(const QList<QKeySequence>& keys);

    Settings& m_settings;
    ActionRegistry& m_actions;
    QTableWidget* m_table;
    QKeySequenceEdit* m_keys;
    QPushButton* m_set;
    QPushButton* m_default;
    QLabel* m_problem;
};

} // namespace ui
