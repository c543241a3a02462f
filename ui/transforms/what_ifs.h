// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"
#include "ui/jobs/job.h"

#include <QObject>
#include <QPointer>

#include <map>
#include <memory>
#include <vector>

namespace ui {

class Studio;

/** How much work a what-if is worth. */
enum class WhatIfEffort { Quick, Standard, Thorough };

/** The kinds of transform side by side, module by module: a job for each question, answers kept while the model is open. */
class WhatIfs : public QObject
{
    Q_OBJECT

public:
    using Answer = std::shared_ptr<const core::WhatIf>;

    explicit WhatIfs(Studio& studio, QObject* parent = nullptr);

    /** One job a module, one after the other. Whoever asks sees to it that there is a text. */
    void ask(const std::vector<core::ModuleId>& modules, WhatIfEffort effort);
    void stop(); // all that is asked
    core::WhatIfSpec specFor(const core::ModuleId& module, WhatIfEffort effort) const;

    Answer answer(const core::ModuleId& module) const; // null: not asked yet
    Job* job(const core::ModuleId& module) const;      // the newest question; null: never asked
    bool isWaiting(const core::ModuleId& module) const;
    bool isStale(const core::ModuleId& module) const; // answered for other bits than the plan has now

    /** The kind with the smallest error; none before there is an answer. */
    static const core::WhatIfKind* best(const Answer& answer);

Q_SIGNALS:
    void changed();

private:
    Studio& m_studio;
    std::map<core::ModuleId, Answer> m_answers;
    std::map<core::ModuleId, QPointer<Job>> m_jobs;
};

} // namespace ui
