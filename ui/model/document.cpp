// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model/document.h"

#include "ui/convert.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace ui {

Document::Document(QObject* parent)
    : QObject(parent)
{
    connect(&m_selection, &Selection::currentChanged, this, &Document::selectionChanged);
    connect(&m_plan.undoStack(), &QUndoStack::cleanChanged, this, &Document::modifiedChanged);
    connect(&m_plan, &PlanEditor::changed, this, &Document::bundleChanged); // it may have become stale
}

void Document::beginReading(const QString& path)
{
    m_path = path;
    m_state = ReadState::Loading;
    m_failure.reset();
    m_description.reset();
    m_profile.reset();
    m_read.clear();
    m_sites.clear();
    m_layers.clear();
    m_headers.clear();
    m_calibration.reset();
    m_bundle.clear();
    m_bundlePlan = {};
    m_calibrationRuns.clear();
    m_evaluations.clear();
    m_text.clear();
    m_activationText.clear();
    m_evaluationText.clear();
    m_notes.clear();
    m_layerNotes.clear();
    m_bundleProfile.reset();
    m_search.reset();
    m_plan.clear();
    markSaved();
    m_selection.clear();
    Q_EMIT layersReset();
    Q_EMIT readingChanged();
    Q_EMIT profileChanged();
    Q_EMIT selectionChanged();
    Q_EMIT bundleWritten();
    Q_EMIT bundleChanged();
    Q_EMIT calibrationChanged();
    Q_EMIT calibrationRunsChanged();
    Q_EMIT evaluationsChanged();
    Q_EMIT textChanged();
    Q_EMIT notesChanged();
    Q_EMIT layerNotesChanged();
    Q_EMIT bundleProfileChanged();
    Q_EMIT searchChanged();
}

void Document::setSearch(Shared<core::SearchResult> search)
{
    m_search = std::move(search);
    touch();
    Q_EMIT searchChanged();
}

void Document::setDescription(Shared<core::ModelDescription> description)
{
    m_description = std::move(description);
    rebuildLayers();
    Q_EMIT layersReset();
    Q_EMIT readingChanged();
    if (!m_layers.empty())
        select(m_layers.front());
}

void Document::rebuildLayers()
{
    m_layers.clear();
    const auto& info = m_description->info;
    for (std::size_t i = 0; i < m_description->layers.size(); ++i)
        m_headers[m_description->layers[i].layer] = i;
    for (int block = 0; block < info.blocks; ++block)
        for (const auto role : core::kBlockRoles)
            m_layers.push_back({block, role});
    m_layers.push_back({-1, core::Role::Embedding});
    if (!info.tiedHead)
        m_layers.push_back({-1, core::Role::Head});
}

void Document::addLayer(Shared<core::LayerProfile> layer)
{
    const auto id = layer->layer;
    m_read[id] = std::move(layer);
    Q_EMIT layerRead(id);
}

void Document::addSite(Shared<core::SiteProfile> site)
{
    const auto id = site->site;
    m_sites[id] = std::move(site);
    Q_EMIT siteRead(id);
}

void Document::setProfile(Shared<core::Profile> profile)
{
    m_profile = std::move(profile);
    // The parts are seen through the whole from now on, so that each is kept once.
    for (const auto& layer : m_profile->weights)
        m_read[layer.layer] = Shared<core::LayerProfile>(m_profile, &layer);
    for (const auto& site : m_profile->activations)
        m_sites[site.site] = Shared<core::SiteProfile>(m_profile, &site);
    m_plan.setProfile(m_profile);
    Q_EMIT profileChanged();
}

void Document::endReading(ReadState state, std::optional<Failure> failure)
{
    m_state = state;
    m_failure = std::move(failure);
    Q_EMIT readingChanged();
}

QString Document::modelName() const
{
    QDir folder(m_path);
    // A folder that every checkpoint of Hugging Face may have: its parent tells more.
    if (folder.dirName() == QLatin1String("hf") && folder.cdUp())
        return folder.dirName();
    return QFileInfo(QDir::cleanPath(m_path)).fileName();
}

