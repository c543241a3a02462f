// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/command_line.h"
#include "ui/project.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

namespace {

ui::Project sample(const QString& folder)
{
    ui::Project project;
    project.model = folder + QStringLiteral("/models/toy");
    project.planText = R"({"modules":[{"module":"0.attention"}],"schema":1})";
    project.rule.mlp = {.mode = core::GroupRule::Mode::TwoSided, .sign = 1, .beta = 2.25};
    project.rule.evidence = "three models";
    project.bundle = QStringLiteral("/elsewhere/toy-w4");
    project.calibrationText = R"({"blocks":[{"block":0,"loss_trace":[0.5,"inf"],"warnings":["rolled back"]}]})";
    project.evaluations.push_back({QStringLiteral("toy-w4"), project.bundle, project.model,
                                   R"({"perplexity":{"tokens":5000000000,"value":5.8125},"tasks":[{"task":"piqa"}]})"});
    project.text = folder + QStringLiteral("/text.txt");
    project.notes = QStringLiteral("block 5 looks odd \u2013 see \u201cdown\u201d");
    project.selected = core::LayerId{5, core::Role::Down};
    return project;
}

} // namespace

class TstProject : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesBackAsItWasSaved()
    {
        QTemporaryDir folder;
        const auto before = sample(folder.path());
        const auto path = folder.filePath(QStringLiteral("a.planish"));
        ui::saveProject(before, path);
        const auto after = ui::loadProject(path);
        QCOMPARE(after.model, before.model);
        QCOMPARE(after.planText, before.planText);
        QVERIFY(after.rule.mlp.mode == before.rule.mlp.mode);
        QCOMPARE(after.rule.mlp.beta, 2.25);
        QCOMPARE(after.rule.evidence, before.rule.evidence);
        QCOMPARE(after.bundle, before.bundle);
        QCOMPARE(after.calibrationText, before.calibrationText);
        QCOMPARE(after.evaluations.size(), 1u);
        QCOMPARE(after.evaluations[0].name, QStringLiteral("toy-w4"));
        QCOMPARE(after.evaluations[0].reference, before.model);
        QCOMPARE(after.evaluations[0].reportText, before.evaluations[0].reportText);
        QCOMPARE(after.notes, before.notes);
        QVERIFY(after.selected == before.selected);
    }

    void isTheSameBytesForTheSameProject()
    {
        const auto once = ui::projectToJson(sample(QStringLiteral("/p")), QStringLiteral("/p"));
        QCOMPARE(ui::projectToJson(sample(QStringLiteral("/p")), QStringLiteral("/p")), once);
    }

    void pathsBelowTheFolderMoveWithIt()
    {
        const auto json = ui::projectToJson(sample(QStringLiteral("/old")), QStringLiteral("/old"));
        QVERIFY(json.contains("\"model\": \"models/toy\""));
        const auto moved = ui::projectFromJson(json, QStringLiteral("/new/place/a.planish"));
        QCOMPARE(moved.model, QStringLiteral("/new/place/models/toy"));
        QCOMPARE(moved.bundle, QStringLiteral("/elsewhere/toy-w4")); // not below it
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("named");
        const auto corrupt = static_cast<int>(core::ErrorKind::Corrupt);
        QTest::newRow("cut short") << QByteArray("{\"schema\": 1, \"mod") << corrupt << QStringLiteral("JSON");
        QTest::newRow("empty") << QByteArray() << corrupt << QStringLiteral("JSON");
        QTest::newRow("another file") << QByteArray("{\"model_type\": \"llama\"}") << corrupt
                                      << QStringLiteral("schema");
        QTest::newRow("newer") << QByteArray("{\"schema\": 99, \"model\": \"m\"}")
                               << static_cast<int>(core::ErrorKind::Unsupported) << QStringLiteral("99");
        QTest::newRow("bad rule") << QByteArray(
            "{\"schema\": 1, \"model\": \"m\", \"rule\": {\"attention\": {\"mode\": \"magic\"}}}")
                                  << static_cast<int>(core::ErrorKind::InvalidArgument) << QStringLiteral("magic");
        QTest::newRow("bad layer") << QByteArray("{\"schema\": 1, \"model\": \"m\", \"selected\": \"7.z\"}")
                                   << static_cast<int>(core::ErrorKind::InvalidArgument) << QStringLiteral("7.z");
    }
    void refuses()
    {
        QFETCH(QByteArray, json);
        QFETCH(int, kind);
        QFETCH(QString, named);
        try {
            ui::projectFromJson(json, QStringLiteral("/x/bad.planish"));
            QFAIL("was accepted");
        } catch (const core::Error& error) {
            QCOMPARE(static_cast<int>(error.kind()), kind);
            QVERIFY2(QString::fromUtf8(error.what()).contains(named), error.what());
            QCOMPARE(error.context(), std::string("/x/bad.planish"));
        }
    }

    void savingWhereOneMayNotThrows()
    {
        QVERIFY_EXCEPTION_THROWN(ui::saveProject({}, QStringLiteral("/nonexistent/folder/a.planish")), core::Error);
    }

    void commandsAreShellLines()
    {
        core::CalibrateSpec spec;
        spec.model = "/models/my model";
        spec.text = "it's.txt";
        spec.out = "out";
        spec.options.samples = 16;
        spec.options.seqlen = 128;
        spec.options.epochs = 3;
        spec.options.resume = true;
        spec.options.seed = 7;
        QCOMPARE(
            ui::calibrateCommand(spec, QStringLiteral("out.plan.json")),
            QStringLiteral(
                "planish --seed 7 calibrate '/models/my model' --plan out.plan.json --text 'it'\\''s.txt' --samples 16 "
                "--seqlen 128 --epochs 3 --batch 4 --out out --resume"));
        core::EvaluateSpec evaluate;
        evaluate.model = "out";
        evaluate.reference = "m";
        evaluate.text = "t";
        QCOMPARE(ui::evaluateCommand(evaluate),
                 QStringLiteral("planish evaluate out --reference m --text t --convention gptq"));
    }
};

QTEST_GUILESS_MAIN(TstProject)
#include "tst_project.moc"
