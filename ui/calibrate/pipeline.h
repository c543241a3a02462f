// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"
#include "ui/jobs/job.h"

#include <QObject>
#include <QPointer>

#include <array>
#include <functional>
#include <optional>

namespace ui {

class Studio;

/** The phases, each made from those before it. */
enum class Phase { Model, Statistics, Choices, Calibration, Evaluation, Export };
inline constexpr int kPhases = 6;

/** Which phases are older than what they were made from, why, and how to make them anew. */
class Pipeline : public QObject
{
    Q_OBJECT

public:
    enum class State { Missing, Fresh, Stale, Running, Failed };
    struct Status
    {
        State state = State::Missing;
        QString cause; // of staleness: one sentence
    };

    explicit Pipeline(Studio& studio, QObject* parent = nullptr);

    /** What a calibration anew would do; it is asked when one starts. */
    void setCalibration(std::function<std::optional<core::CalibrateSpec>()> spec) { m_calibration = std::move(spec); }

    Status status(Phase phase) const;
    int staleCount() const;
    QString whyNoRerun() const; // empty where there is something to make anew
    void rerun();               // what is stale, one after the other; stops where one ends badly
    bool isRerunning() const { return !m_queue.empty(); }
    /** Whether `job` is a step that others wait behind; where it failed, skip() goes on with them. */
    bool hasStepsBehind(const Job* job) const
    {
        return job && job == m_step && (m_queue.size() > 1 || !m_held.empty());
    }
    void skip();
    static QString name(Phase phase);

Q_SIGNALS:
    void changed();

private:
    void follow();
    Status ownStatus(Phase phase) const; // but for what comes before
    Status calibrationStatus() const;
    Status evaluationStatus() const;
    Status exportStatus() const;
    bool canRerun(Phase phase) const;
    Job* start(Phase phase);
    void next();

    Studio& m_studio;
    std::function<std::optional<core::CalibrateSpec>()> m_calibration;
    std::vector<Phase> m_queue;
    std::vector<Phase> m_held;                 // behind the step that failed
    QPointer<Job> m_step;                      // the last that was started
    std::array<QPointer<Job>, kPhases> m_jobs; // what makes each at the moment
    int m_generation = 0;                      // of the quantized model
    std::optional<int> m_evaluated;            // the one that was
    std::optional<int> m_exported;
};

} // namespace ui
