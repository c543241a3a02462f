// SPDX-License-Identifier: Apache-2.0
#include "core/eval/python_random.h"
#include "core/eval/task_metrics.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace core;

namespace {

TaskItemResult judged(std::vector<double> sums, std::vector<std::string> choices, int gold)
{
    std::vector<ScoreResult> scores(sums.size());
    for (std::size_t i = 0; i < sums.size(); ++i)
        scores[i].sum = sums[i];
    return judgeItem({.id = {}, .question = {}, .choices = choices, .requests = {}, .gold = gold}, 0, scores, true);
}

} // namespace

class TaskMetricsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void randomNumbersArePythons()
    {
        // CPython 3.11: random.Random(42): three of random(), then getrandbits(32)
        PythonRandom random(42);
        QCOMPARE(random.uniform(), 0.6394267984578837);
        QCOMPARE(random.uniform(), 0.025010755222666936);
        QCOMPARE(random.uniform(), 0.27502931836911926);
        QCOMPARE(random.word(), 958682846u);
        QCOMPARE(PythonRandom(0).uniform(), 0.8444218515250481);
        PythonRandom later(7); // past the first 624 words
        for (int i = 0; i < 1000; ++i)
            later.uniform();
        QCOMPARE(later.uniform(), 0.950867979111096);
    }

    void bootstrapIsTheHarnesses()
    {
        // lm_eval.api.metrics (0.4.13): perplexity(xs), bootstrap_stderr(perplexity, xs, 100000) with DISABLE_MULTIPROC
        const std::vector<double> values{-1.5, -0.25, -3.75, -0.0625, -2.0, -7.5, -0.5};
        Progress progress;
        // Sums in another order: 1e-12 relative.
        QVERIFY(std::abs(bootstrapPerplexityStderr(values, progress) - 22.1365740161063) < 1e-9);
        TaskResult result;
        for (const double value : values) {
            result.itemResults.emplace_back();
            result.itemResults.back().logProbabilities = {value};
            result.itemResults.back().correct = value > -1.0;
        }
        result.itemResults.emplace_back();
        result.itemResults.back().leftOut = "too long";
        summarize(result, false, true, progress);
        QVERIFY(std::abs(*result.perplexity - 9.236973472333009) < 1e-12);
        QCOMPARE(*result.perplexityStderr, bootstrapPerplexityStderr(values, progress));
        QCOMPARE(result.items, 7);
        QCOMPARE(result.leftOut, 1);
        QCOMPARE(result.acc, 3.0 / 7.0);
        QVERIFY(!result.accNorm);
    }

    void standardErrorIsOfTheSampleDeviation()
    {
        // lm_eval.api.metrics.mean_stderr([1, 0, 0, 1, 1])
        TaskResult result;
        for (const bool correct : {true, false, false, true, true}) {
            result.itemResults.emplace_back();
            result.itemResults.back().logProbabilities = {-1.0};
            result.itemResults.back().correct = correct;
        }
        Progress progress;
        summarize(result, true, false, progress);
        QCOMPARE(result.accStderr, 0.24494897427831783);
        QCOMPARE(*result.accNorm, 0.0);
        QVERIFY(!result.perplexity);
    }

    void lengthsAreUnicodeCharacters()
    {
        // Two characters of three bytes each against one of one: by bytes the second would be far behind.
        const auto item = judged({-2.5, -1.3}, {"\xe4\xb8\xad\xe6\x96\x87", "a"}, 0);
        QCOMPARE(item.chosen, 1);
        QCOMPARE(*item.chosenNorm, 0); // -1.25 a character against -1.3
        QVERIFY(!item.correct);
        QVERIFY(item.correctNorm);
    }

    void theFirstOfEqualsIsChosen()
    {
        QCOMPARE(judged({-3.0, -2.0, -2.0}, {"a", "b", "c"}, 1).chosen, 1);
        const double nan = std::numeric_limits<double>::quiet_NaN();
        QCOMPARE(judged({-3.0, nan, -2.0}, {"a", "b", "c"}, 1).chosen, 1); // numpy.argmax([-3, nan, -2]) is 1
        QCOMPARE(judged({nan, -1.0}, {"a", "b"}, 1).chosen, 0);
    }

    void withoutChoicesAccuracyIsGreedy()
    {
        const std::vector<ScoreResult> scores{{{-0.5, -0.25}, -0.75, true}};
        const auto item =
            judgeItem({.id = "7", .question = "q", .choices = {"w"}, .requests = {}, .gold = {}}, 3, scores, false);
        QVERIFY(item.correct);
        QVERIFY(!item.gold && !item.chosenNorm);
        QCOMPARE(item.index, 3);
        QCOMPARE(item.id, std::string("7"));
    }
};

QTEST_GUILESS_MAIN(TaskMetricsTest)
#include "tst_task_metrics.moc"
