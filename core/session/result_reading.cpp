// SPDX-License-Identifier: Apache-2.0
#include "core/session/result_reading.h"

#include "core/base/error.h"
#include "core/export/native_bundle.h"
#include "core/session/result_json.h"

namespace core {

namespace {

double number(const Json& json, const char* key)
{
    const auto found = json.find(key);
    return found == json.end() || found->is_null() ? 0.0 : numberFromJson(*found);
}

std::optional<double> optionalNumber(const Json& json, const char* key)
{
    const auto found = json.find(key);
    if (found == json.end() || found->is_null())
        return std::nullopt;
    return numberFromJson(*found);
}

std::optional<int> optionalId(const Json& json, const char* key)
{
    const auto found = json.find(key);
    if (found == json.end() || found->is_null())
        return std::nullopt;
    return found->get<int>();
}

std::vector<double> numbers(const Json& json, const char* key)
{
    std::vector<double> values;
    for (const auto& value : json.value(key, Json::array()))
        values.push_back(numberFromJson(value));
    return values;
}

std::vector<std::pair<double, double>> percentiles(const Json& json, const char* key)
{
    std::vector<std::pair<double, double>> values;
    const auto object = json.value(key, Json::object());
    for (const auto& [percent, value] : object.items())
        values.emplace_back(std::stod(percent), numberFromJson(value));
    return values;
}

PerplexityResult perplexity(const Json& json)
{
    return {.value = number(json, "value"),
            .stderror = number(json, "stderr"),
            .nllSum = number(json, "nll_sum"),
            .tokens = json.value("tokens", std::int64_t(0)),
            .windows = json.value("windows", std::int64_t(0)),
            .convention = valueOf(kPerplexityConventions, json.value("convention", "gptq")),
            .windowNllMean = numbers(json, "window_nll_mean")};
}

DivergenceResult divergence(const Json& json)
{
    DivergenceResult result;
    result.klMean = number(json, "kl_mean");
    result.klStderr = number(json, "kl_stderr");
    result.klPercentiles = percentiles(json, "kl_percentiles");
    result.top1Agreement = number(json, "top1_agreement");
    result.top1Stderr = number(json, "top1_stderr");
    result.top5Agreement = number(json, "top5_agreement");
    result.top5Stderr = number(json, "top5_stderr");
    result.probabilityDifferenceMean = number(json, "probability_difference_mean");
    result.probabilityDifferenceStderr = number(json, "probability_difference_stderr");
    result.probabilityDifferenceRms = number(json, "probability_difference_rms");
    result.probabilityDifferenceRmsStderr = number(json, "probability_difference_rms_stderr");
    result.probabilityDifferencePercentiles = percentiles(json, "probability_difference_percentiles");
    result.lnPerplexityDifference = number(json, "ln_perplexity_difference");
    result.lnPerplexityDifferenceStderr = number(json, "ln_perplexity_difference_stderr");
    result.tokens = json.value("tokens", std::int64_t(0));
    return result;
}

TaskItemResult item(const Json& json)
{
    TaskItemResult result;
    result.index = json.at("index").get<std::int64_t>();
    result.id = json.value("id", "");
    result.question = json.value("question", "");
    result.choices = json.value("choices", std::vector<std::string>());
    result.logProbabilities = numbers(json, "log_probabilities");
    result.gold = optionalId(json, "gold");
    result.chosen = json.value("chosen", 0);
    result.chosenNorm = optionalId(json, "chosen_norm");
    result.correct = json.value("correct", false);
    result.correctNorm = json.value("correct_norm", false);
    result.leftOut = json.value("left_out", "");
    return result;
}

TaskResult task(const Json& json)
{
    TaskResult result;
    result.task = json.at("task").get<std::string>();
    result.items = json.value("n", std::int64_t(0));
    result.acc = number(json, "acc");
    result.accStderr = number(json, "acc_stderr");
    result.accNorm = optionalNumber(json, "acc_norm");
    result.accNormStderr = optionalNumber(json, "acc_norm_stderr");
    result.perplexity = optionalNumber(json, "perplexity");
    result.perplexityStderr = optionalNumber(json, "perplexity_stderr");
    result.leftOut = json.value("left_out", std::int64_t(0));
    result.file = json.value("file", "");
    result.fileHash = json.value("file_hash", "");
    result.form = json.value("form", "");
    result.note = json.value("note", "");
    for (const auto& entry : json.value("items", Json::array()))
        result.itemResults.push_back(item(entry));
    return result;
}

ModelProvenance model(const Json& json)
{
    return {.path = json.value("path", ""),
            .kind = json.value("kind", ""),
            .hash = json.value("hash", ""),
            .bundleHash = json.value("bundle_hash", ""),
            .scheme = json.value("scheme", "")};
}

Provenance provenance(const Json& json)
{
    Provenance result;
    result.model = model(json.value("model", Json::object()));
    if (const auto reference = json.value("reference", Json()); reference.is_object())
        result.reference = model(reference);
    const auto text = json.value("text", Json::object());
    result.text = text.value("path", "");
    result.textHash = text.value("sha256", "");
    result.textTokens = text.value("tokens", std::int64_t(0));
    result.seed = json.value("seed", std::uint64_t(0));
    result.version = json.value("version", "");
    result.libtorch = json.value("libtorch", "");
    result.device = json.value("device", "");
    result.command = json.value("command", "");
    result.time = json.value("time", "");
    return result;
}

} // namespace

EvaluationReport evaluationFromJson(const Json& json, const std::string& name)
{
    try {
        EvaluationReport report;
        const auto part = [&](const char* key) {
            const auto found = json.find(key);
            return found != json.end() && found->is_object() ? &*found : nullptr;
        };
        if (const auto* found = part("perplexity"))
            report.perplexity = perplexity(*found);
        if (const auto* found = part("reference_perplexity"))
            report.referencePerplexity = perplexity(*found);
        if (const auto* found = part("divergence"))
            report.divergence = divergence(*found);
        for (const auto& entry : json.value("tasks", Json::array()))
            report.tasks.push_back(task(entry));
        if (const auto* found = part("provenance"))
            report.provenance = provenance(*found);
        return report;
    } catch (const Json::exception& error) {
        throw Error(ErrorKind::Corrupt, std::string("not a result of evaluate: ") + error.what(), name);
    } catch (const std::invalid_argument&) { // a percentile's name that is no number
        throw Error(ErrorKind::Corrupt, "not a result of evaluate: a percentile has no number for a name", name);
    }
}

Json readResult(const std::filesystem::path& path)
{
    const auto file = isBundle(path) ? path / "report.json" : path;
    auto json = readJson(file);
    if (!json.is_object())
        throw Error(ErrorKind::Corrupt, "not a result of this program: a JSON object is needed", file.string());
    return json;
}

EvaluationReport readEvaluation(const std::filesystem::path& path)
{
    const auto json = readResult(path);
    const auto& evaluation = json.contains("evaluate") && json.at("evaluate").is_object() ? json.at("evaluate") : json;
    if (!evaluation.contains("perplexity") && !evaluation.contains("tasks"))
        throw Error(ErrorKind::InvalidArgument,
                    "holds no evaluation (a result of evaluate --out, or a bundle that was "
                    "evaluated when it was made)",
                    path.string());
    return evaluationFromJson(evaluation, path.string());
}

} // namespace core
