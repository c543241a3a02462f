// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/job_progress.h"

#include "ui/convert.h"

#include <QMetaObject>
#include <QThread>

namespace ui {

JobProgress::JobProgress(Job& job)
    : m_job(job)
    , m_stop(job.m_stop)
    , m_pause(job.m_pause)
{
}

void JobProgress::report(double fraction, std::string_view text)
{
    m_fraction = fraction;
    m_text = text;
    m_dirty = true;
    if (isDue())
        deliver();
}

void JobProgress::checkpoint()
{
    const auto look = [this] {
        if (m_stop->load())
            throw core::Cancelled();
        if (m_aside)
            m_aside();
        if (isDue())
            deliver();
    };
    for (look(); m_pause->load(); look())
        QThread::msleep(kPauseMs);
}

void JobProgress::deliver()
{
    m_sinceDelivery.start();
    if (m_flush)
        m_flush();
    if (!m_dirty)
        return;
    m_dirty = false;
    auto* job = &m_job;
    QMetaObject::invokeMethod(
        job, [job, fraction = m_fraction, text = toQString(m_text)] { job->progress(fraction, text); },
        Qt::QueuedConnection);
}

} // namespace ui
