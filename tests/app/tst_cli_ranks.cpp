// SPDX-License-Identifier: Apache-2.0
// Several processes that calibrate one model, started as torchrun starts them.
#include "tests/app/planish_process.h"
#include "tests/support/free_port.h"
#include "tests/support/stories.h"

#include <QtTest>

#include <csignal>
#include <filesystem>

namespace {

namespace fs = std::filesystem;

QString model()
{
    return q(support::storiesModel());
}

void startRank(QProcess& process, int rank, int size, int port, const QStringList& arguments)
{
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("OMP_NUM_THREADS", "1");
    environment.insert("RANK", QString::number(rank));
    environment.insert("LOCAL_RANK", QString::number(rank));
    environment.insert("WORLD_SIZE", QString::number(size));
    environment.insert("MASTER_ADDR", "127.0.0.1");
    environment.insert("MASTER_PORT", QString::number(port));
    environment.insert("PLANISH_RANK_PATIENCE", "12");
    process.setProcessEnvironment(environment);
    process.start(planishBinary(), QStringList{"--threads", "1"} + arguments);
}

} // namespace

class CliRanksTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }

    QStringList calibration(const char* out, int epochs, const char* finish = "rtn") const
    {
        const auto text = q(support::storiesText());
        return {"calibrate", model(),   "--plan",   path("plan.json"),       "--text",  text, "--samples", "8",
                "--seqlen",  "64",      "--epochs", QString::number(epochs), "--batch", "4",  "--finish",  finish,
                "--out",     path(out), "--json"};
    }

    static constexpr int kLongEpochs = 30; // blocks long enough for both ranks to be in the midst of one

    int finishedBlocks(const QByteArray& out) const
    {
        const fs::path work = path(out + ".work").toStdString();
        int count = 0;
        if (fs::exists(work))
            for (const auto& entry : fs::directory_iterator(work))
                count += entry.path().extension() == ".safetensors" ? 1 : 0;
        return count;
    }

    struct DeadRank
    {
        int survivor = -1; // exit code of rank 0
        QByteArray said;
    };

    /** Kills rank 1 once blocks are finished and others left, and waits for rank 0. */
    DeadRank killTheSecondOfTwo(const QByteArray& out) const
    {
        const int port = support::freePort();
        QProcess first, second;
        startRank(second, 1, 2, port, calibration(out, kLongEpochs));
        startRank(first, 0, 2, port, calibration(out, kLongEpochs));
        if (!QTest::qWaitFor([&] { return finishedBlocks(out) > 1; }, 120000))
            return {.survivor = -1, .said = "no block was finished in two minutes"};
        ::kill(pid_t(second.processId()), SIGKILL);
        if (!second.waitForFinished(10000) || !first.waitForFinished(240000))
            return {.survivor = -1, .said = "the ranks do not end"};
        return {.survivor = first.exitCode(), .said = first.readAllStandardError()};
    }

private Q_SLOTS:
    void initTestCase()
    {
        PLANISH_NEEDS(support::storiesModel());
        QCOMPARE(runPlanish({"select", model(), "--method", "all-affine", "--out", path("plan.json")}).code, 0);
    }

    void twoRanksMakeTheBundleThatOneMakes_data()
    {
        QTest::addColumn<QByteArray>("finish");
        QTest::newRow("rtn") << QByteArray("rtn");
        QTest::newRow("gptq") << QByteArray("gptq");
    }

    void twoRanksMakeTheBundleThatOneMakes()
    {
        QFETCH(QByteArray, finish);
        const auto alone = "alone-" + finish;
        const auto shared = "shared-" + finish;
        const auto one = runPlanish(calibration(alone, 3, finish));
        QVERIFY2(one.code == 0, one.both().constData());
        const int port = support::freePort();
        QProcess second, first;
        startRank(second, 1, 2, port, calibration(shared, 3, finish)); // waits for the first
        startRank(first, 0, 2, port, calibration(shared, 3, finish));
        QVERIFY(first.waitForFinished(240000) && second.waitForFinished(240000));
        const auto said = first.readAllStandardError() + second.readAllStandardError();
        QVERIFY2(first.exitCode() == 0 && second.exitCode() == 0, said.constData());
        QVERIFY(second.readAllStandardOutput().isEmpty()); // one voice
        const auto report = QJsonDocument::fromJson(first.readAllStandardOutput()).object();
        QCOMPARE(report.value("blocks").toArray().size(), 5);
        for (const auto* file : {"/model.safetensors", "/plan.json"}) {
            const auto expected = contentOf(path(alone) + file);
            QVERIFY(expected.size() > 100);
            QVERIFY2(contentOf(path(shared) + file) == expected, file);
        }
    }

    void theNumberOfThreadsChangesNothing()
    {
        for (const auto* threads : {"1", "2"}) {
            QProcess process;
            process.start(planishBinary(),
                          QStringList{"--threads", threads} + calibration(QByteArray("threads-") + threads, 3));
            QVERIFY(process.waitForFinished(240000));
            QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
        }
        const auto expected = contentOf(path("threads-1/model.safetensors"));
        QVERIFY(expected.size() > 100);
        QVERIFY(contentOf(path("threads-2/model.safetensors")) == expected);
    }

    void aRankThatDiesLosesOnlyWhatItHadInHand()
    {
        const auto one = runPlanish(calibration("whole", kLongEpochs));
        QVERIFY2(one.code == 0, one.both().constData());
        // Between two blocks a rank has nothing in hand, and the others do the whole work without it: then once more.
        QByteArray name;
        DeadRank dead;
        for (int attempt = 0; attempt < 8 && dead.survivor != 1; ++attempt) {
            name = "broken-" + QByteArray::number(attempt);
            dead = killTheSecondOfTwo(name);
        }
        QVERIFY2(dead.survivor == 1, dead.said.constData());
        QVERIFY2(dead.said.contains("rank 1 fell silent") && dead.said.contains("--resume"), dead.said.constData());
        QVERIFY(!fs::exists(path(name).toStdString()));
        QCOMPARE(finishedBlocks(name), 4);

        const auto resumed = runPlanish(calibration(name, kLongEpochs) + QStringList{"--resume"});
        QVERIFY2(resumed.code == 0, resumed.both().constData());
        QVERIFY(contentOf(path(name + "/model.safetensors")) == contentOf(path("whole/model.safetensors")));
    }

    void anEnvironmentThatMakesNoSenseIsRefused()
    {
        QProcess process;
        startRank(process, 5, 2, 29500, calibration("never", 1));
        QVERIFY(process.waitForFinished(60000));
        QCOMPARE(process.exitCode(), 1);
        QVERIFY(process.readAllStandardError().contains("RANK is '5'"));
    }
};

QTEST_GUILESS_MAIN(CliRanksTest)
#include "tst_cli_ranks.moc"
