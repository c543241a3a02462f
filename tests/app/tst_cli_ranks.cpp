// SPDX-License-Identifier: Apache-2.0
// Several processes that calibrate one model, started as torchrun starts them.
#include "tests/app/planish_process.h"
#include "tests/support/free_port.h"
#include "tests/support/stories.h"

#include <QtTest>

#include <csignal>
#include <filesystem>
#include <functional>

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

    QStringList search(const char* out, int epochs) const
    {
        return {"select",        model(),
                "--method",      "search",
                "--text",        q(support::storiesText()),
                "--samples",     "8",
                "--seqlen",      "64",
                "--epochs",      QString::number(epochs),
                "--batch",       "2",
                "--checkpoints", path(out) + ".search",
                "--losses-out",  path(out) + ".losses",
                "--out",         path(out),
                "--json"};
    }

    /** Files in a folder with this ending. */
    static int filesIn(const QString& folder, const char* ending)
    {
        int count = 0;
        const fs::path at = folder.toStdString();
        if (fs::exists(at))
            for (const auto& entry : fs::directory_iterator(at))
                count += entry.path().extension() == ending ? 1 : 0;
        return count;
    }

    static constexpr int kLongEpochs = 30; // blocks long enough for both ranks to be in the midst of one

    struct DeadRank
    {
        int survivor = -1; // exit code of rank 0
        QByteArray said;
    };

    /** Kills rank 1 once blocks are finished and others left, and waits for rank 0. */
    static DeadRank killTheSecondOfTwo(const QStringList& arguments, const std::function<int()>& finished)
    {
        const int port = support::freePort();
        QProcess first, second;
        startRank(second, 1, 2, port, arguments);
        startRank(first, 0, 2, port, arguments);
        if (!QTest::qWaitFor([&] { return finished() > 1; }, 120000))
            return {.survivor = -1, .said = "no block was finished in two minutes"};
        ::kill(pid_t(second.processId()), SIGKILL);
        if (!second.waitForFinished(10000) || !first.waitForFinished(240000))
            return {.survivor = -1, .said = "the ranks do not end"};
        return {.survivor = first.exitCode(), .said = first.readAllStandardError()};
    }

    /** Five blocks by two ranks, of which the second dies: what rank 0 says, and the rest after --resume. `commandFor` writes to the file
        or folder of the name it is given, its finished blocks to that with `work` behind. The name, empty where something is wrong. */
    QByteArray resumeAfterADeath(const std::function<QStringList(const QByteArray&)>& commandFor, const char* work,
                                 const char* ending) const
    {
        // Between two blocks a rank has nothing in hand, and the others do the whole work without it: then once more.
        QByteArray name;
        DeadRank dead;
        const auto finished = [&] { return filesIn(path(name + work), ending); };
        for (int attempt = 0; attempt < 8 && dead.survivor != 1; ++attempt) {
            name = work + QByteArray("-broken-") + QByteArray::number(attempt);
            dead = killTheSecondOfTwo(commandFor(name), finished);
        }
        const bool right = dead.survivor == 1 && dead.said.contains("rank 1 fell silent")
            && dead.said.contains("--resume") && !fs::exists(path(name).toStdString()) && finished() == 4;
        const auto resumed = right ? runPlanish(commandFor(name) + QStringList{"--resume"}) : PlanishRun();
        if (resumed.code != 0)
            qWarning("%s", (dead.said + resumed.both()).constData());
        return resumed.code == 0 ? name : QByteArray();
    }

