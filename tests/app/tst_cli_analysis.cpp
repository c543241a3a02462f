// SPDX-License-Identifier: Apache-2.0
// Estimates, checks and what-ifs on the demo model: preflight, check, budget, what-if, probe, fit-rule.
#include "tests/app/planish_process.h"

#include <QtTest>

class CliAnalysisTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    QString calibration() const { return path("demo/calibration.txt"); }

    QStringList calibrate(const QString& out, const char* plan = "plan.json") const
    {
        return {"calibrate", path("demo"), "--plan",   path(plan), "--text",   calibration(),
                "--samples", "16",         "--seqlen", "128",      "--epochs", "1",
                "--batch",   "4",          "--out",    out,        "--json"};
    }

    /** Within a quarter of what was measured. */
    static bool isNear(double estimate, double measured) { return std::abs(estimate / measured - 1.0) <= 0.25; }

private Q_SLOTS:
    void initTestCase()
    {
        COMPARE_CODE(runPlanish({"demo", "--out", path("demo")}), 0);
        COMPARE_CODE(runPlanish({"select", path("demo"), "--method", "all-affine", "--set", "1.mlp=rotation", "--set",
                                 "2.attention=hadamard", "--out", path("plan.json")}),
                     0);
        COMPARE_CODE(runPlanish({"select", path("demo"), "--method", "all-affine", "--keep-first", "2", "--keep-last",
                                 "5", "--out", path("mixed.json")}),
                     0);
    }

    void preflightEstimatesAndWritesNothing()
    {
        const auto run = runPlanish(calibrate(path("never")) + QStringList{"--preflight"});
        COMPARE_CODE(run, 0);
        const auto estimate = run.json().value("preflight").toObject();
        QVERIFY(estimate.value("memory_bytes").toDouble() > 50e6); // LibTorch alone
        QVERIFY(estimate.value("memory_available_bytes").toDouble() > 0.0);
        QVERIFY(estimate.value("disk_available_bytes").toDouble() > 0.0);
        QVERIFY(estimate.value("seconds").toDouble() > 0.0);
        QVERIFY(estimate.value("fits").toBool());
        QVERIFY(!QFile::exists(path("never")) && !QFile::exists(path("never.work")));
    }

    void calibrationShowsTheEstimateBesideTheMeasurement_data()
    {
        QTest::addColumn<QString>("bundle");
        QTest::addColumn<QString>("plan");
        QTest::addColumn<QString>("finish");
        QTest::newRow("to nearest") << "bundle"
                                    << "plan.json"
                                    << "rtn";
        QTest::newRow("GPTQ, modules of their own widths") << "gptq"
                                                           << "mixed.json"
                                                           << "gptq";
    }

    void calibrationShowsTheEstimateBesideTheMeasurement()
    {
        QFETCH(QString, bundle);
        QFETCH(QString, plan);
        QFETCH(QString, finish);
        const auto run = runPlanish(calibrate(path(qPrintable(bundle)), qPrintable(plan))
                                    + QStringList{"--finish", finish, "--check-invariance"});
        COMPARE_CODE(run, 0);
        const auto estimate = run.json().value("preflight").toObject();
        const auto measured = estimate.value("measured").toObject();
        const auto pair = [&](const char* key) {
            return QStringLiteral("%1: %2 estimated, %3 measured")
                .arg(QLatin1String(key))
                .arg(estimate.value(QLatin1String(key)).toDouble())
                .arg(measured.value(QLatin1String(key)).toDouble());
        };
        for (const char* key : {"memory_bytes", "disk_bytes"})
            QVERIFY2(
                isNear(estimate.value(QLatin1String(key)).toDouble(), measured.value(QLatin1String(key)).toDouble()),
                qPrintable(pair(key)));
        QVERIFY(measured.value("seconds").toDouble() > 0.0);
        const auto invariance = run.json().value("invariance").toObject();
        QVERIFY(invariance.value("holds").toBool());
        QCOMPARE(invariance.value("transforms").toString(), QStringLiteral("trained"));
    }

    void checkProvesPlansAndBundles()
    {
        for (const auto& transforms :
             {QStringList{"--plan", path("plan.json")}, QStringList{"--bundle", path("bundle")}}) {
            const auto run = runPlanish(QStringList{"check", path("demo"), "--json"} + transforms);
            COMPARE_CODE(run, 0);
            const auto json = run.json();
            QVERIFY(json.value("holds").toBool());
            const auto blocks = json.value("blocks").toArray();
            QVERIFY(!blocks.isEmpty());
            QCOMPARE(blocks[2].toObject().value("attention").toString(), QStringLiteral("hadamard"));
            QVERIFY(blocks[0].toObject().value("float64").toDouble() <= 1e-10);
            QVERIFY(json.value("logits").toObject().value("float32").toDouble() <= 1e-4);
        }
        COMPARE_CODE(runPlanish({"check", path("demo")}), 2); // of what?
        COMPARE_CODE(runPlanish({"check", path("bundle"), "--plan", path("plan.json")}),
                     1); // codes are no model to start from
    }

    void budgetHasARowForEachModule()
    {
        const auto run = runPlanish({"budget", path("bundle"), "--reference", path("demo"), "--text",
                                     path("demo/test.txt"), "--limit-tokens", "1024", "--seqlen", "128", "--json"});
        COMPARE_CODE(run, 0);
        const auto modules = run.json().value("modules").toArray();
        const auto plan = runPlanish({"info", path("demo"), "--json"}).json().value("model").toObject();
        QCOMPARE(modules.size(), 2 * plan.value("blocks").toInt());
        for (const auto& entry : modules) {
            const auto row = entry.toObject();
            QVERIFY(row.value("kl").toDouble() > 0.0 && row.value("output_mse").toDouble() > 0.0);
            QVERIFY(row.contains("loss_increase"));
        }
        QCOMPARE(modules[3].toObject().value("kind").toString(), QStringLiteral("rotation"));
        QVERIFY(run.json().value("whole").toObject().value("kl").toDouble() > 0.0);
    }

    void whatIfComparesTheKinds()
    {
        const auto run =
            runPlanish({"what-if", path("demo"), "--module", "1.mlp", "--plan", path("plan.json"), "--text",
                        calibration(), "--samples", "8", "--seqlen", "64", "--epochs", "2", "--json"});
        COMPARE_CODE(run, 0);
        const auto json = run.json();
        QCOMPARE(json.value("module").toString(), QStringLiteral("1.mlp"));
        QCOMPARE(json.value("planned").toString(), QStringLiteral("rotation"));
        QCOMPARE(json.value("steps").toInt(), 2); // six windows trained, four a step: one step an epoch
        const auto kinds = json.value("kinds").toArray();
        QCOMPARE(kinds.size(), 4);
        QCOMPARE(kinds[0].toObject().value("kind").toString(), QStringLiteral("identity"));
        QCOMPARE(kinds[0].toObject().value("online_macs").toDouble(), 0.0);
        QVERIFY(kinds[1].toObject().value("sqnr_db").toDouble() > 0.0);
        COMPARE_CODE(runPlanish({"what-if", path("demo"), "--module", "99.mlp", "--text", calibration()}), 1);
    }

    void theRuleLooksAtWhatItIsAskedTo()
    {
        const QStringList select{"select",      path("demo"),  "--method", "kurtosis",
                                 "--statistic", "norm-output", "--json"};
        COMPARE_CODE(runPlanish(select), 1); // without a text there are no activations
        const auto run = runPlanish(select + QStringList{"--text", calibration(), "--tokens", "1024"});
        COMPARE_CODE(run, 0);
        for (const auto& entry : run.json().value("modules").toArray()) {
            const auto reason = entry.toObject().value("reason").toObject();
            QVERIFY(reason.contains("norm_output_kurtosis") && reason.contains("robust_z"));
        }
    }

    void probesAreNamedForASearch()
    {
        const auto run = runPlanish({"probe", path("demo"), "--per-group", "2", "--json"});
        COMPARE_CODE(run, 0);
        QCOMPARE(run.json().value("modules").toArray().size(), 4);
        const auto argument = run.json().value("argument").toString();
        QCOMPARE(argument.count(QLatin1Char(',')), 3);
        const auto search =
            runPlanish({"select", path("demo"), "--method", "search", "--text", calibration(), "--samples", "4",
                        "--seqlen", "32", "--epochs", "1", "--batch", "2", "--modules", argument, "--json"});
        COMPARE_CODE(search, 0);
        QCOMPARE(search.json().value("search").toObject().value("modules").toArray().size(), 4);
        const auto refused = runPlanish({"select", path("demo"), "--method", "search", "--modules", "attention"});
        COMPARE_CODE(refused, 2);
    }

    /** Losses in which rotation is better in every attention but the first, and never in an MLP. */
    void aProfileIsFittedAndUsed()
    {
        QFile planFile(path("plan.json"));
        QVERIFY(planFile.open(QIODevice::ReadOnly));
        const auto plan = QJsonDocument::fromJson(planFile.readAll()).object();
        const auto architecture = runPlanish({"info", path("demo"), "--json"}).json().value("model").toObject();
        QJsonArray modules;
        for (const auto& entry : plan.value("modules").toArray()) {
            const auto name = entry.toObject().value("module").toString();
            const double rotation =
                name == QLatin1String("0.attention") || name.endsWith(QLatin1String("mlp")) ? 1.1 : 0.9;
            modules.append(QJsonObject{
                {"module", name},
                {"candidates",
                 QJsonArray{QJsonObject{{"kind", "affine"}, {"start", 0}, {"loss", 1.0}, {"stderror", 0.01}},
                            QJsonObject{{"kind", "rotation"},
                                        {"form", "two-factor"},
                                        {"start", 0},
                                        {"loss", rotation},
                                        {"stderror", 0.01}}}}});
        }
        QFile losses(path("losses.json"));
        QVERIFY(losses.open(QIODevice::WriteOnly));
        losses.write(QJsonDocument(QJsonObject{{"schema", 1},
                                               {"model", plan.value("model")},
                                               {"family", architecture.value("architecture")},
                                               {"scheme", plan.value("scheme")},
                                               {"seed", 0},
                                               {"modules", modules}})
                         .toJson());
        losses.close();
        const auto run = runPlanish({"fit-rule", path("losses.json"), "--model", path("demo"), "--text", calibration(),
                                     "--tokens", "1024", "--out", path("profile.json"), "--json"});
        COMPARE_CODE(run, 0);
        const auto measured = run.json().value("profiles").toArray()[0].toObject().value("measured").toObject();
        QCOMPARE(measured.value("attention").toObject().value("tried").toArray().size(), 4);
        QCOMPARE(measured.value("mlp").toObject().value("regret").toDouble(), 0.0);
        const auto used = runPlanish({"select", path("demo"), "--method", "kurtosis", "--profile", path("profile.json"),
                                      "--text", calibration(), "--tokens", "1024", "--json"});
        COMPARE_CODE(used, 0);
        for (const auto& warning : used.json().value("warnings").toArray())
            QVERIFY(!warning.toString().contains(QLatin1String("not calibrated")));
        // At other bits nothing was fitted.
        COMPARE_CODE(runPlanish({"select", path("demo"), "--profile", path("profile.json"), "--wbits", "2"}), 1);
    }
};

QTEST_GUILESS_MAIN(CliAnalysisTest)
#include "tst_cli_analysis.moc"
