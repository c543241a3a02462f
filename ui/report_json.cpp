// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/report_json.h"

#include "ui/convert.h"

#include <QJsonArray>

#include <cmath>
#include <limits>

namespace ui {

namespace {

// JSON has no NaN and no infinity: the command line writes them as strings, and so do we.
QJsonValue toJson(double value)
{
    if (std::isnan(value))
        return QStringLiteral("nan");
    if (std::isinf(value))
        return value > 0 ? QStringLiteral("inf") : QStringLiteral("-inf");
    return value;
}

double toNumber(const QJsonValue& value)
{
    const auto text = value.toString();
    if (text == QLatin1String("inf") || text == QLatin1String("-inf"))
        return text.startsWith(QLatin1Char('-')) ? -std::numeric_limits<double>::infinity()
                                                 : std::numeric_limits<double>::infinity();
    return value.toDouble(std::numeric_limits<double>::quiet_NaN());
}

std::int64_t toCount(const QJsonValue& value)
{
    return value.toInteger();
}

QJsonObject perplexityToJson(const core::PerplexityResult& result)
{
    const bool isGptq = result.convention == core::PerplexityConvention::Gptq;
    return {{QStringLiteral("value"), toJson(result.value)},
            {QStringLiteral("stderr"), toJson(result.stderror)},
            {QStringLiteral("nll_sum"), toJson(result.nllSum)},
            {QStringLiteral("tokens"), static_cast<qint64>(result.tokens)},
            {QStringLiteral("windows"), static_cast<qint64>(result.windows)},
            {QStringLiteral("convention"), isGptq ? QStringLiteral("gptq") : QStringLiteral("llama.cpp")}};
}

core::PerplexityResult perplexityFromJson(const QJsonObject& json)
{
    const bool isGptq = json.value(QLatin1String("convention")).toString() != QLatin1String("llama.cpp");
    return {.value = toNumber(json.value(QLatin1String("value"))),
            .stderror = toNumber(json.value(QLatin1String("stderr"))),
            .nllSum = toNumber(json.value(QLatin1String("nll_sum"))),
            .tokens = toCount(json.value(QLatin1String("tokens"))),
            .windows = toCount(json.value(QLatin1String("windows"))),
            .convention = isGptq ? core::PerplexityConvention::Gptq : core::PerplexityConvention::LlamaCpp,
            .windowNllMean = {}};
}

QJsonObject divergenceToJson(const core::DivergenceResult& result)
{
    QJsonArray percentiles;
    for (const auto& [percent, value] : result.klPercentiles)
        percentiles.append(QJsonArray{percent, toJson(value)});
    return {{QStringLiteral("kl_mean"), toJson(result.klMean)},
            {QStringLiteral("kl_stderr"), toJson(result.klStderr)},
            {QStringLiteral("kl_percentiles"), percentiles},
            {QStringLiteral("top1_agreement"), toJson(result.top1Agreement)},
            {QStringLiteral("top1_stderr"), toJson(result.top1Stderr)},
            {QStringLiteral("tokens"), static_cast<qint64>(result.tokens)}};
}

core::DivergenceResult divergenceFromJson(const QJsonObject& json)
{
    core::DivergenceResult result{.klMean = toNumber(json.value(QLatin1String("kl_mean"))),
                                  .klStderr = toNumber(json.value(QLatin1String("kl_stderr"))),
                                  .klPercentiles = {},
                                  .top1Agreement = toNumber(json.value(QLatin1String("top1_agreement"))),
                                  .top1Stderr = toNumber(json.value(QLatin1String("top1_stderr"))),
                                  .tokens = toCount(json.value(QLatin1String("tokens")))};
    for (const auto& entry : json.value(QLatin1String("kl_percentiles")).toArray())
        result.klPercentiles.emplace_back(entry.toArray().at(0).toDouble(), toNumber(entry.toArray().at(1)));
    return result;
}

} // namespace

QJsonObject reportToJson(const core::EvaluationReport& report)
{
    QJsonObject json;
    if (report.perplexity)
        json.insert(QStringLiteral("perplexity"), perplexityToJson(*report.perplexity));
    if (report.referencePerplexity)
        json.insert(QStringLiteral("reference_perplexity"), perplexityToJson(*report.referencePerplexity));
    if (report.divergence)
        json.insert(QStringLiteral("divergence"), divergenceToJson(*report.divergence));
    return json;
}

core::EvaluationReport reportFromJson(const QJsonObject& json)
{
    core::EvaluationReport report;
    if (json.contains(QLatin1String("perplexity")))
        report.perplexity = perplexityFromJson(json.value(QLatin1String("perplexity")).toObject());
    if (json.contains(QLatin1String("reference_perplexity")))
        report.referencePerplexity = perplexityFromJson(json.value(QLatin1String("reference_perplexity")).toObject());
    if (json.contains(QLatin1String("divergence")))
        report.divergence = divergenceFromJson(json.value(QLatin1String("divergence")).toObject());
    return report;
}

QJsonObject calibrationToJson(const core::CalibrationReport& report)
{
    QJsonArray blocks;
    for (const auto& block : report.blocks) {
        QJsonArray trace;
        for (const double loss : block.lossTrace)
            trace.append(toJson(loss));
        QJsonArray warnings;
        for (const auto& warning : block.warnings)
            warnings.append(toQString(warning));
        blocks.append(QJsonObject{{QStringLiteral("block"), block.block},
                                  {QStringLiteral("error_start"), toJson(block.errorStart)},
                                  {QStringLiteral("error_end"), toJson(block.errorEnd)},
                                  {QStringLiteral("loss_trace"), trace},
                                  {QStringLiteral("warnings"), warnings},
                                  {QStringLiteral("seconds"), toJson(block.seconds)}});
    }
    return {{QStringLiteral("blocks"), blocks},
            {QStringLiteral("peak_memory_bytes"), static_cast<qint64>(report.peakMemoryBytes)}};
}

core::CalibrationReport calibrationFromJson(const QJsonObject& json)
{
    core::CalibrationReport report;
    for (const auto& entry : json.value(QLatin1String("blocks")).toArray()) {
        const auto object = entry.toObject();
        core::BlockReport block{.block = object.value(QLatin1String("block")).toInt(),
                                .errorStart = toNumber(object.value(QLatin1String("error_start"))),
                                .errorEnd = toNumber(object.value(QLatin1String("error_end"))),
                                .lossTrace = {},
                                .seconds = toNumber(object.value(QLatin1String("seconds"))),
                                .warnings = {}};
        for (const auto& loss : object.value(QLatin1String("loss_trace")).toArray())
            block.lossTrace.push_back(toNumber(loss));
        for (const auto& warning : object.value(QLatin1String("warnings")).toArray())
            block.warnings.push_back(toStd(warning.toString()));
        report.blocks.push_back(std::move(block));
    }
    report.peakMemoryBytes = static_cast<std::uint64_t>(toCount(json.value(QLatin1String("peak_memory_bytes"))));
    return report;
}

} // namespace ui
