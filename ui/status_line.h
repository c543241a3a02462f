// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QAction;
class QLabel;
class QProgressBar;
class QStatusBar;
class QToolButton;

namespace ui {

class Studio;

/** The status bar, from the left: the value under the pointer, what is selected, whether results are older than the choices,
    what runs with the time left and a button that stops it, what computes and how much memory this program holds. */
class StatusLine : public QObject
{
    Q_OBJECT

public:
    StatusLine(QStatusBar& bar, Studio& studio, QAction* stop);

    QLabel& hover() { return *m_hover; }
    QLabel& selection() { return *m_selection; }
    QLabel& job() { return *m_jobText; }
    QLabel& stale() { return *m_stale; }
    QLabel& device() { return *m_device; }

Q_SIGNALS:
    void staleClicked();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build(QStatusBar& bar, QAction* stop);
    void showSelection();
    void showStale();
    void showJob();
    void showDevice();

    Studio& m_studio;
    QLabel* m_hover = nullptr;
    QLabel* m_selection = nullptr;
    QLabel* m_stale = nullptr;
    QLabel* m_jobText = nullptr;
    QProgressBar* m_jobBar = nullptr;
    QToolButton* m_jobStop = nullptr;
    QLabel* m_device = nullptr;
};

} // namespace ui
