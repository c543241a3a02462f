// SPDX-License-Identifier: Apache-2.0
#include "core/eval/run_comparison.h"

#include "core/base/error.h"

#include <cmath>
#include <cstdio>
#include <map>

namespace core {

namespace {

constexpr int kDraws = 10000;

std::string print(const char* format, double first, double second)
{
    char text[96];
    std::snprintf(text, sizeof text, format, first, second);
    return text;
}

/** Empty where the windows of both can be paired. */
std::string whyNotPaired(const EvaluationReport& a, const EvaluationReport& b)
{
    if (!a.perplexity || !b.perplexity)
        return a.perplexity || b.perplexity ? "only one of the runs has a perplexity" : "";
    const auto& first = *a.perplexity;
    const auto& second = *b.perplexity;
    const auto& textA = a.provenance.textHash;
    const auto& textB = b.provenance.textHash;
    if (!textA.empty() && !textB.empty() && textA != textB)
        return "the perplexities are of different texts";
    if (first.convention != second.convention)
        return "the perplexities follow different conventions";
    if (first.windowNllMean.size() != second.windowNllMean.size() || first.tokens != second.tokens)
        return "the perplexities are of " + std::to_string(first.windowNllMean.size()) + " windows with "
            + std::to_string(first.tokens) + " tokens and of " + std::to_string(second.windowNllMean.size()) + " with "
            + std::to_string(second.tokens) + ": the tokens, windows or limits differ";
    if (first.windowNllMean.empty())
        return "the perplexities have no record of their windows";
    return {};
}

/** b - a of ln perplexity, window by window. */
std::vector<double> windowDifferences(const PerplexityResult& a, const PerplexityResult& b)
{
    std::vector<double> differences;
    for (std::size_t i = 0; i < a.windowNllMean.size(); ++i)
        differences.push_back(b.windowNllMean[i] - a.windowNllMean[i]);
    return differences;
}

PerplexityComparison comparePerplexities(const PerplexityResult& a, const PerplexityResult& b, std::uint64_t seed)
{
    const auto differences = windowDifferences(a, b);
    const auto drawn = bootstrapMean(differences, kDraws, seed);
    PerplexityComparison result{.a = a.value,
                                .b = b.value,
                                .ratio = b.value / a.value,
                                .ratioInterval = {std::exp(drawn.low), std::exp(drawn.high)},
                                .difference = pairedMean(differences),
                                .windows = static_cast<std::int64_t>(differences.size())};
    result.significant = result.difference.pValue < kSignificance;
    return result;
}

struct ItemPair
{
    const TaskItemResult* a = nullptr;
    const TaskItemResult* b = nullptr;
};

std::vector<ItemPair> pairedItems(const TaskResult& a, const TaskResult& b)
{
    std::map<std::int64_t, const TaskItemResult*> byIndex;
    for (const auto& item : a.itemResults)
        if (item.leftOut.empty())
            byIndex[item.index] = &item;
    std::vector<ItemPair> pairs;
    for (const auto& item : b.itemResults)
        if (const auto found = byIndex.find(item.index); found != byIndex.end() && item.leftOut.empty())
            pairs.push_back({found->second, &item});
    return pairs;
}

TaskComparison compareItems(const std::string& task, const std::string& metric, bool TaskItemResult::*correct,
                            const std::vector<ItemPair>& pairs)
{
    TaskComparison result{
        .task = task, .metric = metric, .items = static_cast<std::int64_t>(pairs.size()), .flips = {}};
    std::vector<double> differences;
    std::int64_t rightA = 0;
    std::int64_t rightB = 0;
    for (const auto& [a, b] : pairs) {
        const bool before = a->*correct;
        const bool after = b->*correct;
        rightA += before ? 1 : 0;
        rightB += after ? 1 : 0;
        differences.push_back(double(after) - double(before));
        if (before != after)
            result.flips.push_back({b->index, b->id, after});
    }
    for (const auto& flip : result.flips)
        ++(flip.gained ? result.wrongToRight : result.rightToWrong);
    result.a = double(rightA) / double(pairs.size());
    result.b = double(rightB) / double(pairs.size());
    result.difference = pairedMean(differences);
    result.pValue = mcnemarExact(result.wrongToRight, result.rightToWrong);
    result.significant = result.pValue < kSignificance;
    return result;
}

void compareTask(const TaskResult& a, const TaskResult& b, RunComparison& comparison)
{
    if (!a.fileHash.empty() && !b.fileHash.empty() && a.fileHash != b.fileHash) {
        comparison.notes.push_back("task " + a.task + ": the runs read different files of items");
        return;
    }
    const auto pairs = pairedItems(a, b);
    if (pairs.empty()) {
        comparison.notes.push_back("task " + a.task + ": the runs keep no items in common");
        return;
    }
    if (pairs.size() != a.itemResults.size() || pairs.size() != b.itemResults.size())
        comparison.notes.push_back("task " + a.task + ": " + std::to_string(pairs.size())
                                   + " items are in both runs, of " + std::to_string(a.itemResults.size()) + " and "
                                   + std::to_string(b.itemResults.size()));
    comparison.tasks.push_back(compareItems(a.task, "acc", &TaskItemResult::correct, pairs));
    if (a.accNorm && b.accNorm)
        comparison.tasks.push_back(compareItems(a.task, "acc_norm", &TaskItemResult::correctNorm, pairs));
}

} // namespace

RunComparison compareRuns(const EvaluationReport& a, const EvaluationReport& b, std::uint64_t seed)
{
    RunComparison comparison;
    if (const auto why = whyNotPaired(a, b); !why.empty())
        comparison.notes.push_back(why);
    else if (a.perplexity)
        comparison.perplexity = comparePerplexities(*a.perplexity, *b.perplexity, seed);
    for (const auto& task : a.tasks)
        for (const auto& other : b.tasks)
            if (task.task == other.task)
                compareTask(task, other, comparison);
    if (!comparison.perplexity && comparison.tasks.empty()) {
        std::string reasons;
        for (const auto& note : comparison.notes)
            reasons += (reasons.empty() ? ": " : "; ") + note;
        throw Error(ErrorKind::InvalidArgument, "the two runs have nothing that could be compared" + reasons);
    }
    return comparison;
}

std::optional<PairedMean> differenceFromReference(const EvaluationReport& report)
{
    if (!report.perplexity || !report.referencePerplexity || report.perplexity->windowNllMean.empty()
        || report.perplexity->windowNllMean.size() != report.referencePerplexity->windowNllMean.size())
        return std::nullopt;
    return pairedMean(windowDifferences(*report.referencePerplexity, *report.perplexity));
}

std::string verdict(const PerplexityComparison& comparison)
{
    if (!comparison.significant)
        return "no significant difference";
    return (comparison.ratio > 1.0 ? "b is worse: perplexity " : "b is better: perplexity ")
        + print("%+.2f %% (p = %.2g)", 100.0 * (comparison.ratio - 1.0), comparison.difference.pValue);
}

std::string verdict(const TaskComparison& comparison)
{
    if (!comparison.significant)
        return "no significant difference";
    const double change = comparison.b - comparison.a;
    return (change < 0.0 ? "b is worse: " : "b is better: ")
        + print("%+.2f points (p = %.2g)", 100.0 * change, comparison.pValue);
}

} // namespace core
