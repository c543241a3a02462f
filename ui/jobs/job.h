// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QStringList>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace ui {

/** Why a job ended badly, as values: core::Error does not outlive the working thread. */
struct Failure
{
    core::ErrorKind kind = core::ErrorKind::Internal;
    QString what;                                      // action, object, numbers, likely cause
    QString context;                                   // file and tensor
    std::optional<core::MemoryShortage> shortage = {}; // where memory ran out
};

/** Something else that may be done about a failure. */
struct JobChoice
{
    QString text; // "In bf16"
    QString tip;
    std::function<void()> work; // on the window's thread
};

struct JobDescription
{
    QString title;                       // "Calibrate 8 blocks"
    QString command = {};                // the line of the command line that does the same; empty where there is none
    bool quiet = false;                  // answers a glance (a comparison, a look at the devices): not listed
    bool brief = false;                  // a moment's work, done at a checkpoint of whatever runs
    std::function<void()> retry = {};    // starts the same once more, on the window's thread
    std::vector<JobChoice> cheaper = {}; // what needs less memory
};

/** One piece of work on the compute lane as the window sees it. Lives on the window's thread. */
class Job : public QObject
{
    Q_OBJECT

public:
    enum class State { Queued, Running, Stopping, Done, Failed, Cancelled };

    Job(int id, JobDescription description, QObject* parent);

    int id() const { return m_id; }
    const QString& title() const { return m_description.title; }
    const QString& command() const { return m_description.command; }
    bool isQuiet() const { return m_description.quiet; }
    bool isBrief() const { return m_description.brief; }
    bool canRetry() const { return m_description.retry != nullptr; }
    void retry() const { m_description.retry(); }
    const std::vector<JobChoice>& cheaper() const { return m_description.cheaper; }
    State state() const { return m_state; }
    bool isOver() const { return m_state == State::Done || m_state == State::Failed || m_state == State::Cancelled; }
    bool isActive() const { return m_state == State::Running || m_state == State::Stopping; }
    double fraction() const { return m_fraction; }
    QString text() const;
    const QString& engineText() const { return m_engineText; } // the same in the engine's own words
    const std::optional<Failure>& failure() const { return m_failure; }
    qint64 spentMs() const;
    std::optional<qint64> leftMs() const; // by the pace so far; none before anything is done

    /** Visible at once; the work itself stops at its next checkpoint. Nothing it delivers afterwards is applied. */
    void cancel();
    /** The work waits at its next checkpoint; brief jobs go on. Nothing where it does not run. */
    void setPaused(bool on);
    bool isPaused() const { return m_pause->load(); }

Q_SIGNALS:
    void changed(); // progress or state
    void ended();   // once

private:
    friend class JobRunner;
    friend class JobProgress;

    void start();
    void progress(double fraction, const QString& text);
    void end(State state, std::optional<Failure> failure = {});

    int m_id;
    JobDescription m_description;
    State m_state = State::Queued;
    double m_fraction = 0.0;
    QString m_text;
    QString m_engineText;
    std::optional<Failure> m_failure;
    QElapsedTimer m_timer;
    qint64 m_spentMs = 0;
    QElapsedTimer m_pausedSince;
    qint64 m_pausedMs = 0; // before that
    std::shared_ptr<std::atomic_bool> m_stop = std::make_shared<std::atomic_bool>(false);
    std::shared_ptr<std::atomic_bool> m_pause = std::make_shared<std::atomic_bool>(false);
    std::shared_ptr<std::atomic_bool> m_leftLane = std::make_shared<std::atomic_bool>(false); // no thread will touch it
};

} // namespace ui
