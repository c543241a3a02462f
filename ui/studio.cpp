// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio.h"

#include "ui/command_line.h"
#include "ui/convert.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

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

QString Studio::onDevice(QString command) const
{
    if (!m_chosenDevice.isEmpty())
        command.replace(QRegularExpression(QStringLiteral("^planish ")),
                        QStringLiteral("planish --device %1 ").arg(m_chosenDevice));
    return command;
}

void Studio::setDevice(const QString& name)
{
    m_chosenDevice = name;
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
         .command = onDevice(profileCommand(spec)),
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
         .command = onDevice(profileCommand(spec)),
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

} // namespace ui
