// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calibrate/pipeline.h"

#include "ui/convert.h"
#include "ui/studio.h"

#include <QFileInfo>

#include <algorithm>
#include <utility>

namespace ui {

Pipeline::Pipeline(Studio& studio, QObject* parent)
    : QObject(parent)
    , m_studio(studio)
{
    follow();
}

void Pipeline::follow()
{
    auto& document = m_studio.document();
    for (const auto signal :
         {&Document::readingChanged, &Document::profileChanged, &Document::bundleChanged, &Document::textChanged})
        connect(&document, signal, this, &Pipeline::changed);
    connect(&document, &Document::layersReset, this, [this] {
        m_queue.clear();
        m_held.clear();
        m_evaluated.reset();
        m_exported.reset();
        Q_EMIT changed();
    });
    connect(&document, &Document::calibrationChanged, this, [this] {
        ++m_generation;
        Q_EMIT changed();
    });
    connect(&document, &Document::evaluationsChanged, this, [this] {
        const auto& runs = m_studio.document().evaluations();
        if (std::any_of(runs.begin(), runs.end(),
                        [this](const auto& run) { return run.model == m_studio.document().bundle(); }))
            m_evaluated = m_generation;
        Q_EMIT changed();
    });
    connect(&m_studio, &Studio::exportFinished, this, [this] {
        m_exported = m_generation;
        Q_EMIT changed();
    });
    const auto watch = [this](Phase phase, Job* job) {
        m_jobs[static_cast<std::size_t>(phase)] = job;
        connect(job, &Job::ended, this, &Pipeline::changed);
        Q_EMIT changed();
    };
    connect(&m_studio, &Studio::calibrationStarted, this, [watch](Job* job) { watch(Phase::Calibration, job); });
    connect(&m_studio, &Studio::evaluationStarted, this, [watch](Job* job) { watch(Phase::Evaluation, job); });
}

QString Pipeline::name(Phase phase)
{
    switch (phase) {
    case Phase::Model: return tr("Model");
    case Phase::Statistics: return tr("Statistics");
    case Phase::Choices: return tr("Choices");
    case Phase::Calibration: return tr("Calibration");
    case Phase::Evaluation: return tr("Evaluation");
    case Phase::Export: return tr("Export");
    }
    return {};
}

Pipeline::Status Pipeline::calibrationStatus() const
{
    const auto& document = m_studio.document();
    if (document.bundle().isEmpty())
        return {};
    if (document.isBundleStale())
        return {State::Stale, tr("choices or bits changed after it")};
    const auto& runs = document.calibrationRuns();
    const auto run =
        std::find_if(runs.rbegin(), runs.rend(), [&](const auto& other) { return other.bundle == document.bundle(); });
    if (run != runs.rend() && !document.text().isEmpty() && run->text != document.text())
        return {State::Stale, tr("it was made with another text, %1").arg(QFileInfo(run->text).fileName())};
    return {State::Fresh, {}};
}

Pipeline::Status Pipeline::evaluationStatus() const
{
    const auto& document = m_studio.document();
    const auto& runs = document.evaluations();
    const bool known =
        std::any_of(runs.begin(), runs.end(), [&](const auto& run) { return run.model == document.bundle(); });
    if (document.bundle().isEmpty() || (!known && !m_evaluated))
        return {};
    const auto& last = m_studio.lastEvaluation();
    if (known && last && !last->text.empty() && toQString(last->text) != document.evaluationText())
        return {State::Stale, tr("it was made on another text, %1").arg(QFileInfo(toQString(last->text)).fileName())};
    if (known)
        return {State::Fresh, {}};
    return {State::Stale, tr("the model was calibrated anew after it")};
}

Pipeline::Status Pipeline::exportStatus() const
{
    if (!m_exported || m_studio.document().bundle().isEmpty())
        return {};
    return *m_exported == m_generation ? Status{State::Fresh, {}}
                                       : Status{State::Stale, tr("the model was calibrated anew after it")};
}

Pipeline::Status Pipeline::ownStatus(Phase phase) const
{
    const auto& document = m_studio.document();
    const bool read = document.readState() == Document::ReadState::Ready;
    switch (phase) {
    case Phase::Model: return {document.description() ? State::Fresh : State::Missing, {}};
    case Phase::Statistics:
        if (document.readState() == Document::ReadState::Failed)
            return {State::Failed, {}};
        if (document.readState() == Document::ReadState::Loading)
            return {State::Running, {}};
        if (document.hasActivations() && !document.activationText().isEmpty()
            && document.activationText() != document.text())
            return {State::Stale,
                    tr("activations were measured on another text, %1")
                        .arg(QFileInfo(document.activationText()).fileName())};
        return {read ? State::Fresh : State::Missing, {}};
    case Phase::Choices: return {document.plan().isEmpty() ? State::Missing : State::Fresh, {}};
    case Phase::Calibration: return calibrationStatus();
    case Phase::Evaluation: return evaluationStatus();
    case Phase::Export: return exportStatus();
    }
    return {};
}

Pipeline::Status Pipeline::status(Phase phase) const
{
    const auto& job = m_jobs[static_cast<std::size_t>(phase)];
    if (job && !job->isOver())
        return {State::Running, {}};
    auto own = ownStatus(phase);
    if (own.state != State::Fresh)
        return own;
    // Statistics of activations inform the choices only where a rule reads them; weights are what the shipped rule looks at.
    for (int before = static_cast<int>(Phase::Calibration); before < static_cast<int>(phase); ++before)
        if (const auto upstream = ownStatus(static_cast<Phase>(before)); upstream.state == State::Stale)
            return {State::Stale, tr("%1 is stale: %2").arg(name(static_cast<Phase>(before)), upstream.cause)};
    return own;
}

int Pipeline::staleCount() const
{
    int count = 0;
    for (int phase = 0; phase < kPhases; ++phase)
        count += status(static_cast<Phase>(phase)).state == State::Stale;
    return count;
}

bool Pipeline::canRerun(Phase phase) const
{
    switch (phase) {
    case Phase::Statistics: return true;
    case Phase::Calibration: return m_calibration && m_calibration();
    case Phase::Evaluation: return m_studio.lastEvaluation().has_value();
    case Phase::Export: return m_studio.lastExport().has_value();
    default: return false;
    }
}

QString Pipeline::whyNoRerun() const
{
    if (isRerunning())
        return tr("The stale steps run already");
    if (staleCount() == 0)
        return tr("Nothing is stale");
    for (int phase = 0; phase < kPhases; ++phase)
        if (status(static_cast<Phase>(phase)).state == State::Stale && canRerun(static_cast<Phase>(phase)))
            return {};
    return tr("Start the stale step once in its workspace: this session does not know its settings");
}

void Pipeline::rerun()
{
    if (!whyNoRerun().isEmpty())
        return;
    m_held.clear();
    for (int phase = 0; phase < kPhases; ++phase)
        if (status(static_cast<Phase>(phase)).state == State::Stale && canRerun(static_cast<Phase>(phase)))
            m_queue.push_back(static_cast<Phase>(phase));
    next();
}

void Pipeline::next()
{
    Q_EMIT changed();
    if (m_queue.empty())
        return;
    const auto phase = m_queue.front();
    auto* job = start(phase);
    if (!job) {
        m_queue.clear();
        Q_EMIT changed();
        return;
    }
    m_step = job;
    connect(job, &Job::ended, this, [this, job] {
        if (m_queue.empty())
            return; // another model was opened
        m_queue.erase(m_queue.begin());
        if (job->state() == Job::State::Failed)
            m_held = std::exchange(m_queue, {}); // they would be made from something old, unless the person says so
        else if (job->state() != Job::State::Done)
            m_queue.clear();
        next();
    });
}

void Pipeline::skip()
{
    m_queue = std::exchange(m_held, {});
    next();
}

Job* Pipeline::start(Phase phase)
{
    const auto& bundle = m_studio.document().bundle();
    switch (phase) {
    case Phase::Statistics: return m_studio.measureActivationsAgain();
    case Phase::Calibration: {
        auto spec = m_calibration();
        if (!spec)
            return nullptr;
        spec->options.resume = true; // blocks that nothing changed for are kept
        return m_studio.calibrate(*spec);
    }
    case Phase::Evaluation: {
        auto spec = *m_studio.lastEvaluation();
        spec.model = toStd(bundle);
        if (!spec.text.empty())
            spec.text = toStd(m_studio.document().evaluationText());
        return m_studio.evaluate(spec, QFileInfo(bundle).fileName());
    }
    case Phase::Export: {
        auto spec = *m_studio.lastExport();
        spec.bundle = toStd(bundle);
        return m_studio.exportModel(spec);
    }
    default: return nullptr;
    }
}

} // namespace ui
