// SPDX-License-Identifier: Apache-2.0
// Evaluations and their comparisons, of result_json.h.
#include "core/base/error.h"
#include "core/eval/run_comparison.h"
#include "core/session/json_lists.h"
#include "core/session/result_json.h"

#include <cstdio>

namespace core {

Json toJson(const PerplexityResult& result)
{
    return {{"value", jsonNumber(result.value)},
            {"stderr", jsonNumber(result.stderror)},
            {"nll_sum", jsonNumber(result.nllSum)},
            {"tokens", result.tokens},
            {"windows", result.windows},
            {"convention", wordFor(kPerplexityConventions, result.convention)},
            {"window_nll_mean", numbers(result.windowNllMean)}};
}

Json toJson(const DivergenceResult& result)
{
    const auto named = [](const std::vector<std::pair<double, double>>& percentiles) {
        auto object = Json::object();
        for (const auto& [percent, value] : percentiles) {
            char name[32];
            std::snprintf(name, sizeof name, "%g", percent);
            object[name] = jsonNumber(value);
        }
        return object;
    };
    return {{"kl_mean", jsonNumber(result.klMean)},
            {"kl_stderr", jsonNumber(result.klStderr)},
            {"kl_percentiles", named(result.klPercentiles)},
            {"top1_agreement", jsonNumber(result.top1Agreement)},
            {"top1_stderr", jsonNumber(result.top1Stderr)},
            {"top5_agreement", jsonNumber(result.top5Agreement)},
            {"top5_stderr", jsonNumber(result.top5Stderr)},
            {"probability_difference_mean", jsonNumber(result.probabilityDifferenceMean)},
            {"probability_difference_stderr", jsonNumber(result.probabilityDifferenceStderr)},
            {"probability_difference_rms", jsonNumber(result.probabilityDifferenceRms)},
            {"probability_difference_rms_stderr", jsonNumber(result.probabilityDifferenceRmsStderr)},
            {"probability_difference_percentiles", named(result.probabilityDifferencePercentiles)},
            {"ln_perplexity_difference", jsonNumber(result.lnPerplexityDifference)},
            {"ln_perplexity_difference_stderr", jsonNumber(result.lnPerplexityDifferenceStderr)},
            {"tokens", result.tokens}};
}

Json toJson(const TaskItemResult& item)
{
    return {{"index", item.index},
            {"id", item.id},
            {"question", item.question},
            {"choices", item.choices},
            {"log_probabilities", numbers(item.logProbabilities)},
            {"gold", item.gold ? Json(*item.gold) : Json(nullptr)},
            {"chosen", item.chosen},
            {"chosen_norm", item.chosenNorm ? Json(*item.chosenNorm) : Json(nullptr)},
            {"correct", item.correct},
            {"correct_norm", item.correctNorm},
            {"left_out", item.leftOut}};
}

Json toJson(const TaskResult& result)
{
    return {{"task", result.task},
            {"n", result.items},
            {"acc", jsonNumber(result.acc)},
            {"acc_stderr", jsonNumber(result.accStderr)},
            {"acc_norm", optionalNumber(result.accNorm)},
            {"acc_norm_stderr", optionalNumber(result.accNormStderr)},
            {"perplexity", optionalNumber(result.perplexity)},
            {"perplexity_stderr", optionalNumber(result.perplexityStderr)},
            {"left_out", result.leftOut},
            {"file", result.file},
            {"file_hash", result.fileHash},
            {"form", result.form},
            {"note", result.note},
            {"items", list(result.itemResults)}};
}

std::string taskItemsText(const EvaluationReport& report)
{
    std::string text;
    for (const auto& task : report.tasks)
        for (const auto& item : task.itemResults) {
            Json line{{"task", task.task}};
            line.update(toJson(item));
            text += line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
        }
    return text;
}

Json toJson(const ModelProvenance& model)
{
    return {{"path", model.path},
            {"kind", model.kind},
            {"hash", model.hash},
            {"bundle_hash", model.bundleHash},
            {"scheme", model.scheme}};
}

Json toJson(const Provenance& provenance)
{
    return {{"model", toJson(provenance.model)},
            {"reference", provenance.reference ? toJson(*provenance.reference) : Json(nullptr)},
            {"text", {{"path", provenance.text}, {"sha256", provenance.textHash}, {"tokens", provenance.textTokens}}},
            {"seed", provenance.seed},
            {"version", provenance.version},
            {"libtorch", provenance.libtorch},
            {"device", provenance.device},
            {"command", provenance.command},
            {"time", provenance.time}};
}

Json toJson(const EvaluationReport& report)
{
    auto result = Json::object();
    if (report.perplexity)
        result["perplexity"] = toJson(*report.perplexity);
    if (report.referencePerplexity)
        result["reference_perplexity"] = toJson(*report.referencePerplexity);
    if (const auto difference = differenceFromReference(report))
        result["ln_perplexity_difference"] = {{"mean", jsonNumber(difference->mean)},
                                              {"stderr", jsonNumber(difference->stderror)},
                                              {"low", jsonNumber(difference->interval.low)},
                                              {"high", jsonNumber(difference->interval.high)},
                                              {"p_value", jsonNumber(difference->pValue)}};
    if (report.divergence)
        result["divergence"] = toJson(*report.divergence);
    if (!report.tasks.empty())
        result["tasks"] = list(report.tasks);
    if (!report.provenance.version.empty())
        result["provenance"] = toJson(report.provenance);
    return result;
}

namespace {

Json intervalJson(const Interval& interval)
{
    return Json::array({jsonNumber(interval.low), jsonNumber(interval.high)});
}

Json pairedJson(const PairedMean& paired)
{
    return {{"mean", jsonNumber(paired.mean)},
            {"stderr", jsonNumber(paired.stderror)},
            {"interval", intervalJson(paired.interval)},
            {"p_value", jsonNumber(paired.pValue)}};
}

Json comparisonJson(const PerplexityComparison& comparison)
{
    return {{"a", jsonNumber(comparison.a)},
            {"b", jsonNumber(comparison.b)},
            {"ratio", jsonNumber(comparison.ratio)},
            {"ratio_interval", intervalJson(comparison.ratioInterval)},
            {"ln_difference", pairedJson(comparison.difference)},
            {"windows", comparison.windows},
            {"significant", comparison.significant},
            {"verdict", verdict(comparison)}};
}

Json comparisonJson(const TaskComparison& comparison)
{
    auto flips = Json::array();
    for (const auto& flip : comparison.flips)
        flips.push_back({{"index", flip.index}, {"id", flip.id}, {"gained", flip.gained}});
    return {{"task", comparison.task},
            {"metric", comparison.metric},
            {"n", comparison.items},
            {"a", jsonNumber(comparison.a)},
            {"b", jsonNumber(comparison.b)},
            {"difference", pairedJson(comparison.difference)},
            {"right_to_wrong", comparison.rightToWrong},
            {"wrong_to_right", comparison.wrongToRight},
            {"p_value", jsonNumber(comparison.pValue)},
            {"significant", comparison.significant},
            {"verdict", verdict(comparison)},
            {"flips", flips}};
}

} // namespace

Json toJson(const RunComparison& comparison)
{
    auto tasks = Json::array();
    for (const auto& task : comparison.tasks)
        tasks.push_back(comparisonJson(task));
    return {{"perplexity", comparison.perplexity ? comparisonJson(*comparison.perplexity) : Json(nullptr)},
            {"tasks", tasks},
            {"notes", comparison.notes}};
}

} // namespace core
