// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

/** Beats every 16 ms on the window's thread and remembers the longest pause. Time in which the thread could have run but other
    programs held the processors does not count: the kernel says how much that was. */
class Heartbeat : public QObject
{
    Q_OBJECT

public:
    Heartbeat();

    int beats() const { return m_beats; }
    double longestBlockedMs() const { return m_longest; }

private:
    void beat();

    QTimer m_timer;
    QElapsedTimer m_clock;
    double m_kept = 0.0; // ms that the thread was kept from the processors, since it began
    double m_longest = 0.0;
    int m_beats = 0;
};
