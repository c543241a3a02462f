// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QList>

#include <functional>

class QComboBox;
class QLabel;
class QListWidget;
class QSpinBox;
class QStackedWidget;

namespace ui {

class ActionRegistry;
class Settings;
class ShortcutsPage;

/** What a person can set. Everything takes effect at once, and can be put back, exported and imported as a file. */
class SettingsDialog : public QDialog
{
    Q_OBJECT

public:
    SettingsDialog(Settings& settings, ActionRegistry& actions, QWidget* parent = nullptr);

    /** Ids and titles: "appearance", "files", "keys". */
    static QList<std::pair<QString, QString>> pages();
    void open(const QString& page);
    ShortcutsPage& shortcuts() { return *m_shortcuts; }
    QComboBox& theme() { return *m_theme; }
    QComboBox& language() { return *m_language; }
    QSpinBox& autosave() { return *m_autosave; }

Q_SIGNALS:
    void themeChosen(int theme);
    void imported(); // or reset: everything may have changed

private:
    QWidget* buildAppearance();
    QWidget* buildFiles();
    QWidget* buildButtons();
    void load();
    void exportFile();
    void importFile();

    Settings& m_settings;
    QListWidget* m_list;
    QStackedWidget* m_stack;
    QComboBox* m_theme = nullptr;
    QComboBox* m_language = nullptr;
    QLabel* m_languageNote = nullptr;
    QSpinBox* m_autosave = nullptr;
    QSpinBox* m_tokens = nullptr;
    ShortcutsPage* m_shortcuts = nullptr;
    QLabel* m_problem = nullptr;
};

} // namespace ui
