// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/job_runner.h"

#include "ui/convert.h"

#include <QScopeGuard>

#include <new>

namespace ui {

namespace {

constexpr int kKeptJobs = 200; // what the list remembers

} // namespace

JobRunner::JobRunner(QObject* parent)
    : QObject(parent)
{
    m_pool.setMaxThreadCount(1);
    m_pool.setExpiryTimeout(-1); // LibTorch keeps thread-local state that is dear to build again
}

JobRunner::~JobRunner()
{
    for (auto* job : m_jobs)
        job->disconnect(this);
    cancelAll();
    m_pool.waitForDone();
}

Job* JobRunner::add(JobDescription description)
{
    auto* job = new Job(m_nextId++, std::move(description), this);
    while (m_jobs.size() >= kKeptJobs && m_jobs.first()->isOver() && m_jobs.first()->m_leftLane->load())
        m_jobs.takeFirst()->deleteLater();
    m_jobs.append(job);
    connect(job, &Job::changed, this, [this, job] { Q_EMIT changed(job); });
    connect(job, &Job::ended, this, [this, job] { Q_EMIT ended(job); });
    Q_EMIT added(job);
    return job;
}

Failure JobRunner::toFailure(const std::exception& exception)
{
    if (const auto* error = dynamic_cast<const core::Error*>(&exception))
        return {error->kind(), toQString(error->what()), toQString(error->context()), error->shortage()};
    if (dynamic_cast<const std::bad_alloc*>(&exception) != nullptr)
        return {core::ErrorKind::OutOfMemory, tr("Memory ran out. Smaller batches or windows need less."), {}};
    return {core::ErrorKind::Internal, toQString(exception.what()), {}};
}

void JobRunner::enqueue(Job* job, std::function<void(JobProgress&)> body)
{
    auto waiting = std::make_shared<Waiting>();
    waiting->job = job;
    waiting->left = job->m_leftLane;
    waiting->body = std::move(body);
    if (job->isBrief()) {
        const std::scoped_lock lock(m_mutex);
        m_brief.push_back(waiting);
    }
    m_pool.start([this, waiting] {
        if (!waiting->taken.exchange(true))
            work(*waiting, [this] { workAside(); });
    });
}

void JobRunner::workAside()
{
    for (;;) {
        std::shared_ptr<Waiting> next;
        {
            const std::scoped_lock lock(m_mutex);
            if (m_brief.empty())
                return;
            next = m_brief.front();
            m_brief.pop_front();
        }
        if (!next->taken.exchange(true))
            work(*next, {}); // within it nothing else steps in
    }
}

void JobRunner::work(Waiting& waiting, const std::function<void()>& aside)
{
    auto* job = waiting.job;
    const auto leave = qScopeGuard([&] {
        waiting.body = {};
        waiting.left->store(true);
    });
    const auto post = [job](auto action) { QMetaObject::invokeMethod(job, std::move(action), Qt::QueuedConnection); };
    JobProgress progress(*job);
    progress.setAside(aside);
    if (progress.isStopped())
        return; // cancelled while it waited, and already shown so
    post([job] { job->start(); });
    try {
        waiting.body(progress);
        post([job] { job->end(Job::State::Done); });
    } catch (const core::Cancelled&) {
        post([job] { job->end(Job::State::Cancelled); });
    } catch (const std::exception& exception) {
        post([job, failure = toFailure(exception)] { job->end(Job::State::Failed, failure); });
    } catch (...) {
        post([job] { job->end(Job::State::Failed, Failure{core::ErrorKind::Internal, tr("An unknown error"), {}}); });
    }
}

Job* JobRunner::current() const
{
    Job* next = nullptr;
    for (auto* job : m_jobs) {
        if (job->isQuiet())
            continue;
        if (job->isActive())
            return job;
        if (!next && job->state() == Job::State::Queued)
            next = job;
    }
    return next;
}

void JobRunner::cancelCurrent()
{
    if (auto* job = current())
        job->cancel();
}

void JobRunner::cancelAll()
{
    // From the back, so that nothing queued starts when the running one ends.
    for (auto it = m_jobs.crbegin(); it != m_jobs.crend(); ++it)
        (*it)->cancel();
}

} // namespace ui
