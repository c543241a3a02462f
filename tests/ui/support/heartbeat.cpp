// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/heartbeat.h"

#include <algorithm>
#include <fstream>

namespace {

/** The second number of /proc/thread-self/schedstat: time spent ready to run and waiting for a processor, in ns. Zero where
    the kernel does not keep it. */
double keptFromProcessorsMs()
{
    std::ifstream file("/proc/thread-self/schedstat");
    double ran = 0.0;
    double waited = 0.0;
    return file >> ran >> waited ? waited / 1e6 : 0.0;
}

} // namespace

Heartbeat::Heartbeat()
    : m_kept(keptFromProcessorsMs())
{
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(16);
    connect(&m_timer, &QTimer::timeout, this, &Heartbeat::beat);
    m_clock.start();
    m_timer.start();
}

void Heartbeat::beat()
{
    const double kept = keptFromProcessorsMs();
    const double wall = static_cast<double>(m_clock.nsecsElapsed()) / 1e6;
    m_longest = std::max(m_longest, wall - (kept - m_kept));
    m_kept = kept;
    m_clock.restart();
    ++m_beats;
}
