// SPDX-License-Identifier: Apache-2.0
#include "core/eval/run_comparison.h"
#include "tests/support/refuses.h"

#include <QtTest>

#include <cmath>

using namespace core;

namespace {

EvaluationReport runOf(const std::vector<double>& windows, const std::string& textHash = "t")
{
    EvaluationReport report;
    double sum = 0.0;
    for (const double loss : windows)
        sum += loss;
    report.perplexity = PerplexityResult{.value = std::exp(sum / double(windows.size())),
                                         .nllSum = sum * 10,
                                         .tokens = std::int64_t(windows.size()) * 10,
                                         .windows = std::int64_t(windows.size()),
                                         .windowNllMean = windows};
    report.provenance.textHash = textHash;
    return report;
}

/** "1101": right, right, wrong, right. */
EvaluationReport taskOf(const std::string& answers)
{
    TaskResult task;
    task.task = "arc_easy";
    task.items = std::int64_t(answers.size());
    for (std::size_t i = 0; i < answers.size(); ++i) {
        TaskItemResult item;
        item.index = std::int64_t(i);
        item.correct = answers[i] == '1';
        task.itemResults.push_back(item);
    }
    EvaluationReport report;
    report.tasks.push_back(task);
    return report;
}

} // namespace

class RunComparisonTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void perplexitiesArePairedByWindow()
    {
        // b - a of the windows: 0.12, -0.05, 0.31, 0.08, 0.02, 0.17: p = 0.0874 (tst_paired_statistics, scipy), ratio exp(0.10833).
        const auto a = runOf({2.0, 3.0, 2.5, 4.0, 1.0, 3.5});
        const auto b = runOf({2.12, 2.95, 2.81, 4.08, 1.02, 3.67});
        const auto result = compareRuns(a, b, 1).perplexity.value();
        QCOMPARE(result.windows, std::int64_t(6));
        QVERIFY(std::abs(result.ratio - std::exp(0.65 / 6.0)) < 1e-12);
        QVERIFY(std::abs(result.difference.pValue - 0.08742321846139957) < 1e-9);
        QVERIFY(!result.significant);
        QCOMPARE(verdict(result), std::string("no significant difference"));
        QVERIFY(result.ratioInterval.low < result.ratio && result.ratio < result.ratioInterval.high);

        const auto worse = compareRuns(a, runOf({2.1, 3.11, 2.6, 4.1, 1.12, 3.6}), 1).perplexity.value();
        QVERIFY(worse.significant);
        QVERIFY(QString::fromStdString(verdict(worse)).startsWith("b is worse: perplexity +11."));
    }

    void flipsAreCountedAndTested()
    {
        // 3 items gained, 9 lost, 8 the same: McNemar p = 0.146 (scipy, tst_paired_statistics).
        const auto result = compareRuns(taskOf("00011111111111110000"), taskOf("11100000000011110000"), 1).tasks.at(0);
        QCOMPARE(result.items, std::int64_t(20));
        QCOMPARE(result.wrongToRight, std::int64_t(3));
        QCOMPARE(result.rightToWrong, std::int64_t(9));
        QVERIFY(std::abs(result.pValue - 0.14599609375) < 1e-12);
        QVERIFY(std::abs(result.a - 13.0 / 20.0) < 1e-12 && std::abs(result.b - 7.0 / 20.0) < 1e-12);
        QCOMPARE(result.flips.size(), std::size_t(12));
        QVERIFY(result.flips[0].gained && result.flips[0].index == 0);
        QCOMPARE(verdict(result), std::string("no significant difference"));
        const auto clear = compareRuns(taskOf("0000000000"), taskOf("1111111111"), 1).tasks.at(0);
        QVERIFY(clear.significant);
        QVERIFY(QString::fromStdString(verdict(clear)).startsWith("b is better: +100.00 points"));
    }

    void whatCannotBePairedIsSaid()
    {
        const auto a = runOf({2.0, 3.0});
        PLANISH_REFUSES(compareRuns(a, runOf({2.0, 3.0}, "other"), 1), ErrorKind::InvalidArgument, {"different texts"});
        PLANISH_REFUSES(compareRuns(a, runOf({2.0, 3.0, 4.0}), 1), ErrorKind::InvalidArgument, {"2 windows", "3"});
        PLANISH_REFUSES(compareRuns(a, taskOf("01"), 1), ErrorKind::InvalidArgument, {"nothing", "only one"});
        auto files = taskOf("01");
        files.tasks[0].fileHash = "x";
        auto others = taskOf("11");
        others.tasks[0].fileHash = "y";
        PLANISH_REFUSES(compareRuns(files, others, 1), ErrorKind::InvalidArgument, {"different files"});
        const auto shorter = compareRuns(taskOf("0111"), taskOf("011"), 1); // a limit on one side
        QCOMPARE(shorter.tasks.at(0).items, std::int64_t(3));
        QCOMPARE(shorter.notes.size(), std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(RunComparisonTest)
#include "tst_run_comparison.moc"
