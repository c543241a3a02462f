// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/job.h"

#include "ui/engine_texts.h"

#include <algorithm>

namespace ui {

Job::Job(int id, JobDescription description, QObject* parent)
    : QObject(parent)
    , m_id(id)
    , m_description(std::move(description))
{
}

qint64 Job::spentMs() const
{
    return isActive() ? m_timer.elapsed() - m_pausedMs - (isPaused() ? m_pausedSince.elapsed() : 0) : m_spentMs;
}

QString Job::text() const
{
    return isPaused() ? tr("Paused: %1").arg(m_text) : m_text;
}

void Job::setPaused(bool on)
{
    if (m_state != State::Running || on == isPaused())
        return;
    if (on)
        m_pausedSince.start();
    else
        m_pausedMs += m_pausedSince.elapsed();
    m_pause->store(on);
    Q_EMIT changed();
}

std::optional<qint64> Job::leftMs() const
{
    if (m_state != State::Running || m_fraction < 0.005)
        return {};
    return static_cast<qint64>(static_cast<double>(spentMs()) * (1.0 - m_fraction) / m_fraction);
}

void Job::cancel()
{
    if (isOver() || m_state == State::Stopping)
        return;
    m_stop->store(true);
    if (m_state == State::Queued) {
        end(State::Cancelled);
        return;
    }
    setPaused(false);
    m_state = State::Stopping;
    Q_EMIT changed();
}

void Job::start()
{
    if (m_state != State::Queued)
        return;
    m_state = State::Running;
    m_timer.start();
    Q_EMIT changed();
}

void Job::progress(double fraction, const QString& text)
{
    if (m_state != State::Running)
        return;
    m_fraction = std::clamp(fraction, 0.0, 1.0);
    m_engineText = text;
    m_text = fromEngine(text);
    Q_EMIT changed();
}

void Job::end(State state, std::optional<Failure> failure)
{
    if (isOver())
        return;
    m_spentMs = m_timer.isValid() ? spentMs() : 0;
    // Work that finished before it noticed the request to stop counts as stopped: its result is not applied.
    m_state = m_state == State::Stopping ? State::Cancelled : state;
    m_failure = m_state == State::Failed ? std::move(failure) : std::nullopt;
    if (m_failure)
        m_failure->what = fromEngine(m_failure->what);
    if (m_state == State::Done)
        m_fraction = 1.0;
    Q_EMIT changed();
    Q_EMIT ended();
}

} // namespace ui
