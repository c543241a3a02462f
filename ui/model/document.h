// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"
#include "ui/jobs/job.h"
#include "ui/model/calibration_run.h"
#include "ui/model/plan_editor.h"
#include "ui/model/selection.h"

#include <QObject>
#include <QString>

#include <map>
#include <memory>
#include <optional>

namespace ui {

/** One measured quality of one model, kept with the project. */
struct EvaluationRun
{
    QString name;  // of the bundle or the model
    QString model; // path
    QString reference;
    core::EvaluationReport report;
};

/** What is open: the model as it is read, its plan, results, texts and notes, and what is selected. Parts are immutable and
    come from the engine; views listen and change the document only through its methods. */
class Document : public QObject
{
    Q_OBJECT

public:
    enum class ReadState { Empty, Loading, Ready, Stopped, Failed };
    template <typename T>
    using Shared = std::shared_ptr<const T>;

    explicit Document(QObject* parent = nullptr);

    // Reading. The studio feeds these while its job runs.
    void beginReading(const QString& path);
    void setDescription(Shared<core::ModelDescription> description);
    void addLayer(Shared<core::LayerProfile> layer);
    void addSite(Shared<core::SiteProfile> site);
    void setProfile(Shared<core::Profile> profile);
    void endReading(ReadState state, std::optional<Failure> failure = {});

    ReadState readState() const { return m_state; }
    const std::optional<Failure>& failure() const { return m_failure; }
    const QString& modelPath() const { return m_path; }
    QString modelName() const;
    const Shared<core::ModelDescription>& description() const { return m_description; }
    const Shared<core::Profile>& profile() const { return m_profile; }
    const std::vector<core::LayerId>& layers() const { return m_layers; } // in the model's order, from the header
    int readLayerCount() const { return static_cast<int>(m_read.size()); }
    Shared<core::LayerProfile> layer(const core::LayerId& id) const;   // null until it is read
    Shared<core::SiteProfile> site(const core::SiteId& id) const;      // null without activations
    const core::ModuleProfile* module(const core::ModuleId& id) const; // null until all layers are read
    bool hasActivations() const { return !m_sites.empty(); }
    const core::LayerInfo* header(const core::LayerId& id) const; // null where there is none (a bundle)

    /** The bundle as it was measured beside the model; null where it was not. */
    void setBundleProfile(Shared<core::BundleProfile> profile);
    const Shared<core::BundleProfile>& bundleProfile() const { return m_bundleProfile; }
    Shared<core::LayerProfile> bundleLayer(const core::LayerId& id) const;
    Shared<core::SiteProfile> bundleSite(const core::SiteId& id) const;
    const core::LayerError* bundleError(const core::LayerId& id) const;

    PlanEditor& plan() { return m_plan; }
    const PlanEditor& plan() const { return m_plan; }

    Selection& selection() { return m_selection; }
    const Selection& selection() const { return m_selection; }
    void select(const core::LayerId& layer) { m_selection.setLayers({layer}); }
    const std::optional<core::LayerId>& selectedLayer() const { return m_selection.current(); }
    std::optional<core::ModuleId> selectedModule() const; // none for embedding and head

    /** The quantized model on disk, and how its calibration went. */
    void setBundle(const QString& folder, Shared<core::CalibrationReport> report, const core::Plan& plan);
    const QString& bundle() const { return m_bundle; } // empty where there is none
    const Shared<core::CalibrationReport>& calibration() const { return m_calibration; }
    const core::Plan& bundlePlan() const { return m_bundlePlan; } // what it was calibrated with
    bool isBundleStale() const; // choices or bits differ from those it was calibrated with
    void addCalibrationRun(CalibrationRun run);
    void setCalibrationRuns(std::vector<CalibrationRun> runs);
    const std::vector<CalibrationRun>& calibrationRuns() const { return m_calibrationRuns; } // oldest first

    void setSearch(Shared<core::SearchResult> search);
    const Shared<core::SearchResult>& search() const { return m_search; } // the last one; null where there is none

    void
    addEvaluation(const EvaluationRun& run); // replaces what an older one of the same model says of the same things
    void forgetEvaluations(const QString& model); // it was made anew
    void setEvaluations(std::vector<EvaluationRun> runs);
    const std::vector<EvaluationRun>& evaluations() const { return m_evaluations; }

    void setText(const QString& path);
    const QString& text() const { return m_text; } // for activations and calibration
    void setActivationText(const QString& path) { m_activationText = path; }
    const QString& activationText() const
    {
        return m_activationText;
    } // what they were measured on; empty: not in this session
    void setEvaluationText(const QString& path);
    const QString& evaluationText() const { return m_evaluationText.isEmpty() ? m_text : m_evaluationText; }
    void setNotes(const QString& notes);
    const QString& notes() const { return m_notes; }
    void writeNote(const core::LayerId& layer, const QString& note);    // one undo step
    void setLayerNote(const core::LayerId& layer, const QString& note); // without one; empty takes it away
    QString layerNote(const core::LayerId& layer) const;
    const std::map<core::LayerId, QString>& layerNotes() const { return m_layerNotes; }
    void setLayerNotes(std::map<core::LayerId, QString> notes);

    bool isModified() const { return m_touched || !m_plan.undoStack().isClean(); }
    void markSaved();
    void markUnsaved() { touch(); } // recovered work

Q_SIGNALS:
    void readingChanged(); // state, path, description
    void layersReset();    // rows
    void layerRead(const core::LayerId& layer);
    void siteRead(const core::SiteId& site);
    void profileChanged();
    void selectionChanged();
    void bundleWritten();      // another one, or the same anew
    void bundleChanged();      // or became stale
    void calibrationChanged(); // a new report
    void calibrationRunsChanged();
    void evaluationsChanged();
    void textChanged();
    void notesChanged();
    void layerNotesChanged();
    void bundleProfileChanged();
    void searchChanged();
    void modifiedChanged();

private:
    void rebuildLayers();
    void touch();

    ReadState m_state = ReadState::Empty;
    std::optional<Failure> m_failure;
    QString m_path;
    Shared<core::ModelDescription> m_description;
    Shared<core::Profile> m_profile;
    std::vector<core::LayerId> m_layers;
    std::map<core::LayerId, Shared<core::LayerProfile>> m_read;
    std::map<core::SiteId, Shared<core::SiteProfile>> m_sites;
    std::map<core::LayerId, std::size_t> m_headers; // place in the description
    Selection m_selection;
    PlanEditor m_plan;
    Shared<core::CalibrationReport> m_calibration;
    QString m_bundle;
    core::Plan m_bundlePlan;
    std::vector<CalibrationRun> m_calibrationRuns;
    std::vector<EvaluationRun> m_evaluations;
    QString m_text;
    QString m_activationText;
    QString m_evaluationText;
    QString m_notes;
    std::map<core::LayerId, QString> m_layerNotes;
    Shared<core::BundleProfile> m_bundleProfile;
    Shared<core::SearchResult> m_search;
    bool m_touched = false;
};

} // namespace ui
