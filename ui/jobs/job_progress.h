// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "ui/jobs/job.h"

#include <functional>

namespace ui {

/** The working side of a job: carries progress and partial results to the window's thread at most 15 times a second and
    throws Cancelled at a checkpoint once the person asked to stop. The job outlives it: the runner waits for its work. */
class JobProgress : public core::Progress
{
public:
    explicit JobProgress(Job& job);

    void report(double fraction, std::string_view text) override;
    void checkpoint() override;

    /** Called before each delivery to post what has been gathered meanwhile. */
    void setFlush(std::function<void()> flush) { m_flush = std::move(flush); }
    /** Called at checkpoints: does what is brief. */
    void setAside(std::function<void()> aside) { m_aside = std::move(aside); }
    bool isDue() const { return !m_sinceDelivery.isValid() || m_sinceDelivery.elapsed() >= kDeliveryMs; }
    void deliver(); // now
    bool isStopped() const { return m_stop->load(); }

private:
    static constexpr qint64 kDeliveryMs = 66; // 15 Hz
    static constexpr unsigned long kPauseMs = 20;

    Job& m_job;
    std::shared_ptr<std::atomic_bool> m_stop;
    std::shared_ptr<std::atomic_bool> m_pause;
    std::function<void()> m_flush;
    std::function<void()> m_aside;
    QElapsedTimer m_sinceDelivery;
    double m_fraction = 0.0;
    std::string m_text;
    bool m_dirty = false;
};

} // namespace ui