Document::Shared<core::LayerProfile> Document::layer(const core::LayerId& id) const
{
    const auto found = m_read.find(id);
    return found != m_read.end() ? found->second : nullptr;
}

Document::Shared<core::SiteProfile> Document::site(const core::SiteId& id) const
{
    const auto found = m_sites.find(id);
    return found != m_sites.end() ? found->second : nullptr;
}

const core::ModuleProfile* Document::module(const core::ModuleId& id) const
{
    if (!m_profile)
        return nullptr;
    const auto& modules = m_profile->modules;
    const auto found =
        std::find_if(modules.begin(), modules.end(), [&](const auto& module) { return module.module == id; });
    return found != modules.end() ? &*found : nullptr;
}

const core::LayerInfo* Document::header(const core::LayerId& id) const
{
    const auto found = m_headers.find(id);
    return found != m_headers.end() ? &m_description->layers[found->second] : nullptr;
}

void Document::setBundleProfile(Shared<core::BundleProfile> profile)
{
    m_bundleProfile = std::move(profile);
    Q_EMIT bundleProfileChanged();
}

namespace {

/** The part of `whole` that belongs to `id`, kept alive by it: looked for where it should stand, then everywhere. */
template <typename Part, typename Whole, typename Id>
std::shared_ptr<const Part> partOf(const std::shared_ptr<const Whole>& whole, const std::vector<Part>& parts,
                                   Id Part::*name, const Id& id, int place)
{
    const auto usual = static_cast<std::size_t>(std::max(place, 0));
    if (usual < parts.size() && parts[usual].*name == id)
        return std::shared_ptr<const Part>(whole, &parts[usual]);
    const auto found = std::find_if(parts.begin(), parts.end(), [&](const Part& part) { return part.*name == id; });
    return found != parts.end() ? std::shared_ptr<const Part>(whole, &*found) : nullptr;
}

int placeOf(const core::LayerId& layer)
{
    return layer.block * static_cast<int>(core::kBlockRoles.size()) + static_cast<int>(layer.role);
}

} // namespace

Document::Shared<core::LayerProfile> Document::bundleLayer(const core::LayerId& id) const
{
    return m_bundleProfile
        ? partOf(m_bundleProfile, m_bundleProfile->weights, &core::LayerProfile::layer, id, placeOf(id))
        : nullptr;
}

Document::Shared<core::SiteProfile> Document::bundleSite(const core::SiteId& id) const
{
    return m_bundleProfile ? partOf(m_bundleProfile, m_bundleProfile->activations, &core::SiteProfile::site, id,
                                    id.block * static_cast<int>(core::kSites.size()) + static_cast<int>(id.site))
                           : nullptr;
}

const core::LayerError* Document::bundleError(const core::LayerId& id) const
{
    return m_bundleProfile
        ? partOf(m_bundleProfile, m_bundleProfile->errors, &core::LayerError::layer, id, placeOf(id)).get()
        : nullptr;
}

std::optional<core::ModuleId> Document::selectedModule() const
{
    const auto& layer = selectedLayer();
    if (!layer || layer->block < 0)
        return {};
    return core::ModuleId{layer->block, core::moduleOf(layer->role)};
}

void Document::setBundle(const QString& folder, Shared<core::CalibrationReport> report, const core::Plan& plan)
{
    m_bundle = folder;
    m_calibration = std::move(report);
    m_bundlePlan = plan;
    m_bundleProfile.reset(); // of another bundle
    touch();
    Q_EMIT bundleWritten(); // first: what is known of the old one is forgotten before anybody asks again
    Q_EMIT bundleProfileChanged();
    Q_EMIT bundleChanged();
    Q_EMIT calibrationChanged();
}

void Document::addCalibrationRun(CalibrationRun run)
{
    m_calibrationRuns.push_back(std::move(run));
    touch();
    Q_EMIT calibrationRunsChanged();
}

void Document::setCalibrationRuns(std::vector<CalibrationRun> runs)
{
    m_calibrationRuns = std::move(runs);
    touch();
    Q_EMIT calibrationRunsChanged();
}

