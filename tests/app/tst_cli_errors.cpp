// SPDX-License-Identifier: Apache-2.0
// The contract of the command line where something is wrong: exit codes, what errors name, what is left behind.
#include "tests/app/planish_process.h"
#include "tests/support/shared_data.h"

#include <QtTest>

#include <cstring>
#include <filesystem>
#include <limits>

namespace {

std::filesystem::path stories()
{
    return support::sharedFolder() / "data/models/stories260k";
}

} // namespace

class CliErrorsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wrongUsageExitsWith2_data()
    {
        QTest::addColumn<QStringList>("arguments");
        const auto row = [](const char* line) {
            auto arguments = QString::fromLatin1(line).split(QLatin1Char(' '), Qt::SkipEmptyParts);
            if (*line && line[std::strlen(line) - 1] == ' ')
                arguments << QString(); // an empty argument
            QTest::newRow(line) << arguments;
        };
        row("");
        row("frobnicate");
        row("info");
        row("info a --frobnicate");
        row("--device tpu devices");
        row("--threads -1 devices");
        row("--threads 99999 devices");
        row("--seed -1 devices");
        row("demo --out ");
        row("tokenize a");
        row("tokenize a --text x --decode 1");
        row("select a --method best");
        row("select a --wbits 9");
        row("select a --set 3.mlp=magic");
        row("select a --set attention=affine");
        row("calibrate a --plan p --text t");
        row("calibrate a --plan p --text t --out o --blocks 4");
        row("evaluate a");
        row("evaluate a --text t --convention mine");
        row("evaluate a --reference b --tasks piqa");
        row("select a --method search");
        row("chat a --prompt x --top-p 2");
        row("chat a --prompt x --top-p 0");
        row("chat a --prompt x --max-tokens 0");
        row("quantize a --out o");
    }

    void wrongUsageExitsWith2()
    {
        QFETCH(QStringList, arguments);
        const auto run = runPlanish(arguments);
        COMPARE_CODE(run, 2);
        QVERIFY(run.out.isEmpty());
        QVERIFY(!run.err.isEmpty());
    }

    void wrongUsageIsAnObjectToo()
    {
        const auto run = runPlanish({"--json", "evaluate", "a"});
        COMPARE_CODE(run, 2);
        const auto error = run.json().value("error").toObject();
        QCOMPARE(error.value("kind").toString(), QStringLiteral("wrong_usage"));
        QVERIFY2(error.value("what").toString().contains("--text"), run.both().constData());
    }

    void aMissingModelExitsWith1AndNamesIt()
    {
        const auto plain = runPlanish({"info", "/no/such/model"});
        COMPARE_CODE(plain, 1);
        QVERIFY(plain.out.isEmpty());
        QVERIFY2(plain.err.contains("/no/such/model"), plain.err.constData());
        const auto run = runPlanish({"info", "/no/such/model", "--json"});
        COMPARE_CODE(run, 1);
        const auto error = run.json().value("error").toObject();
        QCOMPARE(error.value("kind").toString(), QStringLiteral("not_found"));
        QVERIFY(missingKeys(error, {"kind", "what", "context"}).isEmpty());
    }

    void truncatedWeightsExitWith1AndNameTheFile()
    {
        PLANISH_NEEDS(stories() / "hf");
        QTemporaryDir folder;
        const std::filesystem::path copy = folder.path().toStdString() + "/model";
        std::filesystem::copy(stories() / "hf", copy);
        const auto weights = copy / "model.safetensors";
        std::filesystem::permissions(weights, std::filesystem::perms::owner_write, std::filesystem::perm_options::add);
        std::filesystem::resize_file(weights, std::filesystem::file_size(weights) - 100);
        for (const auto& verb : {QStringList{"info", q(copy)}, QStringList{"profile", q(copy)}}) {
            const auto run = runPlanish(verb + QStringList{"--json"});
            COMPARE_CODE(run, 1);
            QVERIFY2(run.err.contains("model.safetensors"), run.err.constData());
            QCOMPARE(run.json().value("error").toObject().value("kind").toString(), QStringLiteral("corrupt"));
        }
    }

    void badRequestsNameFileAndLine()
    {
        PLANISH_NEEDS(stories() / "hf");
        QTemporaryDir folder;
        QFile requests(folder.filePath("requests.jsonl"));
        QVERIFY(requests.open(QIODevice::WriteOnly));
        requests.write("{\"ids\": [1, 2]}\n{\"context\": \"a\"}\n");
        requests.close();
        const auto run = runPlanish({"score", q(stories() / "hf"), "--requests", requests.fileName()});
        COMPARE_CODE(run, 1);
        QVERIFY2(run.err.contains("requests.jsonl: line 2"), run.err.constData());
    }

    void idsThatNoTokenHasAreRefused_data()
    {
        QTest::addColumn<QByteArray>("id");
        for (const auto* id : {"4294967298", "-4294967294", "9223372036854775809", "2.5", "true", "\"2\"", "9999"})
            QTest::newRow(id) << QByteArray(id);
    }

    void idsThatNoTokenHasAreRefused()
    {
        PLANISH_NEEDS(stories() / "hf");
        QFETCH(QByteArray, id);
        QTemporaryDir folder;
        QFile requests(folder.filePath("requests.jsonl"));
        QVERIFY(requests.open(QIODevice::WriteOnly));
        requests.write("{\"ids\": [1, " + id + "]}\n");
        requests.close();
        const auto run = runPlanish({"score", q(stories() / "hf"), "--requests", requests.fileName()});
        COMPARE_CODE(run, 1);
    }

    /** A NaN in a weight makes the perplexity none; the answer is which weight it is. */
    void aWeightThatIsNotANumberIsNamed()
    {
        PLANISH_NEEDS(stories() / "hf");
        QTemporaryDir folder;
        const auto source = QString::fromStdString((stories() / "hf").string());
        for (const auto& file : QDir(source).entryList(QDir::Files))
            QFile::copy(source + QLatin1Char('/') + file, folder.filePath(file));
        QFile weights(folder.filePath("model.safetensors"));
        weights.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        QVERIFY(weights.open(QIODevice::ReadWrite));
        std::uint64_t headerSize = 0;
        weights.read(reinterpret_cast<char*>(&headerSize), 8);
        const auto header = QJsonDocument::fromJson(weights.read(qint64(headerSize))).object();
        const auto name = QStringLiteral("model.layers.1.mlp.up_proj.weight");
        const auto begin = header.value(name).toObject().value("data_offsets").toArray().at(0).toInteger();
        const float nan = std::numeric_limits<float>::quiet_NaN();
        QVERIFY(weights.seek(qint64(8 + headerSize) + begin));
        weights.write(reinterpret_cast<const char*>(&nan), sizeof nan);
        weights.close();
        QFile text(folder.filePath("text.txt"));
        QVERIFY(text.open(QIODevice::WriteOnly));
        text.write(QByteArray("Once upon a time there was a cat. ").repeated(40));
        text.close();
        const auto run = runPlanish({"--json", "evaluate", folder.path(), "--text", text.fileName(), "--seqlen", "64"});
        COMPARE_CODE(run, 1);
        const auto error = run.json().value("error").toObject();
        QCOMPARE(error.value("kind").toString(), QStringLiteral("numeric"));
        QVERIFY2(error.value("context").toString().endsWith("model.safetensors: " + name), run.both().constData());
    }

    void theLogHoldsTheCommandItsEndAndErrors()
    {
        QTemporaryDir folder;
        const auto log = folder.filePath("log.txt");
        COMPARE_CODE(runPlanish({"--log", log, "devices"}), 0);
        COMPARE_CODE(runPlanish({"--log", log, "info", folder.filePath("absent")}), 1);
        QFile file(log);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto text = file.readAll();
        for (const auto* part : {"planish --threads 1 --log", "devices done in", "not_found", "absent"})
            QVERIFY2(text.contains(part), text.constData());
        COMPARE_CODE(runPlanish({"--log", folder.filePath("nowhere/log.txt"), "devices"}), 1);
        QVERIFY(!QDir(folder.filePath("nowhere")).exists());
    }

    /** The reader is gone before the answer is: an error of the write, told on standard error, not the end by a signal. */
    void aClosedPipeIsAFailure()
    {
        QProcess process;
        const auto line = QStringLiteral("(sleep 0.3; '%1' --json devices; echo code $? >&2) | (exec 0<&-)");
        process.start(QStringLiteral("sh"), {QStringLiteral("-c"), line.arg(planishBinary())});
        QVERIFY(process.waitForFinished(60000));
        const auto said = process.readAllStandardError();
        QVERIFY2(said.contains("standard output"), said.constData());
        QVERIFY2(said.contains("code 1"), said.constData());
    }

    /** What is written aside goes with the error, as on a full disk. */
    void aFileSizeLimitIsAFailureThatLeavesNothing()
    {
        QTemporaryDir folder;
        QProcess process;
        const auto line = QStringLiteral("ulimit -f 100; exec '%1' --json demo --out '%2'");
        process.start(QStringLiteral("sh"), {QStringLiteral("-c"), line.arg(planishBinary(), folder.filePath("demo"))});
        QVERIFY(process.waitForFinished(60000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 1);
        const auto error = QJsonDocument::fromJson(process.readAllStandardOutput()).object().value("error").toObject();
        QCOMPARE(error.value("kind").toString(), QStringLiteral("io"));
        QVERIFY(QDir(folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).isEmpty());
    }
};

QTEST_GUILESS_MAIN(CliErrorsTest)
#include "tst_cli_errors.moc"
