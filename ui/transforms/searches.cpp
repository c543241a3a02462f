// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transforms/searches.h"

#include "ui/command_line.h"
#include "ui/convert.h"
#include "ui/format.h"
#include "ui/plot/gate_plot.h"
#include "ui/studio.h"

#include <QDir>
#include <QFile>
#include <QStandardPaths>

#include <algorithm>

namespace ui {

Searches::Searches(Studio& studio, QObject* parent)
    : QObject(parent)
    , m_studio(studio)
{
    connect(&studio.document(), &Document::layersReset, this, [this] {
        m_gates.clear();
        m_newest.reset();
        m_job.clear();
        Q_EMIT changed();
    });
    connect(&studio.document(), &Document::searchChanged, this, &Searches::changed);
}

core::SelectSpec Searches::specFor(const core::SearchOptions& options) const
{
    const auto& document = m_studio.document();
    core::SelectSpec spec;
    spec.model = toStd(document.modelPath());
    spec.method = core::SelectMethod::Search;
    spec.text = toStd(document.text());
    spec.scheme = document.plan().plan().scheme;
    spec.kronecker = document.plan().plan().kronecker;
    spec.search = options;
    spec.search.training.resume = true;
    spec.checkpoints = toStd(QDir(QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation))
                                 .filePath(QStringLiteral("searches/") + document.modelName()));
    return spec;
}

void Searches::start(const core::SearchOptions& options)
{
    if (isRunning())
        return;
    const auto spec = specFor(options);
    m_gates.clear();
    m_newest.reset();
    m_candidates = options.candidates;
    m_job = m_studio.follow<core::GatePoint, core::SearchResult>(
        {.title = tr("Search kinds for %1").arg(m_studio.document().modelName()),
         .command = m_studio.onDevice(searchCommand(spec)),
         .retry = [this, options] { start(options); }},
        [spec](core::Session& session, const Feed<core::GatePoint>& feed, core::Progress& progress) {
            return session.search(spec, {.onGate = [&](const core::GatePoint& point) { feed(point); }, .onLoss = {}},
                                  progress);
        },
        {.updated =
             [this](const std::vector<core::GatePoint>& points) {
                 for (const auto& point : points)
                     m_gates[point.module].push_back(point);
                 m_newest = points.back().module;
                 Q_EMIT gatesMoved();
             },
         .done =
             [this, model = m_studio.document().modelPath()](const std::shared_ptr<const core::SearchResult>& result) {
                 if (model == m_studio.document().modelPath())
                     m_studio.document().setSearch(result);
             }});
    connect(m_job, &Job::changed, this, &Searches::changed);
    connect(m_job, &Job::ended, this, &Searches::changed);
    Q_EMIT changed();
}

void Searches::stop()
{
    if (m_job)
        m_job->cancel();
}

void Searches::open(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        throw core::Error(core::ErrorKind::NotFound, "The search could not be opened: " + toStd(file.errorString()),
                          toStd(path));
    if (!m_studio.engine())
        throw core::Error(core::ErrorKind::InvalidArgument, "Open a model before its search");
    auto result = m_studio.engine()->searchFromText(file.readAll().toStdString());
    const auto& plan = m_studio.document().plan().plan();
    for (const auto& decision : result.modules)
        if (!plan.find(decision.module))
            throw core::Error(core::ErrorKind::InvalidArgument,
                              "The search decided on " + core::toString(decision.module)
                                  + ", which the open model does not have: it was made for another model",
                              toStd(path));
    m_gates.clear();
    m_studio.document().setSearch(std::make_shared<const core::SearchResult>(std::move(result)));
}

const std::vector<core::Candidate>& Searches::candidates() const
{
    const auto& search = m_studio.document().search();
    return isRunning() || !search ? m_candidates : search->candidates;
}

std::vector<core::GatePoint> Searches::gates(const core::ModuleId& module) const
{
    const auto& search = m_studio.document().search();
    const auto found = m_gates.find(module);
    if (isRunning() || !search)
        return found != m_gates.end() ? found->second : std::vector<core::GatePoint>();
    std::vector<core::GatePoint> points;
    for (const auto& block : search->blocks)
        for (const auto& point : block.gates)
            if (point.module == module)
                points.push_back(point);
    return points;
}

const core::ModuleDecision* Searches::decision(const core::ModuleId& module) const
{
    const auto& search = m_studio.document().search();
    if (!search)
        return nullptr;
    const auto found = std::find_if(search->modules.begin(), search->modules.end(),
                                    [&](const auto& decision) { return decision.module == module; });
    return found != search->modules.end() ? &*found : nullptr;
}

std::vector<core::Choice> Searches::choices() const
{
    const auto& search = *m_studio.document().search();
    std::vector<core::Choice> choices;
    for (const auto& choice : search.plan.modules)
        if (!m_studio.document().plan().isOverridden(choice.module))
            choices.push_back(choice);
    return choices;
}

void Searches::takeOver()
{
    if (m_studio.document().search())
        m_studio.document().plan().take(choices(), tr("Choices of the search"));
}

} // namespace ui
