// SPDX-License-Identifier: Apache-2.0
#include "core/session/evaluation_job.h"

#include "core/base/error.h"
#include "core/eval/reference_scores.h"
#include "core/eval/task_evaluation.h"
#include "core/export/native_bundle.h"
#include "core/session/provenance.h"
#include "core/session/text_evaluation.h"

#include <algorithm>
#include <cmath>

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

/** Bytes that the model reads for a task, as a measure of its work: an item's requests share their context. */
double workOf(const TaskItems& task)
{
    double bytes = 0.0;
    for (const auto& item : task.items) {
        const std::string* last = nullptr;
        for (const auto& request : item.requests) {
            bytes += double(request.continuation.size());
            if (!last || *last != request.context)
                bytes += double(request.context.size());
            last = &request.context;
        }
    }
    return bytes;
}

double workOfText(const EvaluateSpec& spec)
{
    constexpr double kBytesPerToken = 4.0; // of ordinary text, for a limit that is counted in tokens
    std::error_code unreadable;            // is said by whoever reads it
    auto bytes = double(fs::file_size(spec.text, unreadable));
    if (unreadable)
        return 1.0;
    if (spec.limitTokens > 0)
        bytes = std::min(bytes, kBytesPerToken * double(spec.limitTokens));
    return spec.reference.empty() || isReferenceScores(spec.reference) ? bytes : 2.0 * bytes;
}

bool isFinite(const EvaluationReport& report)
{
    const auto answered = [](const TaskItemResult& item) {
        return std::all_of(item.logProbabilities.begin(), item.logProbabilities.end(),
                           [](double sum) { return !std::isnan(sum); });
    };
    return (!report.perplexity || std::isfinite(report.perplexity->nllSum))
        && std::all_of(report.tasks.begin(), report.tasks.end(), [&](const TaskResult& task) {
               return std::all_of(task.itemResults.begin(), task.itemResults.end(), answered);
           });
}

/** What is not a number in a result is a weight's, most often: throws Error(Numeric) that names it. */
void blameWeights(const std::string& model)
{
    const auto blame = [](const TensorSet& tensors) {
        for (const auto& tensor : tensors.tensors())
            requireFinite(tensor);
    };
    if (isBundle(model))
        blame(*readBundleHeader(model).tensors);
    else
        blame(ModelFiles::open(model)->tensors());
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

    double all = spec.text.empty() ? 0.0 : workOfText(spec);
    for (const auto& task : items)
        all += workOf(task);
    all = std::max(all, 1.0);
    double done = 0.0;
    if (!spec.text.empty()) {
        done = workOfText(spec);
        ProgressPart part(progress, 0.0, done / all);
        evaluateText(store, spec, journal, ranks, report, part);
    }
    for (const auto& task : items) {
        const double begin = done / all;
        done += workOf(task);
        ProgressPart part(progress, begin, done / all);
        const ScoringOptions options{.tokensInPass = spec.tokensInPass, .journal = journal, .ranks = ranks};
        const auto tokenizer = store.tokenizer(spec.model);
        report.tasks.push_back(evaluateTask(*store.model(spec.model, part), *tokenizer, task, options, part));
    }
    if (!isFinite(report))
        blameWeights(spec.model);
    return report;
}

} // namespace core
