// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/engine_library.h"
#include "ui/jobs/job_runner.h"
#include "ui/model/document.h"
#include "ui/project.h"

#include <QPointer>

#include <variant>

namespace ui {

/** What the window can do, without the window: starts jobs on the compute lane and puts their results into the document.
    The engine is made on the lane by the factory when the first job needs it. */
class Studio : public QObject
{
    Q_OBJECT

public:
    explicit Studio(SessionFactory factory, QObject* parent = nullptr);
    ~Studio() override;

    Document& document() { return m_document; }
    const Document& document() const { return m_document; }
    JobRunner& jobs() { return m_jobs; }
    const std::shared_ptr<const core::Session>& engine() const { return m_engine; } // null until it is loaded
    const core::DeviceList& devices() const { return m_devices; }
    const QString& deviceName() const { return m_deviceName; }

    void setDevice(const QString& name);     // as devices() names them; answered by engineReady
    QString onDevice(QString command) const; // a planish line, with the device where one was chosen
    void loadEngine();                       // quick where it is there or on its way
    void openModel(const QString& path);
    void openDemo(const QString& folder); // written there first
    void openProject(const QString& path);
    void attachBundle(const QString& folder); // as the quantized model of the open one
    /** Work that was saved aside; it counts as unsaved, and is saved to `project` unless that is empty. */
    void openRecovered(const QString& file, const QString& project); // throws core::Error
    void saveProject(const QString& path);                           // throws core::Error
    Project currentProject() const;
    const QString& projectPath() const { return m_projectPath; }

    Job* measureActivations(std::int64_t tokens, std::int64_t seqlen);
    Job* measureActivationsAgain(); // with as many tokens as the last time
    /** A question to the engine whose answer is a value, on the lane. */
    template <typename Answer>
    Job* ask(JobDescription description, std::function<Answer(core::Session&, core::Progress&)> work,
             std::function<void(const std::shared_ptr<const Answer>&)> done);
    /** The same with news on the way; what goes wrong is told by failed. */
    template <typename Update, typename Answer>
    Job* follow(JobDescription description,
                std::function<Answer(core::Session&, const Feed<Update>&, core::Progress&)> work,
                JobHandlers<Update, Answer> handlers);
    /** Answers with comparisonReady; of several requests in a row only the last is worked on. */
    void compare(const core::CompareSpec& spec);
    Job* calibrate(const core::CalibrateSpec& spec);
    Job* evaluate(const core::EvaluateSpec& spec, const QString& name);
    /** What was last asked of the quantized model, to be asked again when it is another; none in a new session. */
    const std::optional<core::EvaluateSpec>& lastEvaluation() const { return m_lastEvaluation; }
    const std::optional<core::ExportSpec>& lastExport() const { return m_lastExport; }
    /** The bundle's tasks against the model's, item by item; nothing where one of them is missing. */
    std::optional<core::RunComparison> compareTasks() const;
    Job* chat(const core::ChatSpec& spec);
    Job* exportModel(const core::ExportSpec& spec);
    Job* traceToken(const core::TraceSpec& spec);
    void writeReport(const QString& html);             // what is known of this model, as one page
    void importPlan(const QString& path);              // throws core::Error
    core::Plan readPlan(const QString& path) const;    // for the open model; throws core::Error
    void exportPlan(const QString& path) const;        // throws core::Error
    static QString planFileFor(const QString& bundle); // where the plan of a calibration lies, for the command line

Q_SIGNALS:
    void engineReady();
    void projectChanged();                            // its path
    void inputsChanged(const QStringList& sentences); // files of the project that opened are not what they were
    void failed(ui::Job* job);
    void comparisonReady(const core::CompareSpec& spec, std::shared_ptr<const core::TransformComparison> comparison);
    void comparisonFailed(const QString& what);
    void calibrationStarted(ui::Job* job, const core::CalibrateSpec& spec);
    void calibrationFinished(const core::CalibrateSpec& spec, std::shared_ptr<const core::CalibrationReport> report);
    void lossReported(const std::vector<core::LossPoint>& points);
    void evaluationStarted(ui::Job* job, const core::EvaluateSpec& spec);
    void tokensGenerated(const std::vector<core::GeneratedToken>& tokens);
    void reportWritten(const QString& path, std::uint64_t bytes);
    void exportFinished(std::shared_ptr<const core::ExportResult> result);
    void chatFinished(std::shared_ptr<const core::ChatResult> result);
    void tokenTraced(std::shared_ptr<const std::vector<core::BlockError>> errors);

private:
    std::vector<std::string> reportNotes() const; // of the model and its layers
    /** The engine as the lane sees it: made on first use, touched by no other thread. */
    struct Engine
    {
        SessionFactory factory;
        std::shared_ptr<core::Session> session;