private Q_SLOTS:
    void initTestCase()
    {
        PLANISH_NEEDS(support::storiesModel());
        QCOMPARE(runPlanish({"select", model(), "--method", "all-affine", "--out", path("plan.json")}).code, 0);
        QCOMPARE(runPlanish(calibration("bundle", 1)).code, 0);
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
        const auto name = resumeAfterADeath([&](const QByteArray& out) { return calibration(out, kLongEpochs); },
                                            ".work", ".safetensors");
        QVERIFY(!name.isEmpty());
        QVERIFY(contentOf(path(name + "/model.safetensors")) == contentOf(path("whole/model.safetensors")));
    }

    void twoRanksFindThePlanThatOneFinds()
    {
        const auto one = runPlanish(search("searched-alone", 4));
        QVERIFY2(one.code == 0, one.both().constData());
        const int port = support::freePort();
        QProcess second, first;
        startRank(second, 1, 2, port, search("searched-shared", 4));
        startRank(first, 0, 2, port, search("searched-shared", 4));
        QVERIFY(first.waitForFinished(240000) && second.waitForFinished(240000));
        const auto said = first.readAllStandardError() + second.readAllStandardError();
        QVERIFY2(first.exitCode() == 0 && second.exitCode() == 0, said.constData());
        QVERIFY(second.readAllStandardOutput().isEmpty());
        for (const auto* ending : {"", ".losses"}) {
            const auto expected = contentOf(path("searched-alone") + ending);
            QVERIFY(expected.size() > 1000);
            QVERIFY2(contentOf(path("searched-shared") + ending) == expected, ending);
        }
    }

    void aSearchThatLostARankGoesOnFromItsBlocks()
    {
        constexpr int kEpochs = 20;
        const auto one = runPlanish(search("search-whole", kEpochs));
        QVERIFY2(one.code == 0, one.both().constData());
        const auto name =
            resumeAfterADeath([&](const QByteArray& out) { return search(out, kEpochs); }, ".search", ".json");
        QVERIFY(!name.isEmpty());
        QVERIFY(contentOf(path(name)) == contentOf(path("search-whole")));
    }

    /** Perplexity, divergence and tasks: the same numbers, and one result. */
    void twoRanksEvaluateAsOne_data()
    {
        QTest::addColumn<QStringList>("what");
        const auto text = q(support::storiesText());
        QTest::newRow("perplexity") << QStringList{"--text", text, "--seqlen", "128", "--limit-tokens", "40000"};
        QTest::newRow("divergence") << QStringList{"--text", text,          "--seqlen", "128",         "--limit-tokens",
                                                   "20000",  "--reference", model(),    "--per-token", "tokens"};
        const auto demo = QString::fromStdString(support::sourceFolder() + "/resources/demo");
        QTest::newRow("tasks") << QStringList{
            "--tasks", "piqa,lambada_openai", "--tasks-dir", demo + "/tasks", "--limit", "60"};
    }

    void twoRanksEvaluateAsOne()
    {
        QFETCH(QStringList, what);
        const auto evaluation = [&](const char* who) {
            auto arguments = QStringList{"evaluate", path("bundle")} + what + QStringList{"--json"};
            if (const auto at = arguments.indexOf("tokens"); at >= 0)
                arguments[at] = path(who);
            return arguments;
        };
        const auto facts = [](const QByteArray& json) {
            const auto object = QJsonDocument::fromJson(json).object();
            return QJsonDocument(QJsonObject{{"perplexity", object.value("perplexity")},
                                             {"divergence", object.value("divergence")},
                                             {"tasks", object.value("tasks")}})
                .toJson();
        };
        const auto one = runPlanish(evaluation("tokens-alone"));
        QVERIFY2(one.code == 0, one.both().constData());
        const int port = support::freePort();
        QProcess second, first;
        startRank(second, 1, 2, port, evaluation("tokens-shared"));
        startRank(first, 0, 2, port, evaluation("tokens-shared"));
        QVERIFY(first.waitForFinished(240000) && second.waitForFinished(240000));
        const auto said = first.readAllStandardError() + second.readAllStandardError();
        QVERIFY2(first.exitCode() == 0 && second.exitCode() == 0, said.constData());
        QVERIFY(second.readAllStandardOutput().isEmpty());
        const auto expected = facts(one.out);
        QVERIFY(expected.size() > 300);
        QCOMPARE(facts(first.readAllStandardOutput()), expected);
        if (what.contains("tokens"))
            QVERIFY(contentOf(path("tokens-shared")) == contentOf(path("tokens-alone")));
    }

    /** The others finish what a dead rank had in hand; where the first dies, the next start goes on from its journal. */
    void anEvaluationOutlivesARank()
    {
        const auto evaluation = [&](const QStringList& more) {
            return QStringList{"evaluate", model(), "--text", q(support::storiesText()), "--seqlen", "128", "--json"}
            + more;
        };
        const auto value = [](const QByteArray& json) {
            return QJsonDocument::fromJson(json).object().value("perplexity").toObject().value("nll_sum").toDouble();
        };
        const auto one = runPlanish(evaluation({}));
        QVERIFY2(one.code == 0, one.both().constData());
        for (const int dying : {1, 0}) {
            const auto journal = path(dying == 1 ? "second.journal" : "first.journal");
            const auto arguments = evaluation({"--journal", journal});
            const int port = support::freePort();
            QProcess ranks[2];
            startRank(ranks[1], 1, 2, port, arguments);
            startRank(ranks[0], 0, 2, port, arguments);
            QTRY_VERIFY_WITH_TIMEOUT(contentOf(journal).count('\n') > 8, 120000);
            ::kill(pid_t(ranks[dying].processId()), SIGKILL);
            QVERIFY(ranks[dying].waitForFinished(10000));
            auto& other = ranks[1 - dying];
            QVERIFY(other.waitForFinished(240000));
            if (dying == 1) {
                QCOMPARE(other.exitCode(), 0);
                QCOMPARE(value(other.readAllStandardOutput()), value(one.out));
            } else {
                QCOMPARE(other.exitCode(), 1);
                const auto said = other.readAllStandardError(); // on a busy machine it may not have joined yet
                QVERIFY2(said.contains("rank 0 fell silent") || said.contains("cannot join the others"),
                         said.constData());
                const auto resumed = runPlanish(arguments);
                QVERIFY2(resumed.code == 0, resumed.both().constData());
                QCOMPARE(value(resumed.out), value(one.out));
            }
        }
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
