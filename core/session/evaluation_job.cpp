// SPDX-License-Identifier: Apache-2.0
#include "core/session/evaluation_job.h"

#include "core/base/error.h"
#include "core/eval/task_evaluation.h"
#include "core/session/provenance.h"
#include "core/session/text_evaluation.h"

namespace core {

namespace {

namespace fs = std::filesystem;

TaskItems readItems(const EvaluateSpec& spec, const std::string& task)
{
    const auto equals = task.find('=');
    const auto definition = findTask(task.substr(0, equals));
    if (equals != std::string::npos)
        return readTaskItems(definition, task.substr(equals + 1), spec.limit);
    const auto folder = spec.tasksDir.empty() ? fs::path(spec.model) / "tasks" : fs::path(spec.tasksDir);
    if (spec.tasksDir.empty() && !fs::is_directory(folder))
        throw Error(ErrorKind::InvalidArgument,
                    "where are the items of " + definition.task + "? name their folder, or a file as " + definition.task
                        + "=FILE");
    return readTaskItems(definition, findTaskFile(definition, folder), spec.limit);
}

std::vector<TaskItems> readAllItems(const EvaluateSpec& spec)
{
    std::vector<TaskItems> all;
    for (const auto& task : spec.tasks)
        all.push_back(readItems(spec, task));
    if (!spec.itemsFile.empty())
        all.push_back(
            readTaskItems(ownItemsTask(fs::path(spec.itemsFile).stem().string()), spec.itemsFile, spec.limit));
    return all;
}

} // namespace

EvaluationReport runEvaluation(ModelStore& store, const EvaluateSpec& spec, Ranks* ranks, Progress& whole)
{
    BeatingProgress progress(whole, ranks);
    const auto items = readAllItems(spec);
    if (spec.text.empty() && items.empty())
        throw Error(ErrorKind::InvalidArgument, "evaluation needs a text, tasks or items");
    if (spec.text.empty() && !spec.reference.empty())
        throw Error(ErrorKind::InvalidArgument, "the divergence from a reference needs a text");
    EvaluationReport report;
    report.provenance = startProvenance(spec, store.device().str());
    const auto& model = report.provenance.model = modelProvenance(spec.model);
    std::optional<EvaluationJournal> kept;
    if (!spec.journal.empty() && (!ranks || ranks->rank() == 0))
        kept.emplace(spec.journal, model.hash + " " + model.bundleHash + " float32 " + store.device().str());
    auto* journal = kept ? &*kept : nullptr;

    const double parts = static_cast<double>(items.size()) + (spec.text.empty() ? 0.0 : 1.0);
    double done = 0.0;
    if (!spec.text.empty()) {
        ProgressPart part(progress, 0.0, 1.0 / parts);
        evaluateText(store, spec, journal, ranks, report, part);
        done = 1.0;
    }
    for (const auto& task : items) {
        ProgressPart part(progress, done / parts, (done + 1.0) / parts);
        const ScoringOptions options{.tokensInPass = spec.tokensInPass, .journal = journal, .ranks = ranks};
        const auto tokenizer = store.tokenizer(spec.model);
        report.tasks.push_back(evaluateTask(*store.model(spec.model, part), *tokenizer, task, options, part));
        done += 1.0;
    }
    return report;
}

} // namespace core
