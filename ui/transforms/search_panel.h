// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/search/search_options.h"

#include <QWidget>

#include <array>

class QAction;
class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QTableView;
class QToolButton;

namespace ui {

class GatePlot;
class Searches;
class SearchTableModel;
class Studio;

/** Searches for each module's best kind by trying them, with the gates as they move and the decisions beside the plan. */
class SearchPanel : public QWidget
{
    Q_OBJECT

public:
    explicit SearchPanel(Studio& studio, QWidget* parent = nullptr);

    core::SearchOptions options() const; // as the fields say
    void open(const QString& path);      // a file of select --search-out; throws core::Error
    GatePlot& plot() { return *m_plot; }
    Searches& searches() { return *m_searches; }
    QPushButton& startButton() { return *m_start; }
    QPushButton& copyButton() { return *m_copy; }
    QPushButton& stopButton() { return *m_stop; }
    QPushButton& useButton() { return *m_use; }
    QComboBox& modes() { return *m_modes; }
    QTableView& table() { return *m_table; }
    QLabel& state() { return *m_state; }

Q_SIGNALS:
    void hovered(const QString& text);
    void commandCopied(const QString& command);
    void openRequested();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void buildFields();
    void buildKinds();
    QWidget* buildResults();
    void connectStudio();
    void refresh();
    void show();
    void showGates();
    QString problem() const;
    QString stateText() const;
    QString foundText() const;

    Studio& m_studio;
    Searches* m_searches = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_stop = nullptr;
    QPushButton* m_use = nullptr;
    QPushButton* m_open = nullptr;
    QPushButton* m_copy = nullptr;
    QComboBox* m_modes = nullptr;
    QToolButton* m_kinds = nullptr;
    std::array<QAction*, 4> m_kindActions{};
    QComboBox* m_measures = nullptr;
    QSpinBox* m_samples = nullptr;
    QSpinBox* m_seqlen = nullptr;
    QSpinBox* m_epochs = nullptr;
    QSpinBox* m_starts = nullptr;
    QProgressBar* m_bar = nullptr;
    QLabel* m_state = nullptr;
    GatePlot* m_plot = nullptr;
    SearchTableModel* m_model = nullptr;
    QTableView* m_table = nullptr;
};

} // namespace ui
