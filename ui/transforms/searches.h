// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"
#include "ui/jobs/job.h"

#include <QObject>
#include <QPointer>

#include <map>
#include <vector>

namespace ui {

class Studio;

/** The search for each module's best kind as the window follows it: gates as they move, then the decisions, which the
    document keeps. Stopping keeps finished blocks; the same search goes on from them. */
class Searches : public QObject
{
    Q_OBJECT

public:
    explicit Searches(Studio& studio, QObject* parent = nullptr);

    /** What of `options` a search of the open model would do, with bits and sizes of its plan. */
    core::SelectSpec specFor(const core::SearchOptions& options) const;
    void start(const core::SearchOptions& options);
    void stop();
    void open(const QString& path); // what select --search-out wrote; throws core::Error
    void takeOver();                // the decisions, but for what the person decided: one step to undo

    Job* job() const { return m_job; }
    bool isRunning() const { return m_job && !m_job->isOver(); }
    const std::vector<core::Candidate>& candidates() const; // of the running search, else of the last
    /** Of the running search, else of the last; empty where there is none. */
    std::vector<core::GatePoint> gates(const core::ModuleId& module) const;
    const std::optional<core::ModuleId>& newest() const { return m_newest; } // whose gates moved last
    const core::ModuleDecision* decision(const core::ModuleId& module) const;

Q_SIGNALS:
    void changed(); // job or result
    void gatesMoved();

private:
    std::vector<core::Choice> choices() const;

    Studio& m_studio;
    QPointer<Job> m_job;
    std::vector<core::Candidate> m_candidates; // of the running search
    std::map<core::ModuleId, std::vector<core::GatePoint>> m_gates;
    std::optional<core::ModuleId> m_newest;
};

} // namespace ui