bool Document::isBundleStale() const
{
    if (m_bundle.isEmpty() || m_bundlePlan.modules.empty())
        return false;
    const auto& now = m_plan.plan();
    if (now.kronecker != m_bundlePlan.kronecker)
        return true;
    return std::any_of(now.modules.begin(), now.modules.end(), [&](const auto& choice) {
        const auto* before = m_bundlePlan.find(choice.module);
        return !before || before->kind != choice.kind || before->rotationForm != choice.rotationForm
            || before->start != choice.start || before->seed != choice.seed
            || !(now.schemeOf(choice.module) == m_bundlePlan.schemeOf(choice.module));
    });
}

void Document::addEvaluation(const EvaluationRun& run)
{
    const auto same = [&](const auto& other) { return other.model == run.model; };
    const auto found = std::find_if(m_evaluations.begin(), m_evaluations.end(), same);
    if (found == m_evaluations.end()) {
        m_evaluations.push_back(run);
    } else {
        auto report = run.report;
        if (!report.perplexity) { // a run of tasks leaves the perplexity that is known, and the other way round
            report.perplexity = found->report.perplexity;
            report.referencePerplexity = found->report.referencePerplexity;
            report.divergence = found->report.divergence;
        }
        if (report.tasks.empty())
            report.tasks = found->report.tasks;
        *found = run;
        found->report = std::move(report);
    }
    touch();
    Q_EMIT evaluationsChanged();
}

void Document::forgetEvaluations(const QString& model)
{
    if (std::erase_if(m_evaluations, [&](const auto& run) { return run.model == model; }) > 0) {
        touch();
        Q_EMIT evaluationsChanged();
    }
}

void Document::setEvaluations(std::vector<EvaluationRun> runs)
{
    m_evaluations = std::move(runs);
    touch();
    Q_EMIT evaluationsChanged();
}

void Document::setText(const QString& path)
{
    if (m_text == path)
        return;
    m_text = path;
    touch();
    Q_EMIT textChanged();
}

void Document::setEvaluationText(const QString& path)
{
    if (m_evaluationText == path)
        return;
    m_evaluationText = path;
    touch();
    Q_EMIT textChanged();
}

void Document::setNotes(const QString& notes)
{
    if (m_notes == notes)
        return;
    m_notes = notes;
    touch();
    Q_EMIT notesChanged();
}

namespace {

/** One note as a step to undo. */
class NoteCommand : public QUndoCommand
{
public:
    NoteCommand(Document& document, const core::LayerId& layer, const QString& note)
        : QUndoCommand(Document::tr("Note on %1").arg(toQString(core::toString(layer))))
        , m_document(document)
        , m_layer(layer)
        , m_before(document.layerNote(layer))
        , m_after(note)
    {
    }

    void undo() override { m_document.setLayerNote(m_layer, m_before); }
    void redo() override { m_document.setLayerNote(m_layer, m_after); }

private:
    Document& m_document;
    core::LayerId m_layer;
    QString m_before;
    QString m_after;
};

} // namespace

void Document::writeNote(const core::LayerId& layer, const QString& note)
{
    if (layerNote(layer) != note)
        m_plan.undoStack().push(new NoteCommand(*this, layer, note));
}

void Document::setLayerNote(const core::LayerId& layer, const QString& note)
{
    if (layerNote(layer) == note)
        return;
    if (note.isEmpty())
        m_layerNotes.erase(layer);
    else
        m_layerNotes[layer] = note;
    touch();
    Q_EMIT layerNotesChanged();
}

QString Document::layerNote(const core::LayerId& layer) const
{
    const auto found = m_layerNotes.find(layer);
    return found != m_layerNotes.end() ? found->second : QString();
}

void Document::setLayerNotes(std::map<core::LayerId, QString> notes)
{
    m_layerNotes = std::move(notes);
    touch();
    Q_EMIT layerNotesChanged();
}

void Document::touch()
{
    m_touched = true;
    Q_EMIT modifiedChanged();
}

void Document::markSaved()
{
    m_touched = false;
    m_plan.undoStack().setClean();
    Q_EMIT modifiedChanged();
}

} // namespace ui
