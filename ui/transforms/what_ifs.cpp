// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transforms/what_ifs.h"

#include "ui/command_line.h"
#include "ui/convert.h"
#include "ui/format.h"
#include "ui/studio.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ui {

namespace {

struct Work
{
    int windows, seqlen, epochs;
};

constexpr std::array kWork{Work{8, 128, 3}, Work{16, 256, 8}, Work{64, 256, 15}}; // by WhatIfEffort

} // namespace

WhatIfs::WhatIfs(Studio& studio, QObject* parent)
    : QObject(parent)
    , m_studio(studio)
{
    connect(&studio.document(), &Document::layersReset, this, [this] {
        m_answers.clear();
        m_jobs.clear();
        Q_EMIT changed();
    });
}

core::WhatIfSpec WhatIfs::specFor(const core::ModuleId& module, WhatIfEffort effort) const
{
    const auto& document = m_studio.document();
    const auto& plan = document.plan().plan();
    const auto& work = kWork[static_cast<std::size_t>(effort)];
    core::WhatIfSpec spec;
    spec.model = toStd(document.modelPath());
    spec.module = module;
    spec.text = toStd(document.text());
    spec.scheme = plan.schemeOf(module);
    spec.kronecker = plan.kronecker;
    spec.windows = work.windows;
    spec.seqlen = work.seqlen;
    spec.epochs = work.epochs;
    if (const auto* choice = plan.find(module); choice && choice->rotationForm)
        spec.rotationForm = *choice->rotationForm;
    return spec;
}

void WhatIfs::ask(const std::vector<core::ModuleId>& modules, WhatIfEffort effort)
{
    for (const auto& module : modules) {
        if (isWaiting(module))
            continue;
        const auto spec = specFor(module, effort);
        auto* job = m_studio.ask<core::WhatIf>(
            {.title = tr("What if: %1").arg(moduleName(module)),
             .command = m_studio.onDevice(whatIfCommand(spec)),
             .retry = [this, module, effort] { ask({module}, effort); }},
            [spec](core::Session& session, core::Progress& progress) { return session.whatIf(spec, progress); },
            [this, module, model = m_studio.document().modelPath()](const Answer& answer) {
                if (model != m_studio.document().modelPath())
                    return;
                m_answers[module] = answer;
                Q_EMIT changed();
            });
        m_jobs[module] = job;
        connect(job, &Job::changed, this, &WhatIfs::changed);
        connect(job, &Job::ended, this, &WhatIfs::changed);
    }
    Q_EMIT changed();
}

void WhatIfs::stop()
{
    for (auto it = m_jobs.rbegin(); it != m_jobs.rend(); ++it)
        if (it->second && !it->second->isOver())
            it->second->cancel();
}

WhatIfs::Answer WhatIfs::answer(const core::ModuleId& module) const
{
    const auto found = m_answers.find(module);
    return found != m_answers.end() ? found->second : nullptr;
}

Job* WhatIfs::job(const core::ModuleId& module) const
{
    const auto found = m_jobs.find(module);
    return found != m_jobs.end() ? found->second.data() : nullptr;
}

bool WhatIfs::isWaiting(const core::ModuleId& module) const
{
    const auto* asked = job(module);
    return asked && !asked->isOver();
}

bool WhatIfs::isStale(const core::ModuleId& module) const
{
    const auto known = answer(module);
    return known && !(known->scheme == m_studio.document().plan().plan().schemeOf(module));
}

const core::WhatIfKind* WhatIfs::best(const Answer& answer)
{
    const core::WhatIfKind* least = nullptr;
    if (!answer)
        return nullptr;
    for (const auto& kind : answer->kinds)
        if (std::isfinite(kind.error) && (!least || kind.error < least->error))
            least = &kind;
    return least;
}

} // namespace ui
