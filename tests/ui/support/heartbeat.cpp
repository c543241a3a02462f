// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/heartbeat.h"

#include <algorithm>
#include <chrono>
#include <ctime>

namespace {

constexpr double kQuietMachineMs = 20.0; // a sleeping thread is later than this only where processors are taken

double threadCpuMs()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

} // namespace

Heartbeat::Heartbeat()
{
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(16);
    connect(&m_timer, &QTimer::timeout, this, &Heartbeat::beat);
    m_reference = std::thread([this] {
        using Clock = std::chrono::steady_clock;
        while (!m_stop) {
            const auto before = Clock::now();
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
            const double late = std::chrono::duration<double, std::milli>(Clock::now() - before).count() - 10.0;
            m_machineLateness = std::max(m_machineLateness.load(), late);
        }
    });
    m_cpuBefore = threadCpuMs();
    m_clock.start();
    m_timer.start();
}

Heartbeat::~Heartbeat()
{
    m_stop = true;
    m_reference.join();
}

void Heartbeat::beat()
{
    const double cpu = threadCpuMs();
    m_longestWall = std::max(m_longestWall, static_cast<double>(m_clock.nsecsElapsed()) / 1e6);
    m_longestCpu = std::max(m_longestCpu, cpu - m_cpuBefore);
    m_cpuBefore = cpu;
    m_clock.restart();
    ++m_beats;
}

double Heartbeat::longestBlockedMs() const
{
    return m_machineLateness < kQuietMachineMs ? m_longestWall : m_longestCpu;
}
