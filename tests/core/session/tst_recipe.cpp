// SPDX-License-Identifier: Apache-2.0
#include "core/session/recipe.h"
#include "tests/support/refuses.h"

#include <QtTest>

using namespace core;

namespace {

Recipe parse(const std::string& json)
{
    return recipeFromJson(parseJson(json, "recipe.json"), "/recipes", "recipe.json");
}

} // namespace

class RecipeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSmallestRecipeHasTheDefaultsOfTheCommandLine()
    {
        const auto recipe = parse(R"({"calibration": {"text": "a.txt"}})");
        QVERIFY(recipe.select.method == SelectMethod::Kurtosis);
        QVERIFY(recipe.select.scheme == QuantScheme{});
        QCOMPARE(recipe.calibrationText, std::string("/recipes/a.txt"));
        QCOMPARE(recipe.calibration.epochs, CalibrationOptions{}.epochs);
        QVERIFY(!recipe.seedGiven);
        QVERIFY(!recipe.evaluate.has_value());
        QVERIFY(recipe.planFile.empty());
    }

    void everyKeyIsRead()
    {
        const auto recipe =
            parse(R"({"schema": 1, "method": "all-rotation", "rule": "../rule.json", "kronecker": "fermat",
            "overrides": {"3.mlp": "affine", "0.attention": "hadamard"},
            "scheme": {"weight_bits": 3, "activation_bits": 4, "key_bits": 2, "value_bits": 5, "weight_group": 64},
            "calibration": {"text": "/abs/a.txt", "samples": 1, "seqlen": 2, "epochs": 3, "batch": 4, "seed": 5, "learning_rate": 0.25,
                            "clip_learning_rate": 0.5, "weight_decay": 0, "scale_alpha": 0.75, "precision": "bf16", "finish": "gptq",
                            "clip_sharing": "per-input"},
            "evaluation": {"text": "b.txt", "seqlen": 6, "convention": "llama.cpp", "limit_tokens": 7, "reference": false}})");
        QVERIFY(recipe.select.method == SelectMethod::AllRotation);
        QCOMPARE(recipe.select.ruleFile, std::string("/rule.json"));
        QCOMPARE(recipe.select.kronecker, KroneckerRule::Fermat);
        QCOMPARE(recipe.select.overrides.size(), 2u);
        QVERIFY(recipe.select.overrides[0] == std::pair(ModuleId{3, ModuleKind::Mlp}, TransformKind::Affine));
        QVERIFY((recipe.select.scheme == QuantScheme{3, 4, 2, 5, 64}));
        const auto& training = recipe.calibration;
        QCOMPARE(recipe.calibrationText, std::string("/abs/a.txt"));
        QCOMPARE(training.samples, 1);
        QCOMPARE(training.seqlen, 2);
        QCOMPARE(training.epochs, 3);
        QCOMPARE(training.batch, 4);
        QCOMPARE(training.seed, 5u);
        QVERIFY(recipe.seedGiven);
        QCOMPARE(training.learningRate, 0.25);
        QCOMPARE(training.clipLearningRate, 0.5);
        QCOMPARE(training.weightDecay, 0.0);
        QCOMPARE(training.scaleAlpha, 0.75);
        QCOMPARE(training.precision, Precision::BFloat16);
        QCOMPARE(training.finish, Finish::Gptq);
        QCOMPARE(training.clipSharing, ClipSharing::PerInput);
        QVERIFY(recipe.evaluate.has_value());
        QCOMPARE(recipe.evaluate->text, std::string("/recipes/b.txt"));
        QCOMPARE(recipe.evaluate->seqlen, 6);
        QVERIFY(recipe.evaluate->convention == PerplexityConvention::LlamaCpp);
        QCOMPARE(recipe.evaluate->limitTokens, 7);
        QVERIFY(!recipe.compareWithModel);
    }

    /** What the search does not say for itself is the calibration's. */
    void searchAndGuardAreRead()
    {
        const auto plain =
            parse(R"({"method": "search", "calibration": {"text": "a.txt", "samples": 7, "seqlen": 8}})");
        QVERIFY(plain.select.method == SelectMethod::Search);
        QCOMPARE(plain.select.text, std::string("/recipes/a.txt"));
        QCOMPARE(plain.select.search.training.samples, 7);
        QCOMPARE(plain.select.search.training.seqlen, 8);
        QCOMPARE(plain.select.search.training.epochs, 5);
        QVERIFY(!plain.guard);
        const auto recipe = parse(
            R"({"method": "search", "calibration": {"text": "a.txt", "samples": 7, "learning_rate": 0.25, "inverse": "direct"},
            "search": {"text": "s.txt", "samples": 9, "epochs": 2, "batch": 3, "starts": 4, "mode": "gumbel-st", "margin": 0.5,
                       "decide_by": "gate", "candidates": ["affine", "rotation:hadamard-start", "identity"]},
            "refine": {"text": "r.txt", "tokens": 7, "candidates": ["hadamard"]},
            "guard": {"text": "g.txt", "seqlen": 5, "limit_tokens": 6}})");
        const auto& search = recipe.select.search;
        QCOMPARE(recipe.select.text, std::string("/recipes/s.txt"));
        QCOMPARE(search.training.samples, 9);
        QCOMPARE(search.training.epochs, 2);
        QCOMPARE(search.training.batch, 3);
        QCOMPARE(search.starts, 4);
        QCOMPARE(search.training.learningRate, 0.25);
        QVERIFY(search.training.affineForm == AffineForm::Direct);
        QVERIFY(search.mode == SearchMode::GumbelSt);
        QVERIFY(search.margin == 0.5);
        QVERIFY(search.decideBy == DecideBy::Gate);
        QCOMPARE(search.candidates.size(), 3u);
        QVERIFY(search.candidates[1] == (Candidate{TransformKind::Rotation, RotationForm::HadamardStart}));
        QCOMPARE(recipe.guard->text, std::string("/recipes/g.txt"));
        QCOMPARE(recipe.guard->seqlen, 5);
        QCOMPARE(recipe.refine->text, std::string("/recipes/r.txt"));
        QCOMPARE(recipe.refine->tokens, 7);
        QVERIFY(recipe.refine->candidates == (std::vector<Candidate>{{TransformKind::Hadamard}}));
        QCOMPARE(recipe.guard->limitTokens, 6);
        QVERIFY(parse(R"({"guard": {}, "calibration": {"text": "a"}})").guard->text.empty());
    }

    void anEvaluationMayHaveTasks()
    {
        const auto recipe =
            parse("{\"calibration\": {\"text\": \"a\"}, \"evaluation\": {\"tasks\": [\"piqa\", \"my.json=b.csv\"], "
                  "\"tasks_dir\": \"data\", \"limit\": 5, \"items\": \"own.jsonl\", \"batch_tokens\": 64}}");
        QCOMPARE(recipe.evaluate->tasks, (std::vector<std::string>{"piqa", "/recipes/my.json=/recipes/b.csv"}));
        QCOMPARE(recipe.evaluate->tasksDir, std::string("/recipes/data"));
        QCOMPARE(recipe.evaluate->itemsFile, std::string("/recipes/own.jsonl"));
        QCOMPARE(recipe.evaluate->limit, 5);
        QCOMPARE(recipe.evaluate->tokensInPass, 64);
        QVERIFY(recipe.evaluate->text.empty());
    }

    void aPlanFileReplacesTheSelection()
    {
        QCOMPARE(parse(R"({"plan": "p.json", "calibration": {"text": "a"}})").planFile, std::string("/recipes/p.json"));
        PLANISH_REFUSES(parse(R"({"plan": "p.json", "method": "kurtosis", "calibration": {"text": "a"}})"),
                        ErrorKind::InvalidArgument, {"'method'", "'plan'", "recipe.json"});
    }

    void mistakesAreNamed_data()
    {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("named");
        QTest::newRow("no object") << "[]"
                                   << "object";
        QTest::newRow("no calibration") << R"({"method": "kurtosis"})"
                                        << "'calibration'";
        QTest::newRow("no text") << R"({"calibration": {}})"
                                 << "'calibration.text'";
        QTest::newRow("a key misspelt") << R"({"calibration": {"text": "a", "epoch": 3}})"
                                        << "'calibration.epoch'";
        QTest::newRow("a top key misspelt") << R"({"methods": "kurtosis", "calibration": {"text": "a"}})"
                                            << "'methods'";
        QTest::newRow("a number as text") << R"({"calibration": {"text": "a", "epochs": "3"}})"
                                          << "'calibration.epochs'";
        QTest::newRow("a negative count") << R"({"calibration": {"text": "a", "epochs": -3}})"
                                          << "'calibration.epochs'";
        QTest::newRow("a count beyond int") << R"({"calibration": {"text": "a", "samples": 4294967300}})"
                                            << "'calibration.samples'";
        QTest::newRow("a negative rate") << R"({"calibration": {"text": "a", "learning_rate": -5}})"
                                         << "'calibration.learning_rate'";
        QTest::newRow("an unknown method") << R"({"method": "best", "calibration": {"text": "a"}})"
                                           << "'method'";
        QTest::newRow("an unknown kind") << R"({"overrides": {"1.mlp": "magic"}, "calibration": {"text": "a"}})"
                                         << "'overrides.1.mlp'";
        QTest::newRow("an unknown module") << R"({"overrides": {"1.ffn": "affine"}, "calibration": {"text": "a"}})"
                                           << "'overrides.1.ffn'";
        QTest::newRow("an unknown word") << R"({"calibration": {"text": "a", "precision": "fp8"}})"
                                         << "'calibration.precision'";
        QTest::newRow("a search without its method") << R"({"search": {}, "calibration": {"text": "a"}})"
                                                     << "'search'";
        QTest::newRow("an unknown candidate")
            << R"({"method": "search", "search": {"candidates": ["afine"]}, "calibration": {"text": "a"}})"
            << "'search.candidates'";
        QTest::newRow("an unknown mode")
            << R"({"method": "search", "search": {"mode": "random"}, "calibration": {"text": "a"}})"
            << "'search.mode'";
        QTest::newRow("tasks that are no list") << R"({"calibration": {"text": "a"}, "evaluation": {"tasks": "piqa"}})"
                                                << "'evaluation.tasks'";
        QTest::newRow("evaluation without text") << R"({"calibration": {"text": "a"}, "evaluation": {}})"
                                                 << "'evaluation.text'";
    }

    void mistakesAreNamed()
    {
        QFETCH(QString, json);
        QFETCH(QString, named);
        PLANISH_REFUSES(parse(json.toStdString()), ErrorKind::InvalidArgument, {named.toStdString(), "recipe.json"});
    }

    void anotherSchemaIsUnsupported()
    {
        PLANISH_REFUSES(parse(R"({"schema": 2, "calibration": {"text": "a"}})"), ErrorKind::Unsupported, {"schema 2"});
    }
};

QTEST_GUILESS_MAIN(RecipeTest)
#include "tst_recipe.moc"
