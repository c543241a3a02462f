// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "core/transforms/transform_kind.h"

#include <QWidget>

#include <optional>
#include <vector>

class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QTableView;

namespace ui {

class Studio;
class WhatIfPlot;
class WhatIfs;
class WhatIfTableModel;

/** What each kind of transform would do to the selected module: a short training of each, on the lane, and a button that
    takes the best over into the plan. */
class WhatIfPanel : public QWidget
{
    Q_OBJECT

public:
    explicit WhatIfPanel(Studio& studio, QWidget* parent = nullptr);

    void ask(const std::vector<core::ModuleId>& modules); // those that are not waiting already
    void useChosen();                                     // the marked kind, else the best: one step to undo
    WhatIfPlot& plot() { return *m_plot; }
    WhatIfs& answers() { return *m_answers; }
    QPushButton& startButton() { return *m_start; }
    QPushButton& stopButton() { return *m_stop; }
    QPushButton& useButton() { return *m_use; }
    QLabel& verdict() { return *m_verdict; }
    QTableView& table() { return *m_table; }

Q_SIGNALS:
    void hovered(const QString& text);
    void commandCopied(const QString& command);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* buildResults();
    void connectStudio();
    void refresh();
    void show();
    void showVerdict();
    void copyCommand();
    QString problem() const; // why nothing can be asked; empty where it can
    QString verdictText() const;
    std::optional<core::TransformKind> chosen() const;

    Studio& m_studio;
    WhatIfs* m_answers = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_stop = nullptr;
    QPushButton* m_use = nullptr;
    QPushButton* m_copy = nullptr;
    QComboBox* m_effort = nullptr;
    QComboBox* m_metric = nullptr;
    QLabel* m_verdict = nullptr;
    QProgressBar* m_bar = nullptr;
    WhatIfPlot* m_plot = nullptr;
    WhatIfTableModel* m_model = nullptr;
    QTableView* m_table = nullptr;
};

} // namespace ui
