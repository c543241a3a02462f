// SPDX-License-Identifier: Apache-2.0
#include "core/eval/task_metrics.h"

#include "core/eval/python_random.h"
#include "core/eval/python_text.h"
#include "core/stats/running_mean.h"

namespace core {

namespace {

int firstGreatest(const std::vector<double>& values)
{
    std::size_t best = 0;
    for (std::size_t i = 1; i < values.size(); ++i)
        if (!std::isnan(values[best]) && (values[i] > values[best] || std::isnan(values[i])))
            best = i;
    return static_cast<int>(best);
}

double resampledPerplexity(std::span<const double> values, PythonRandom& random)
{
    const auto count = static_cast<double>(values.size());
    double sum = 0.0;
    for (std::size_t i = 0; i < values.size(); ++i)
        sum += values[static_cast<std::size_t>(random.uniform() * count)]; // random.choices()
    return std::exp(-sum / count);
}

} // namespace

TaskItemResult judgeItem(const TaskItem& item, std::int64_t index, std::span<const ScoreResult> scores, bool hasNorm)
{
    TaskItemResult result;
    result.index = index;
    result.id = item.id;
    result.question = item.question;
    result.choices = item.choices;
    result.gold = item.gold;
    if (scores.empty())
        return result;
    for (const auto& score : scores)
        result.logProbabilities.push_back(score.sum);
    if (!item.gold) {
        result.correct = scores.front().greedy;
        return result;
    }
    result.chosen = firstGreatest(result.logProbabilities);
    result.correct = result.chosen == *item.gold;
    if (hasNorm) {
        auto byCharacter = result.logProbabilities;
        for (std::size_t i = 0; i < byCharacter.size(); ++i)
            byCharacter[i] /= static_cast<double>(characterCount(item.choices[i]));
        result.chosenNorm = firstGreatest(byCharacter);
        result.correctNorm = *result.chosenNorm == *item.gold;
    }
    return result;
}

double bootstrapPerplexityStderr(std::span<const double> values, Progress& progress)
{
    constexpr int kChunks = 100;
    constexpr int kDrawsInChunk = 1000;
    if (values.empty())
        return 0.0;
    std::vector<double> draws;
    for (std::uint32_t seed = 0; seed < kChunks; ++seed) {
        PythonRandom random(seed);
        for (int draw = 0; draw < kDrawsInChunk; ++draw) {
            draws.push_back(resampledPerplexity(values, random));
            if (draw % 100 == 0)
                progress.checkpoint();
        }
        progress.report(double(seed + 1) / kChunks, "resampling for the perplexity's standard error");
    }
    RunningMean mean;
    for (const double draw : draws)
        mean.add(draw);
    return mean.standardError() * std::sqrt(static_cast<double>(draws.size())); // the deviation of one draw
}

void summarize(TaskResult& result, bool hasNorm, bool hasPerplexity, Progress& progress)
{
    RunningMean acc, accNorm, logProbability;
    std::vector<double> values;
    for (const auto& item : result.itemResults) {
        if (!item.leftOut.empty()) {
            ++result.leftOut;
            continue;
        }
        ++result.items;
        acc.add(item.correct ? 1.0 : 0.0);
        accNorm.add(item.correctNorm ? 1.0 : 0.0);
        logProbability.add(item.logProbabilities.front());
        values.push_back(item.logProbabilities.front());
    }
    result.acc = acc.mean();
    result.accStderr = acc.standardError();
    if (hasNorm) {
        result.accNorm = accNorm.mean();
        result.accNormStderr = accNorm.standardError();
    }
    if (hasPerplexity) {
        result.perplexity = std::exp(-logProbability.mean());
        result.perplexityStderr = bootstrapPerplexityStderr(values, progress);
    }
}

} // namespace core
