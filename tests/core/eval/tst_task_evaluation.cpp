// SPDX-License-Identifier: Apache-2.0
// Against lm-evaluation-harness's own model class and metrics on the same files (shared/reference/*/zero_shot.json).
#include "core/eval/task_evaluation.h"
#include "tests/support/loaded_model.h"
#include "tests/support/shared_data.h"

#include <QtTest>

#include <cmath>

using namespace core;

namespace {

namespace fs = std::filesystem;

const fs::path kDemo = fs::path(support::sourceFolder()) / "resources/demo";

bool near(double value, const Json& expected, double relative)
{
    const auto wanted = expected.get<double>();
    return std::abs(value - wanted) <= relative * std::abs(wanted);
}

} // namespace

class TaskEvaluationTest : public QObject
{
    Q_OBJECT

    void compareItems(const TaskResult& result, const Json& expected)
    {
        double worst = 0.0;
        for (std::size_t i = 0; i < result.itemResults.size(); ++i) {
            const auto& item = result.itemResults[i];
            const auto& wanted = expected.at("per_item")[i];
            QCOMPARE(item.leftOut.empty(), !wanted.contains("left_out"));
            if (!item.leftOut.empty())
                continue;
            const auto scores = wanted.at("loglikelihood").get<std::vector<double>>();
            QCOMPARE(item.logProbabilities.size(), scores.size());
            for (std::size_t k = 0; k < scores.size(); ++k)
                worst = std::max(worst, std::abs(item.logProbabilities[k] - scores[k]));
            if (wanted.contains("gold"))
                QCOMPARE(*item.gold, wanted.at("gold").get<int>());
            else
                QCOMPARE(item.correct, wanted.at("greedy")[0].get<bool>());
        }
        qInfo("%s: worst log-likelihood is %.2g away", result.task.c_str(), worst);
        // The harness sums float32 log-softmaxes of some tens of tokens, each right to about 2e-5.
        QVERIFY2(worst < 1e-3, qPrintable(QString::number(worst)));
    }

    void compareFigures(const TaskResult& result, const Json& metrics)
    {
        QCOMPARE(result.acc, metrics.at("acc").get<double>());
        QVERIFY(near(result.accStderr, metrics.at("acc_stderr"), 1e-12));
        QCOMPARE(result.accNorm.has_value(), metrics.contains("acc_norm"));
        QCOMPARE(result.perplexity.has_value(), metrics.contains("perplexity"));
        if (result.accNorm) {
            QCOMPARE(*result.accNorm, metrics.at("acc_norm").get<double>());
            QVERIFY(near(*result.accNormStderr, metrics.at("acc_norm_stderr"), 1e-12));
        }
        if (result.perplexity) { // the exponential of a mean that is right to 1e-4
            QVERIFY(near(*result.perplexity, metrics.at("perplexity"), 1e-4));
            QVERIFY(near(*result.perplexityStderr, metrics.at("perplexity_stderr"), 1e-3));
        }
    }

private Q_SLOTS:
    void itemsScoreAsTheHarnessScoresThem_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("folder");
        QTest::addColumn<int>("limit");
        QTest::newRow("stories260k") << "stories260k"
                                     << "data/models/stories260k/hf" << 200;
        QTest::newRow("novels-8m, some items") << "novels-8m"
                                               << "data/models/novels-8m" << 40;
        QTest::newRow("stories260k as GGUF, some items") << "stories260k"
                                                         << "data/models/stories260k/tinyllm.gguf" << 40;
    }

    void itemsScoreAsTheHarnessScoresThem()
    {
        QFETCH(QString, model);
        QFETCH(QString, folder);
        QFETCH(int, limit);
        const auto shared = support::sharedFolder();
        const auto file = shared / "reference" / model.toStdString() / "zero_shot.json";
        const auto path = shared / folder.toStdString();
        PLANISH_NEEDS(file);
        PLANISH_NEEDS(path);
        const auto loaded = support::loadModel(path);
        for (const auto& expected : readJson(file).at("tasks")) {
            const auto definition = findTask(expected.at("task"));
            const auto items = readTaskItems(definition, findTaskFile(definition, shared / "data/tasks"), limit);
            Progress progress;
            const auto result = evaluateTask(*loaded.model, *loaded.tokenizer, items, {}, progress);
            compareItems(result, expected);
            if (std::size_t(limit) == expected.at("per_item").size()) {
                QCOMPARE(result.items, expected.at("items_scored").get<std::int64_t>());
                compareFigures(result, expected.at("metrics"));
            }
        }
    }

    void itemsBeyondTheContextAreLeftOut()
    {
        const auto loaded = support::loadModel(kDemo);
        auto items = readTaskItems(findTask("arc_easy"), kDemo / "tasks/arc_easy/test.jsonl", 4);
        std::string longText;
        for (int i = 0; i < 40; ++i)
            longText += " a long answer";
        items.items[1].requests[0].continuation = longText;
        Progress progress;
        const auto result =
            evaluateTask(*loaded.model, *loaded.tokenizer, items, {.maxLength = 32, .tokensInPass = 64}, progress);
        QCOMPARE(result.items, 3);
        QCOMPARE(result.leftOut, 1);
        QVERIFY(result.itemResults[1].leftOut.find("longer than the context of 32") != std::string::npos);
        QVERIFY(result.itemResults[1].logProbabilities.empty());
        QCOMPARE(result.itemResults[2].index, 2);
    }

    void theDemoAnswersWhatItsMakerMeasured()
    {
        // manifest.json: accuracies that the model's own maker computed when it was trained, before rounding to bf16.
        const auto loaded = support::loadModel(kDemo);
        const auto scores = readJson(kDemo / "manifest.json").at("scores");
        for (const auto* task : {"winogrande", "lambada_openai", "piqa"}) {
            const auto definition = findTask(task);
            const auto items = readTaskItems(definition, findTaskFile(definition, kDemo / "tasks"), 0);
            Progress progress;
            const auto result = evaluateTask(*loaded.model, *loaded.tokenizer, items, {}, progress);
            QVERIFY2(std::abs(result.acc - scores.at(task).get<double>()) <= 0.02, task); // a few near ties of 200
        }
    }
};

QTEST_GUILESS_MAIN(TaskEvaluationTest)
#include "tst_task_evaluation.moc"
