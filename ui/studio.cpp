// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio.h"

#include "ui/command_line.h"
#include "ui/convert.h"

#include <QDir>
#include <QFileInfo>

#include <utility>

namespace ui {

namespace {

struct Nothing
{
};

} // namespace

core::Session& Studio::Engine::get()
{
    if (!session)
        session = factory();
    return *session;
}

Studio::Studio(SessionFactory factory, QObject* parent)
    : QObject(parent)
    , m_lane(std::make_shared<Engine>())
{
    m_lane->factory = std::move(factory);
}

Studio::~Studio()
{
    // The runner stops its jobs when it goes, which is after the members that would listen.
    for (auto* job : m_jobs.jobs())
        job->disconnect(this);
}

void Studio::watch(Job* job)
{
    connect(job, &Job::ended, this, [this, job] {
        if (job->state() == Job::State::Failed)
            Q_EMIT failed(job);
    });
}

void Studio::loadEngine()
{
    if (m_engine || m_loading)
        return;
    m_loading = m_jobs.run<Nothing, Loaded>(
        {.title = tr("Load the engine"), .command = {}, .quiet = true, .retry = [this] { loadEngine(); }},
        [lane = m_lane](const Feed<Nothing>&, core::Progress&) {
            auto& session = lane->get();
            return Loaded{lane->session, session.devices(), session.deviceName()};
        },
        {.updated = {}, .done = [this](const std::shared_ptr<const Loaded>& loaded) {
             m_engine = loaded->session;
             m_devices = loaded->devices;
             m_deviceName = toQString(loaded->deviceName);
             m_document.plan().setEngine(m_engine);
             Q_EMIT engineReady();
         }});
    connect(m_loading, &Job::ended, this, [this] { m_loading.clear(); });
    watch(m_loading);
}

void Studio::setDevice(const QString& name)
{
    auto* job =
        m_jobs.run<Nothing, Loaded>({.title = tr("Compute on %1").arg(name), .quiet = true, .retry = {}},
                                    [lane = m_lane, name = toStd(name)](const Feed<Nothing>&, core::Progress&) {
                                        auto& session = lane->get();
                                        session.setDevice(name);
                                        return Loaded{lane->session, session.devices(), session.deviceName()};
                                    },
                                    {.updated = {}, .done = [this](const std::shared_ptr<const Loaded>& loaded) {
                                         m_deviceName = toQString(loaded->deviceName);
                                         Q_EMIT engineReady();
                                     }});
    watch(job);
}

void Studio::openModel(const QString& path)
{
    m_projectPath.clear();
    Q_EMIT projectChanged();
    read(path, {});
}

void Studio::openDemo(const QString& folder)
{
    loadEngine();
    auto* job =
        m_jobs.run<Nothing, Nothing>({.title = tr("Unpack the demo model"),
                                      .command = demoCommand(folder),
                                      .quiet = false,
                                      .retry = [this, folder] { openDemo(folder); }},
                                     [lane = m_lane, target = toStd(folder)](const Feed<Nothing>&, core::Progress&) {
                                         lane->get().writeDemo(target);
                                         return Nothing{};
                                     },
                                     {.updated = {}, .done = [this, folder](const auto&) { openModel(folder); }});
    watch(job);
}

void Studio::attachBundle(const QString& folder)
{
    const auto blocks = m_document.description() ? m_document.description()->info.blocks : 0;
    auto* job = m_jobs.run<Nothing, core::ModelDescription>(
        {.title = tr("Read %1").arg(QFileInfo(folder).fileName()),
         .command = infoCommand(folder),
         .quiet = false,
         .retry = [this, folder] { attachBundle(folder); }},
        [lane = m_lane, path = toStd(folder), blocks](const Feed<Nothing>&, core::Progress&) {
            auto bundle = lane->get().describe(path);
            if (!bundle.isBundle)
                throw core::Error(core::ErrorKind::InvalidArgument,
                                  "This is no bundle: only a model quantized by Planish can be compared in slot B",
                                  path);
            if (bundle.info.blocks != blocks)
                throw core::Error(core::ErrorKind::InvalidArgument,
                                  "The bundle has " + std::to_string(bundle.info.blocks) + " blocks, the open model "
                                      + std::to_string(blocks) + ": it was quantized from another model",
                                  path);
            return bundle;
        },
        {.updated = {}, .done = [this, folder](const std::shared_ptr<const core::ModelDescription>& bundle) {
             m_document.setBundle(QDir::cleanPath(folder),
                                  std::make_shared<const core::CalibrationReport>(bundle->calibration), bundle->plan);
         }});
    watch(job);
}

void Studio::stopReading()
{
    for (auto* job : {m_reading.data(), m_comparing.data()})
        if (job)
            job->cancel();
}

Studio::Opened Studio::readOnLane(core::Session& session, const QString& path, const std::optional<Project>& project,
                                  const Feed<ReadUpdate>& feed, core::Progress& progress)
{
    const auto model = toStd(path);
    auto description = std::make_shared<const core::ModelDescription>(session.describe(model));
    feed(description);
    Opened opened;
    if (description->isBundle) {
        opened.plan = description->plan;
        return opened; // its weights are codes: the model it was made from is what can be profiled
    }
    if (project) {
        opened.changedInputs = changedInputs(*project);
        opened.rule = project->rule;
        if (!project->planText.empty())
            opened.plan = session.planFromText(project->planText);
        if (!project->bundlePlanText.empty())
            opened.bundlePlan = session.planFromText(project->bundlePlanText);
        if (!project->calibrationText.empty())
            opened.calibration = session.calibrationFromText(project->calibrationText);
        for (const auto& kept : project->calibrations) {
            opened.calibrations.push_back(kept.run);
            if (!kept.reportText.empty())
                opened.calibrations.back().report = session.calibrationFromText(kept.reportText);
        }
        if (!project->searchText.empty())
            opened.search = std::make_shared<const core::SearchResult>(session.searchFromText(project->searchText));
        for (const auto& run : project->evaluations)
            if (!run.reportText.empty())
                opened.evaluations.push_back(
                    {run.name, run.model, run.reference, session.evaluationFromText(run.reportText)});
    }
    const core::ProfileObserver observer{
        .onLayer = [&](const core::LayerProfile& layer) { feed(std::make_shared<const core::LayerProfile>(layer)); },
        .onSite = [&](const core::SiteProfile& site) { feed(std::make_shared<const core::SiteProfile>(site)); }};
    core::ProfileSpec spec;
    spec.model = model;
    opened.profile = std::make_shared<const core::Profile>(session.profile(spec, observer, progress));
    return opened;
}

void Studio::read(const QString& path, std::optional<Project> project, Origin origin)
{
    stopReading();
    loadEngine();
    m_document.beginReading(path);
    core::ProfileSpec spec;
    spec.model = toStd(path);
    m_reading = m_jobs.run<ReadUpdate, Opened>(
        {.title = tr("Read %1").arg(m_document.modelName()),
         .command = profileCommand(spec),
         .quiet = false,
         .retry = [this, path, project, origin] { read(path, project, origin); }},
        [lane = m_lane, path, project](const Feed<ReadUpdate>& feed, core::Progress& progress) {
            return readOnLane(lane->get(), path, project, feed, progress);
        },
        {.updated =
             [this](const std::vector<ReadUpdate>& updates) {
                 for (const auto& update : updates)
                     apply(update);
             },
         .done = [this, project, origin](const auto& opened) { adoptOpened(*opened, project, origin); }});
    auto* job = m_reading.data();
    connect(job, &Job::ended, this, [this, job] {
        if (job != m_reading)
            return; // another model is being read meanwhile
        m_document.endReading(job->state() == Job::State::Done         ? Document::ReadState::Ready
                                  : job->state() == Job::State::Failed ? Document::ReadState::Failed
                                                                       : Document::ReadState::Stopped,
                              job->failure());
        m_reading.clear();
    });
}

void Studio::apply(const ReadUpdate& update)
{
    if (const auto* description = std::get_if<0>(&update)) {
        m_document.setDescription(*description);
        if ((*description)->isBundle)
            m_document.setBundle(m_document.modelPath(),
                                 std::make_shared<const core::CalibrationReport>((*description)->calibration),
                                 (*description)->plan);
    } else if (const auto* layer = std::get_if<1>(&update)) {
        m_document.addLayer(*layer);
    } else if (const auto* site = std::get_if<2>(&update)) {
        m_document.addSite(*site);
    }
}

Job* Studio::measureActivationsAgain()
{
    return measureActivations(m_lastMeasurement.tokens, m_lastMeasurement.seqlen);
}

Job* Studio::measureActivations(std::int64_t tokens, std::int64_t seqlen)
{
    const core::ProfileSpec spec{
        .model = toStd(m_document.modelPath()), .text = toStd(m_document.text()), .tokens = tokens, .seqlen = seqlen};
    m_lastMeasurement = spec;
    auto* job = m_jobs.run<ReadUpdate, core::Profile>(
        {.title = tr("Measure activations"),
         .command = profileCommand(spec),
         .quiet = false,
         .retry = [this, tokens, seqlen] { measureActivations(tokens, seqlen); }},
        [lane = m_lane, spec](const Feed<ReadUpdate>& feed, core::Progress& progress) {
            const core::ProfileObserver observer{.onLayer = {}, .onSite = [&](const core::SiteProfile& site) {
                                                     feed(std::make_shared<const core::SiteProfile>(site));
                                                 }};
            return lane->get().profile(spec, observer, progress);
        },
        {.updated =
             [this](const std::vector<ReadUpdate>& updates) {
                 for (const auto& update : updates)
                     apply(update);
             },
         .done =
             [this, model = m_document.modelPath(),
              text = m_document.text()](const std::shared_ptr<const core::Profile>& profile) {
                 if (model != m_document.modelPath())
                     return;
                 m_document.setActivationText(text);
                 m_document.setProfile(profile);
             }});
    watch(job);
    return job;
}

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

Job* Studio::calibrate(const core::CalibrateSpec& spec)
{
    const auto planFile = planFileFor(toQString(spec.out));
    auto* job = m_jobs.run<core::LossPoint, core::CalibrationReport>(
        {.title = tr("Calibrate %1").arg(m_document.modelName()),
         .command = calibrateCommand(spec, planFile),
         .quiet = false,
         .retry = [this, spec] { calibrate(spec); }},
        [lane = m_lane, spec, planFile = toStd(planFile)](const Feed<core::LossPoint>& feed, core::Progress& progress) {
            auto& session = lane->get();
            QDir().mkpath(QFileInfo(toQString(planFile)).absolutePath());
            session.writePlan(planFile, spec.plan); // so that the command line can do the same
            return session.calibrate(
                spec, [&](const core::LossPoint& point) { feed(point); }, progress);
        },
        {.updated = [this](const std::vector<core::LossPoint>& points) { Q_EMIT lossReported(points); },
         .done =
             [this, spec,
              model = m_document.modelPath()](const std::shared_ptr<const core::CalibrationReport>& report) {
                 if (model != m_document.modelPath())
                     return; // another model is open: the bundle lies on the disk
                 m_document.forgetEvaluations(toQString(spec.out));
                 if (!report->bundle.empty()) // else blocks are still missing
                     m_document.setBundle(toQString(spec.out), report, spec.plan);
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
         .command = evaluateCommand(spec),
         .quiet = false,
         .retry = [this, spec, name] { evaluate(spec, name); }},
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
        {.title = tr("Generate text"), .command = chatCommand(spec), .quiet = false, .retry = {}},
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