        core::Session& get();
    };
    struct Loaded
    {
        std::shared_ptr<core::Session> session;
        core::DeviceList devices;
        std::string deviceName;
    };
    struct Opened
    {
        QStringList changedInputs; // of the project
        std::shared_ptr<const core::Profile> profile;
        core::KurtosisRule rule;
        std::optional<core::Plan> plan;      // of the project
        core::Plan bundlePlan;               // what the project's bundle was calibrated with
        core::CalibrationReport calibration; // without blocks where there is none
        std::vector<CalibrationRun> calibrations;
        std::shared_ptr<const core::SearchResult> search; // null where the project has none
        std::vector<EvaluationRun> evaluations;
    };
    using ReadUpdate =
        std::variant<std::shared_ptr<const core::ModelDescription>, std::shared_ptr<const core::LayerProfile>,
                     std::shared_ptr<const core::SiteProfile>>;

    enum class Origin { Saved, Recovered };

    void read(const QString& path, std::optional<Project> project, Origin origin = Origin::Saved);
    static Opened readOnLane(core::Session& session, const QString& path, const std::optional<Project>& project,
                             const Feed<ReadUpdate>& feed, core::Progress& progress);
    void apply(const ReadUpdate& update);
    void adoptOpened(const Opened& opened, const std::optional<Project>& project, Origin origin);
    void stopReading();
    void watch(Job* job);
    void adoptRefined(const core::Plan& plan, const core::RefinementReport& refinement);

    Document m_document;
    JobRunner m_jobs;
    std::shared_ptr<Engine> m_lane;
    std::shared_ptr<const core::Session> m_engine;
    core::DeviceList m_devices;
    QString m_deviceName;
    QString m_chosenDevice; // empty: as the engine chose
    QString m_projectPath;
    std::optional<core::EvaluateSpec> m_lastEvaluation;
    core::ProfileSpec m_lastMeasurement = {.model = {}, .text = {}, .tokens = 4096, .seqlen = 256};
    std::optional<core::ExportSpec> m_lastExport;
    QPointer<Job> m_loading;
    QPointer<Job> m_reading;
    QPointer<Job> m_comparing;
};

template <typename Answer>
Job* Studio::ask(JobDescription description, std::function<Answer(core::Session&, core::Progress&)> work,
                 std::function<void(const std::shared_ptr<const Answer>&)> done)
{
    return m_jobs.run<std::monostate, Answer>(
        std::move(description),
        [lane = m_lane, work = std::move(work)](const Feed<std::monostate>&, core::Progress& progress) {
            return work(lane->get(), progress);
        },
        {.updated = {}, .done = std::move(done)});
}

template <typename Update, typename Answer>
Job* Studio::follow(JobDescription description,
                    std::function<Answer(core::Session&, const Feed<Update>&, core::Progress&)> work,
                    JobHandlers<Update, Answer> handlers)
{
    auto* job = m_jobs.run<Update, Answer>(
        std::move(description),
        [lane = m_lane, work = std::move(work)](const Feed<Update>& feed, core::Progress& progress) {
            return work(lane->get(), feed, progress);
        },
        std::move(handlers));
    watch(job);
    return job;
}

} // namespace ui
