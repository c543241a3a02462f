// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <atomic>
#include <thread>

/** Beats every 16 ms on the window's thread and remembers the longest pause. A second thread that only sleeps tells how
    late the machine itself is: where even that thread is late, other programs hold the processors, and only the processor
    time that the window's thread spent between two beats counts. */
class Heartbeat : public QObject
{
    Q_OBJECT

public:
    Heartbeat();
    ~Heartbeat() override;

    int beats() const { return m_beats; }
    double longestBlockedMs() const;

private:
    void beat();

    QTimer m_timer;
    QElapsedTimer m_clock;
    double m_cpuBefore = 0.0;
    double m_longestWall = 0.0;
    double m_longestCpu = 0.0;
    int m_beats = 0;
    std::atomic_bool m_stop = false;
    std::atomic<double> m_machineLateness = 0.0;
    std::thread m_reference;
};
