// SPDX-License-Identifier: Apache-2.0
// The main job on the command line: select, calibrate, evaluate and talk to the bundle; and all of it from one recipe.
#include "tests/app/planish_process.h"
#include "tests/support/stories.h"

#include <QtTest>

#include <filesystem>

namespace {

QString model()
{
    return q(support::storiesModel());
}

QString text()
{
    return q(support::storiesText());
}

void writeObject(const QString& path, const QJsonObject& object)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QJsonDocument(object).toJson());
}

} // namespace

class CliQuantizeTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }

private Q_SLOTS:
    /** A small search and its oracle: the plan with what was measured beside it, and the files that were asked for. */
    void searchWritesPlanLossesAndGates()
    {
        PLANISH_NEEDS(support::storiesModel());
        const QStringList common{"select",   model(), "--method", "search", "--text",  text(), "--samples", "8",
                                 "--seqlen", "32",    "--epochs", "2",      "--batch", "2",    "--json"};
        const auto oracle = runPlanish(common + QStringList{"--oracle", "--losses-out", path("oracle.json")});
        COMPARE_CODE(oracle, 0);
        QCOMPARE(oracle.json().value("method").toString(), QStringLiteral("oracle"));
        const auto run =
            runPlanish(common
                       + QStringList{"--starts", "2", "--out", path("searched.json"), "--losses-out",
                                     path("losses.json"), "--search-out", path("search.json"), "--oracle-losses",
                                     path("oracle.json"), "--checkpoints", path("search")});
        COMPARE_CODE(run, 0);
        const auto json = run.json();
        QCOMPARE(json.value("method").toString(), QStringLiteral("search"));
        const auto search = json.value("search").toObject();
        QCOMPARE(search.value("mode").toString(), QStringLiteral("expected"));
        const auto modules = search.value("modules").toArray();
        QCOMPARE(modules.size(), 10);
        const auto first = modules[0].toObject();
        QCOMPARE(first.value("candidates").toArray().size(), 4); // two kinds, two starts
        QVERIFY(first.value("restart_spread").toDouble() > 0.0);
        QCOMPARE(first.value("gates").toArray().size(), 1); // 3 batches in the second epoch
        QCOMPARE(search.value("blocks").toArray()[2].toObject().value("held_out_loss").toArray().size(), 4);
        QVERIFY(search.value("agreement").toObject().value("modules").toInt() > 0);
        QCOMPARE(readObject(path("search.json")), search);
        QCOMPARE(readObject(path("losses.json")).value("modules").toArray().size(), 10);
        const auto reason = json.value("modules").toArray()[0].toObject().value("reason").toObject();
        QVERIFY(reason.value("held_out_affine").toDouble() > 0.0);
        QVERIFY(reason.contains("margin") && reason.contains("gate_rotation#1"));
        QCOMPARE(readObject(path("searched.json")).value("modules"), json.value("modules"));
        // Again with the same blocks: the same plan, whatever the search took.
        const auto again = runPlanish(common
                                      + QStringList{"--starts", "2", "--checkpoints", path("search"), "--resume",
                                                    "--oracle-losses", path("oracle.json")});
        COMPARE_CODE(again, 0);
        QCOMPARE(again.json().value("modules"), json.value("modules"));
        COMPARE_CODE(runPlanish({"select", model(), "--method", "search", "--text", text(), "--candidates", "magic"}),
                     2);
        COMPARE_CODE(runPlanish({"select", model(), "--method", "search"}), 2); // no text
        // It trains as the calibration after it will: another rate is another loss.
        const auto faster = runPlanish(common + QStringList{"--oracle", "--lr", "0.05", "--clip", "none"});
        COMPARE_CODE(faster, 0);
        const auto lossOf = [](const auto& run) {
            const auto modules = run.json().value("search").toObject().value("modules").toArray();
            return modules[0].toObject().value("candidates").toArray()[0].toObject().value("loss").toDouble();
        };
        QVERIFY(lossOf(oracle) > 0.0);
        QVERIFY(lossOf(faster) != lossOf(oracle));
    }

    /** A plan without transforms is worse than either uniform plan with them, by far (18 against 8 in perplexity when trained in full). */
    void guardRailRecommendsTheBetterUniformPlan()
    {
        PLANISH_NEEDS(support::storiesModel());
        QStringList select{"select",    model(), "--method",         "all-identity", "--set-bits",
                           "1.mlp=8/8", "--out", path("worst.json"), "--json"};
        COMPARE_CODE(runPlanish(select), 0);
        const auto run = runPlanish({"calibrate", model(), "--plan", path("worst.json"), "--text", text(), "--samples",
                                     "8", "--seqlen", "64", "--epochs", "2", "--batch", "2", "--guard", "--out",
                                     path("guarded"), "--json"});
        COMPARE_CODE(run, 0);
        const auto guard = run.json().value("guard").toObject();
        const auto results = guard.value("results").toArray();
        QCOMPARE(results.size(), 3);
        QCOMPARE(results[0].toObject().value("plan").toString(), QStringLiteral("planned"));
        QVERIFY(guard.value("recommended").toString().startsWith("all-"));
        const auto warnings = readObject(path("guarded/plan.json")).value("warnings").toArray();
        QCOMPARE(warnings.last().toString(), guard.value("sentence").toString());
        QVERIFY(QFile::exists(path("guarded.guard/all-affine/planish.json")));
        // The uniform plans differ in their transforms alone.
        const auto uniform = readObject(path("guarded.guard/all-rotation/plan.json")).value("modules").toArray().at(3);
        QCOMPARE(uniform.toObject().value("kind").toString(), QStringLiteral("rotation"));
        QCOMPARE(uniform.toObject().value("scheme").toObject().value("weight_bits").toInt(), 8);
    }

    /** What refining says of its result is what an evaluation says of the bundle; run again it trains nothing. */
    void refineChoosesByWhatTheQuantizedModelLoses()
    {
        PLANISH_NEEDS(support::storiesModel());
        COMPARE_CODE(runPlanish({"select", model(), "--method", "all-identity", "--out", path("plain.json")}), 0);
        const QStringList calibrate{"calibrate",
                                    model(),
                                    "--plan",
                                    path("plain.json"),
                                    "--text",
                                    text(),
                                    "--samples",
                                    "8",
                                    "--seqlen",
                                    "32",
                                    "--epochs",
                                    "1",
                                    "--batch",
                                    "4",
                                    "--refine",
                                    "--refine-text",
                                    text(),
                                    "--refine-tokens",
                                    "2048",
                                    "--refine-candidates",
                                    "affine#1,hadamard",
                                    "--out",
                                    path("refined"),
                                    "--json"};
        const auto run = runPlanish(calibrate);
        COMPARE_CODE(run, 0);
        const auto refinement = run.json().value("refinement").toObject();
        const auto swaps = refinement.value("swaps").toArray();
        QCOMPARE(swaps.size(), 20);
        QCOMPARE(swaps[0].toObject().value("to").toString(), QStringLiteral("affine#1"));
        QVERIFY(refinement.value("kl_after").toDouble() < refinement.value("kl_before").toDouble());
        const auto evaluation = runPlanish({"evaluate", path("refined"), "--reference", model(), "--text", text(),
                                            "--limit-tokens", "2048", "--json"});
        COMPARE_CODE(evaluation, 0);
        const auto measured = evaluation.json().value("divergence").toObject().value("kl_mean").toDouble();
        QVERIFY(std::abs(refinement.value("kl_after").toDouble() - measured) < 1e-6 * measured);
        const auto plan = readObject(path("refined/plan.json"));
        QCOMPARE(plan.value("method").toString(), QStringLiteral("refined"));
        const auto reason = plan.value("modules").toArray()[0].toObject().value("reason").toObject();
        QVERIFY(reason.contains("kl_identity") && reason.contains("kl_stderr_hadamard"));

        const auto again = runPlanish(calibrate + QStringList{"--resume"});
        COMPARE_CODE(again, 0);
        QCOMPARE(again.json().value("refinement").toObject().value("swaps").toArray(), swaps);
        QCOMPARE(again.json().value("blocks"), run.json().value("blocks")); // with the seconds of the first run
        COMPARE_CODE(runPlanish(calibrate + QStringList{"--refine-candidates", "affine,affine"}), 2);
    }

    void selectWritesThePlanItPrints()
    {
        PLANISH_NEEDS(support::storiesModel());
        const auto run = runPlanish({"select", model(), "--method", "all-affine", "--set", "3.mlp=rotation", "--set",
                                     "0.attention=hadamard", "--wbits", "3", "--kbits", "16", "--kronecker", "fermat",
                                     "--out", path("plan.json"), "--json"});
        COMPARE_CODE(run, 0);
        const auto json = run.json();
        const auto modules = json.value("modules").toArray();
        QCOMPARE(modules.size(), 10);
        const auto first = modules[0].toObject();
        QCOMPARE(first.value("module").toString(), QStringLiteral("0.attention"));
        QCOMPARE(first.value("kind").toString(), QStringLiteral("hadamard"));
        QCOMPARE(first.value("origin").toString(), QStringLiteral("user"));
        QVERIFY(first.value("reason").isObject());
        QCOMPARE(modules[7].toObject().value("kind").toString(), QStringLiteral("rotation"));
        QCOMPARE(modules[1].toObject().value("origin").toString(), QStringLiteral("automatic"));
        const auto scheme = json.value("scheme").toObject();
        QCOMPARE(scheme.value("weight_bits").toInt(), 3);
        QCOMPARE(scheme.value("activation_bits").toInt(), 4);
        QCOMPARE(scheme.value("key_bits").toInt(), 16);
        const auto file = readObject(path("plan.json"));
        QCOMPARE(file.value("modules").toArray(), modules);
        QCOMPARE(file.value("scheme").toObject(), scheme);
    }

    void calibrateMakesABundleThatEveryVerbReads()
    {
        PLANISH_NEEDS(support::storiesModel());
        COMPARE_CODE(runPlanish({"select", model(), "--method", "all-affine", "--out", path("affine.json")}), 0);
        const auto run =
            runPlanish({"calibrate", model(), "--plan", path("affine.json"), "--text", text(), "--samples", "8",
                        "--seqlen", "64", "--epochs", "2", "--batch", "4", "--out", path("bundle"), "--json"});
        COMPARE_CODE(run, 0);
        const auto blocks = run.json().value("blocks").toArray();
        QCOMPARE(blocks.size(), 5);
        for (const auto& entry : blocks) {
            const auto block = entry.toObject();
            QVERIFY(block.value("error_end").toDouble() < block.value("error_start").toDouble());
            QCOMPARE(block.value("loss_trace").toArray().size(), 2);
            QVERIFY(block.value("seconds").isDouble());
        }
        QVERIFY(run.json().value("peak_memory_bytes").toDouble() > 1e7);

        const auto info = runPlanish({"info", path("bundle"), "--json"});
        COMPARE_CODE(info, 0);
        QCOMPARE(info.json().value("bundle").toBool(), true);
        QCOMPARE(info.json().value("plan").toObject().value("modules").toArray().size(), 10);
        QCOMPARE(info.json().value("calibration").toObject().value("blocks").toArray().size(), 5);

        const auto profile =
            runPlanish({"profile", path("bundle"), "--text", text(), "--tokens", "256", "--seqlen", "64", "--json"});
        COMPARE_CODE(profile, 0);
        const auto weights = profile.json().value("weights").toArray();
        QCOMPARE(weights.size(), 36); // 5 blocks of 7 matrices and the embedding, which is the head too
        QCOMPARE(weights[0].toObject().value("dtype").toString(), QStringLiteral("I4"));
        QCOMPARE(profile.json().value("modules").toArray().size(), 10);
        QCOMPARE(profile.json().value("activations").toArray().size(), 30);
        const auto chosen = runPlanish({"select", path("bundle"), "--method", "all-affine"});
        COMPARE_CODE(chosen, 1);
        QVERIFY2(chosen.err.contains("codes"), chosen.both().constData());

        const auto evaluation = runPlanish({"evaluate", path("bundle"), "--reference", model(), "--text", text(),
                                            "--limit-tokens", "10240", "--json"});
        COMPARE_CODE(evaluation, 0);
        const auto json = evaluation.json();
        const double quantized = json.value("perplexity").toObject().value("value").toDouble();
        const double full = json.value("reference_perplexity").toObject().value("value").toDouble();
        QVERIFY(quantized > full);       // 4 bits cost something,
        QVERIFY(quantized < 4.0 * full); // and a bundle read wrongly would cost all: the perplexity of noise is 512
        const auto divergence = json.value("divergence").toObject();
        QVERIFY(divergence.value("kl_mean").toDouble() > 0.0);
        // The paired difference of ln perplexity is the ratio of the two perplexities.
        QVERIFY(std::abs(divergence.value("ln_perplexity_difference").toDouble() - std::log(quantized / full)) < 1e-9);

        const auto chat = runPlanish({"chat", path("bundle"), "--compare", model(), "--raw", "--prompt",
                                      "Once upon a time", "--max-tokens", "8", "--json"});
        COMPARE_CODE(chat, 0);
        QCOMPARE(chat.json().value("ids").toArray().size(), 8);
        QCOMPARE(chat.json().value("divergence").toArray().size(), 8);
    }

    void aPlanOfAnotherModelIsRefused()
    {
        const auto novels = support::sharedFolder() / "data/models/novels-8m";
        PLANISH_NEEDS(novels);
        COMPARE_CODE(runPlanish({"select", QString::fromStdString(novels.string()), "--method", "all-affine", "--out",
                                 path("novels.json")}),
                     0);
        const auto run = runPlanish(
            {"calibrate", model(), "--plan", path("novels.json"), "--text", text(), "--out", path("wrong"), "--json"});
        COMPARE_CODE(run, 1);
        QCOMPARE(run.json().value("error").toObject().value("kind").toString(), QStringLiteral("invalid_argument"));
        QVERIFY(!std::filesystem::exists(path("wrong").toStdString()));
    }

    void aRecipeRunsAllPhasesAndGoesOn()
    {
        PLANISH_NEEDS(support::storiesModel());
        QJsonObject recipe{
            {"method", "all-rotation"},
            {"overrides", QJsonObject{{"1.mlp", "affine"}}},
            {"scheme",
             QJsonObject{{"weight_bits", 4},
                         {"activation_bits", 8},
                         {"key_bits", 16},
                         {"value_bits", 16},
                         {"weight_group", 0}}},
            {"calibration", QJsonObject{{"text", text()}, {"samples", 4}, {"seqlen", 64}, {"epochs", 1}, {"batch", 2}}},
            {"evaluation",
             QJsonObject{{"text", text()},
                         {"limit_tokens", 5120},
                         {"tasks", QJsonArray{"piqa"}},
                         {"tasks_dir", QString::fromStdString(support::sourceFolder() + "/resources/demo/tasks")},
                         {"limit", 3}}}};
        writeObject(path("recipe.json"), recipe);
        const QStringList line{"quantize", model(), "--recipe", path("recipe.json"), "--out", path("job"), "--json"};
        const auto first = runPlanish(line);
        COMPARE_CODE(first, 0);
        const auto json = first.json();
        QCOMPARE(json.value("select").toObject().value("modules").toArray().size(), 10);
        QCOMPARE(json.value("calibrate").toObject().value("blocks").toArray().size(), 5);
        QVERIFY(json.value("evaluate").toObject().value("perplexity").toObject().value("value").toDouble() > 1.0);
        QVERIFY(json.value("evaluate").toObject().contains("divergence"));
        QCOMPARE(json.value("evaluate").toObject().value("tasks").toArray().first().toObject().value("n").toInt(), 3);
        QVERIFY(!QFile::exists(path("job/evaluation.journal")));
        const auto report = readObject(path("job/report.json"));
        for (const auto* key : {"select", "calibrate", "evaluate", "recipe", "model"})
            QCOMPARE(report.value(QLatin1String(key)), json.value(QLatin1String(key)));

        const auto again = runPlanish(line);
        COMPARE_CODE(again, 0);
        // Kept blocks come back with their own measured times.
        QCOMPARE(again.json().value("calibrate").toObject().value("blocks"),
                 json.value("calibrate").toObject().value("blocks"));
        QCOMPARE(again.json().value("evaluate"), json.value("evaluate"));
        COMPARE_CODE(runPlanish({"info", path("job"), "--json"}), 0); // a report with more keys is still a bundle's

        recipe.insert("evaluation", QJsonObject{{"text", text()}, {"limit_tokens", 2560}});
        writeObject(path("recipe.json"), recipe);
        const auto shorter = runPlanish(line);
        COMPARE_CODE(shorter, 0);
        QCOMPARE(shorter.json().value("calibrate").toObject().value("blocks"),
                 json.value("calibrate").toObject().value("blocks"));
        QCOMPARE(shorter.json().value("evaluate").toObject().value("perplexity").toObject().value("windows").toInt(),
                 5);
    }

    void aFolderThatIsNoBundleIsNotOverwritten()
    {
        PLANISH_NEEDS(support::storiesModel());
        COMPARE_CODE(runPlanish({"select", model(), "--method", "all-identity", "--out", path("identity.json")}), 0);
        QVERIFY(QDir().mkpath(path("mine")));
        writeObject(path("mine/precious.json"), {{"a", 1}});
        const auto run = runPlanish(
            {"calibrate", model(), "--plan", path("identity.json"), "--text", text(), "--out", path("mine")});
        COMPARE_CODE(run, 1);
        QCOMPARE(readObject(path("mine/precious.json")).value("a").toInt(), 1);
    }
};

QTEST_GUILESS_MAIN(CliQuantizeTest)
#include "tst_cli_quantize.moc"
