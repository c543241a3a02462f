// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/eval/evaluation_report.h"
#include "core/eval/paired_statistics.h"

namespace core {

inline constexpr double kSignificance = 0.05;

/** Two perplexities over the same windows. */
struct PerplexityComparison
{
    double a = 0.0;
    double b = 0.0;
    double ratio = 1.0;     // b / a
    Interval ratioInterval; // 95 %, bootstrap over the windows
    PairedMean difference;  // of ln perplexity, b - a, window by window (nats a token)
    std::int64_t windows = 0;
    bool significant = false; // the t-test's p is below kSignificance
};

/** An item that one run has right and the other wrong. */
struct Flip
{
    std::int64_t index = 0; // in the task's file
    std::string id;
    bool gained = false; // wrong in a, right in b; else the other way round
};

/** Two accuracies over the same items. */
struct TaskComparison
{
    std::string task;
    std::string metric; // "acc" or "acc_norm"
    std::int64_t items = 0;
    double a = 0.0;
    double b = 0.0;
    PairedMean difference = {}; // b - a, item by item
    std::int64_t rightToWrong = 0;
    std::int64_t wrongToRight = 0;
    double pValue = 1.0;      // McNemar's exact test
    bool significant = false; // it is below kSignificance
    std::vector<Flip> flips;
};

struct RunComparison
{
    std::optional<PerplexityComparison> perplexity;
    std::vector<TaskComparison> tasks;
    std::vector<std::string> notes; // what could not be paired, and why
};

/** Pairs what two evaluations have in common: perplexities by window, tasks by item. Throws Error(InvalidArgument) where they have
    nothing in common, saying why (other texts, other windows, no items kept). `seed` draws the bootstrap. */
RunComparison compareRuns(const EvaluationReport& a, const EvaluationReport& b, std::uint64_t seed);

/** ln perplexity less that of the report's own reference, window by window; nothing where it has none. */
std::optional<PairedMean> differenceFromReference(const EvaluationReport& report);

/** One sentence: "b is worse: ..." or "no significant difference". */
std::string verdict(const PerplexityComparison& comparison);
std::string verdict(const TaskComparison& comparison);

} // namespace core
