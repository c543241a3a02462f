// SPDX-License-Identifier: GPL-3.0-or-later
// Projects and plans: what of the studio's work is kept as files.
#include "ui/command_line.h"
#include "ui/convert.h"
#include "ui/demo_texts.h"
#include "ui/studio.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include <utility>

namespace ui {

void Studio::openProject(const QString& path)
{
    auto project = loadProject(path);
    m_projectPath = path;
    const auto model = project.model;
    Q_EMIT projectChanged();
    read(model, std::move(project));
}

void Studio::openRecovered(const QString& file, const QString& project)
{
    auto work = loadProject(file);
    m_projectPath = project;
    const auto model = work.model;
    Q_EMIT projectChanged();
    read(model, std::move(work), Origin::Recovered);
}

void Studio::adoptOpened(const Opened& opened, const std::optional<Project>& project, Origin origin)
{
    if (opened.profile)
        m_document.setProfile(opened.profile);
    if (opened.plan)
        m_document.plan().restore(opened.profile, *opened.plan, opened.rule);
    else
        m_document.plan().start(opened.profile, opened.rule, core::QuantScheme{});
    if (project) {
        m_document.setText(project->text);
        m_document.setEvaluationText(project->evaluationText);
        m_document.setNotes(project->notes);
        m_document.setLayerNotes(project->layerNotes);
        m_document.setEvaluations(opened.evaluations);
        m_document.setCalibrationRuns(opened.calibrations);
        if (opened.search)
            m_document.setSearch(opened.search);
        if (!project->bundle.isEmpty())
            m_document.setBundle(project->bundle, std::make_shared<const core::CalibrationReport>(opened.calibration),
                                 opened.bundlePlan);
        if (project->selected)
            m_document.select(*project->selected);
    } else {
        const auto texts = findDemoTexts(m_document.modelPath());
        m_document.setText(texts.calibration);
        m_document.setEvaluationText(texts.evaluation);
    }
    m_document.markSaved();
    if (origin == Origin::Recovered)
        m_document.markUnsaved();
    if (!opened.changedInputs.isEmpty())
        Q_EMIT inputsChanged(opened.changedInputs);
}

Job* Studio::exportModel(const core::ExportSpec& spec)
{
    struct Nothing
    {
    };
    m_lastExport = spec;
    auto* job = m_jobs.run<Nothing, core::ExportResult>(
        {.title = tr("Export %1").arg(QFileInfo(toQString(spec.bundle)).fileName()),
         .command = onDevice(exportCommand(spec)),
         .quiet = false,
         .retry = [this, spec] { exportModel(spec); }},
        [lane = m_lane, spec](const Feed<Nothing>&, core::Progress& progress) {
            return lane->get().exportModel(spec, progress);
        },
        {.updated = {},
         .done = [this](const std::shared_ptr<const core::ExportResult>& result) { Q_EMIT exportFinished(result); }});
    watch(job);
    return job;
}

std::vector<std::string> Studio::reportNotes() const
{
    std::vector<std::string> notes;
    for (const auto& paragraph : m_document.notes().split(QLatin1Char('\n'), Qt::SkipEmptyParts))
        notes.push_back(toStd(paragraph));
    for (const auto& [layer, note] : m_document.layerNotes())
        notes.push_back(core::toString(layer) + ": " + toStd(note));
    return notes;
}

void Studio::writeReport(const QString& html)
{
    struct Nothing
    {
    };
    auto* job = m_jobs.run<Nothing, std::uint64_t>(
        {.title = tr("Write %1").arg(QFileInfo(html).fileName()),
         .command = {},
         .quiet = false,
         .retry = [this, html] { writeReport(html); }},
        [lane = m_lane, html, runs = m_document.evaluations(), calibration = m_document.calibration(),
         bundle = m_document.bundle(), notes = reportNotes()](const Feed<Nothing>&, core::Progress& progress) {
            auto& session = lane->get();
            QTemporaryDir folder;
            core::ReportSpec spec{.inputs = {}, .html = toStd(html), .title = {}, .notes = notes};
            const auto add = [&](const QString& name, const std::string& text) {
                progress.checkpoint();
                QFile file(folder.filePath(QStringLiteral("%1.json").arg(name)));
                if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray::fromStdString(text)) < 0)
                    throw core::Error(core::ErrorKind::Io, toStd(file.errorString()), toStd(file.fileName()));
                spec.inputs.push_back(toStd(file.fileName()));
            };
            for (std::size_t i = 0; i < runs.size(); ++i)
                add(QStringLiteral("evaluation-%1").arg(i + 1), session.evaluationToText(runs[i].report));
            if (QFileInfo(bundle).isDir())
                spec.inputs.push_back(toStd(bundle));
            else if (calibration && !calibration->blocks.empty())
                add(QStringLiteral("calibration"), session.calibrationToText(*calibration));
            return session.writeReport(spec);
        },
        {.updated = {}, .done = [this, html](const std::shared_ptr<const std::uint64_t>& bytes) {
             Q_EMIT reportWritten(html, *bytes);
         }});
    watch(job);
}

void Studio::importPlan(const QString& path)
{
    m_document.plan().adopt(readPlan(path), tr("Plan from %1").arg(QFileInfo(path).fileName()));
}

core::Plan Studio::readPlan(const QString& path) const
{
    const auto ours = m_document.plan().plan().modules.size();
    if (!m_engine || ours == 0)
        throw core::Error(core::ErrorKind::InvalidArgument, toStd(tr("Open a model before its plan")));
    auto plan = m_engine->readPlan(toStd(path));
    if (plan.modules.size() != ours)
        throw core::Error(core::ErrorKind::InvalidArgument,
                          toStd(tr("The plan has %1 modules, the open model %2: it was made for another model")
                                    .arg(plan.modules.size())
                                    .arg(ours)),
                          toStd(path));
    return plan;
}

void Studio::exportPlan(const QString& path) const
{
    m_engine->writePlan(toStd(path), m_document.plan().plan());
}

Project Studio::currentProject() const
{
    const auto& plan = m_document.plan();
    Project project;
    project.model = m_document.modelPath();
    if (m_engine && !plan.isEmpty())
        project.planText = m_engine->planToText(plan.plan());
    project.rule = plan.rule();
    project.bundle = m_document.bundle();
    if (m_engine && m_document.calibration())
        project.calibrationText = m_engine->calibrationToText(*m_document.calibration());
    if (m_engine && !m_document.bundlePlan().modules.empty())
        project.bundlePlanText = m_engine->planToText(m_document.bundlePlan());
    for (const auto& run : m_document.calibrationRuns())
        if (m_engine)
            project.calibrations.push_back({run, m_engine->calibrationToText(run.report)});
    if (m_engine && m_document.search())
        project.searchText = m_engine->searchToText(*m_document.search());
    for (const auto& run : m_document.evaluations())
        if (m_engine)
            project.evaluations.push_back({run.name, run.model, run.reference, m_engine->evaluationToText(run.report)});
    project.text = m_document.text();
    project.evaluationText = m_document.evaluationText();
    project.notes = m_document.notes();
    project.layerNotes = m_document.layerNotes();
    project.selected = m_document.selectedLayer();
    return project;
}

void Studio::saveProject(const QString& path)
{
    ui::saveProject(currentProject(), path);
    m_projectPath = path;
    m_document.markSaved();
    Q_EMIT projectChanged();
}

} // namespace ui
