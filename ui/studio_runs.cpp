// SPDX-License-Identifier: GPL-3.0-or-later
// The studio's runs on the compute lane: comparisons, calibrations, evaluations, chat.
#include "ui/cheaper_runs.h"
#include "ui/command_line.h"
#include "ui/convert.h"
#include "ui/format.h"
#include "ui/studio.h"

#include <QDir>
#include <QFileInfo>

#include <utility>

namespace ui {

namespace {

struct Nothing
{
};

struct Calibrated
{
    core::CalibrationReport report;
    core::Plan plan; // that the bundle was made with
};

} // namespace

void Studio::compare(const core::CompareSpec& spec)
{
    if (const QPointer<Job> older = std::exchange(m_comparing, nullptr))
        older->cancel(); // nobody waits for it any more
    m_comparing = m_jobs.run<Nothing, core::TransformComparison>(
        {.title = tr("Compare %1").arg(toQString(core::toString(spec.layer))),
         .command = {},
         .quiet = true,
         .brief = true,
         .retry = {}},
        [lane = m_lane, spec](const Feed<Nothing>&, core::Progress& progress) {
            return lane->get().compareTransform(spec, progress);
        },
        {.updated = {}, .done = [this, spec](const std::shared_ptr<const core::TransformComparison>& comparison) {
             Q_EMIT comparisonReady(spec, comparison);
         }});
    auto* job = m_comparing.data();
    connect(job, &Job::ended, this, [this, job] {
        if (job->state() != Job::State::Done && job == m_comparing)
            Q_EMIT comparisonFailed(job->failure() ? job->failure()->what : tr("stopped"));
    });
}

QString Studio::planFileFor(const QString& bundle)
{
    return QDir::cleanPath(bundle) + QStringLiteral(".plan.json");
}

/** A refined plan is an edit that can be undone. */
void Studio::adoptRefined(const core::Plan& plan, const core::RefinementReport& refinement)
{
    m_document.plan().adopt(plan,
                            tr("Refined plan: KL %1 to %2, %n swap(s)", nullptr, refinement.kept())
                                .arg(formatNumber(refinement.klBefore, 3), formatNumber(refinement.klAfter, 3)));
}

Job* Studio::calibrate(const core::CalibrateSpec& spec)
{
    const auto planFile = planFileFor(toQString(spec.out));
    auto* job = m_jobs.run<core::LossPoint, Calibrated>(
        {.title = tr("Calibrate %1").arg(m_document.modelName()),
         .command = onDevice(calibrateCommand(spec, planFile)),
         .quiet = false,
         .retry = [this, spec] { calibrate(spec); },
         .cheaper = cheaperCalibrations(*this, spec)},
        [lane = m_lane, spec, planFile = toStd(planFile)](const Feed<core::LossPoint>& feed, core::Progress& progress) {
            auto& session = lane->get();
            QDir().mkpath(QFileInfo(toQString(planFile)).absolutePath());
            session.writePlan(planFile, spec.plan); // so that the command line can do the same
            Calibrated calibrated{session.calibrate(
                                      spec, [&](const core::LossPoint& point) { feed(point); }, progress),
                                  spec.plan};
            if (calibrated.report.refinement)
                calibrated.plan = session.readPlan(calibrated.report.bundle + "/plan.json");
            return calibrated;
        },
        {.updated = [this](const std::vector<core::LossPoint>& points) { Q_EMIT lossReported(points); },
         .done =
             [this, spec, model = m_document.modelPath()](const std::shared_ptr<const Calibrated>& calibrated) {
                 if (model != m_document.modelPath())
                     return; // another model is open: the bundle lies on the disk
                 const std::shared_ptr<const core::CalibrationReport> report(calibrated, &calibrated->report);
                 m_document.forgetEvaluations(toQString(spec.out));
                 if (report->refinement)
                     adoptRefined(calibrated->plan, *report->refinement);
                 if (!report->bundle.empty()) // else blocks are still missing
                     m_document.setBundle(toQString(spec.out), report, calibrated->plan);
                 Q_EMIT calibrationFinished(spec, report);
             }});
    watch(job);
    Q_EMIT calibrationStarted(job, spec);
    return job;
}

Job* Studio::evaluate(const core::EvaluateSpec& spec, const QString& name)
{
    if (spec.model == toStd(m_document.bundle()))
        m_lastEvaluation = spec;
    auto* job = m_jobs.run<Nothing, core::EvaluationReport>(
        {.title = tr("Evaluate %1").arg(name),
         .command = onDevice(evaluateCommand(spec)),
         .quiet = false,
         .retry = [this, spec, name] { evaluate(spec, name); },
         .cheaper = cheaperEvaluations(*this, spec, name)},
        [lane = m_lane, spec](const Feed<Nothing>&, core::Progress& progress) {
            return lane->get().evaluate(spec, progress);
        },
        {.updated = {}, .done = [this, spec, name](const std::shared_ptr<const core::EvaluationReport>& report) {
             m_document.addEvaluation({name, toQString(spec.model), toQString(spec.reference), *report});
         }});
    watch(job);
    Q_EMIT evaluationStarted(job, spec);
    return job;
}

std::optional<core::RunComparison> Studio::compareTasks() const
{
    const auto reportOf = [this](const QString& model) -> const core::EvaluationReport* {
        for (const auto& run : m_document.evaluations())
            if (!model.isEmpty() && run.model == model && !run.report.tasks.empty())
                return &run.report;
        return nullptr;
    };
    const auto* reference = reportOf(m_document.modelPath());
    const auto* quantized = reportOf(m_document.bundle());
    if (!m_engine || !reference || !quantized || reference == quantized)
        return std::nullopt;
    try {
        return m_engine->compareReports({.tasks = reference->tasks}, {.tasks = quantized->tasks}, 0);
    } catch (const core::Error&) {
        return std::nullopt; // runs of a reopened project keep no single answers
    }
}

Job* Studio::chat(const core::ChatSpec& spec)
{
    auto* job = m_jobs.run<core::GeneratedToken, core::ChatResult>(
        {.title = tr("Generate text"), .command = onDevice(chatCommand(spec)), .quiet = false, .retry = {}},
        [lane = m_lane, spec](const Feed<core::GeneratedToken>& feed, core::Progress& progress) {
            return lane->get().chat(
                spec, [&](const core::GeneratedToken& token) { feed(token); }, progress);
        },
        {.updated = [this](const std::vector<core::GeneratedToken>& tokens) { Q_EMIT tokensGenerated(tokens); },
         .done = [this](const std::shared_ptr<const core::ChatResult>& result) { Q_EMIT chatFinished(result); }});
    watch(job);
    return job;
}

Job* Studio::traceToken(const core::TraceSpec& spec)
{
    return m_jobs.run<Nothing, std::vector<core::BlockError>>(
        {.title = tr("Find the blocks that err"), .command = {}, .quiet = true, .retry = {}},
        [lane = m_lane, spec](const Feed<Nothing>&, core::Progress& progress) {
            return lane->get().traceToken(spec, progress);
        },
        {.updated = {}, .done = [this](const std::shared_ptr<const std::vector<core::BlockError>>& errors) {
             Q_EMIT tokenTraced(errors);
         }});
}

} // namespace ui
