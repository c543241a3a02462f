// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "ui/jobs/job_progress.h"

#include <QList>
#include <QScopeGuard>
#include <QThreadPool>

#include <atomic>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace ui {

/** What the window does with a job's news, on its own thread. `updated` gets partial results in order; `done` the result. */
template <typename Update, typename Result>
struct JobHandlers
{
    std::function<void(const std::vector<Update>&)> updated;
    std::function<void(const std::shared_ptr<const Result>&)> done;
};

/** The work's way to hand out partial results. */
template <typename Update>
using Feed = std::function<void(Update)>;

/** The one compute lane and the only place where a thread starts: jobs run one after the other in a pool of one, and brief ones
    within those at a checkpoint, on the same thread. Work is a function of values; it never sees a widget. */
class JobRunner : public QObject
{
    Q_OBJECT

public:
    explicit JobRunner(QObject* parent = nullptr);
    ~JobRunner() override; // stops what runs and waits for it

    /** `work` is called on the lane as Result(const Feed<Update>&, core::Progress&). */
    template <typename Update, typename Result, typename Work>
    Job* run(JobDescription description, Work work, JobHandlers<Update, Result> handlers);

    const QList<Job*>& jobs() const { return m_jobs; } // oldest first
    Job* current() const;                              // of those listed: what runs, else what is next, else null
    bool isIdle() const { return current() == nullptr; }
    void cancelCurrent();
    void cancelAll();

Q_SIGNALS:
    void added(ui::Job* job);
    void changed(ui::Job* job);
    void ended(ui::Job* job);

private:
    Job* add(JobDescription description);
    /** Work that waits for the lane, or for a checkpoint of what has it. */
    struct Waiting
    {
        Job* job;
        std::shared_ptr<std::atomic_bool> left;
        std::function<void(JobProgress&)> body;
        std::atomic_bool taken = false;
    };

    void enqueue(Job* job, std::function<void(JobProgress&)> body);
    void work(Waiting& waiting, const std::function<void()>& aside); // on the lane
    void workAside();                                                // on the lane, at a checkpoint
    static Failure toFailure(const std::exception& exception);

    std::mutex m_mutex; // of the next
    std::deque<std::shared_ptr<Waiting>> m_brief;
    QThreadPool m_pool;
    QList<Job*> m_jobs;
    int m_nextId = 1;
};

template <typename Update, typename Result, typename Work>
Job* JobRunner::run(JobDescription description, Work work, JobHandlers<Update, Result> handlers)
{
    auto* job = add(std::move(description));
    enqueue(job, [job, work = std::move(work), handlers = std::move(handlers)](JobProgress& progress) mutable {
        std::vector<Update> gathered;
        const auto flush = [&] {
            if (gathered.empty() || !handlers.updated)
                return;
            QMetaObject::invokeMethod(
                job,
                [job, updated = handlers.updated, batch = std::exchange(gathered, {})] {
                    if (job->state() == Job::State::Running)
                        updated(batch);
                },
                Qt::QueuedConnection);
        };
        progress.setFlush(flush);
        const Feed<Update> feed = [&](Update update) {
            gathered.push_back(std::move(update));
            if (progress.isDue())
                progress.deliver();
        };
        const auto deliver = qScopeGuard([&] { progress.deliver(); }); // also what was found before an error
        auto result = std::make_shared<const Result>(work(feed, static_cast<core::Progress&>(progress)));
        progress.deliver();
        QMetaObject::invokeMethod(
            job,
            [job, done = handlers.done, result = std::move(result)] {
                if (done && job->state() == Job::State::Running)
                    done(result);
            },
            Qt::QueuedConnection);
    });
    return job;
}

} // namespace ui
