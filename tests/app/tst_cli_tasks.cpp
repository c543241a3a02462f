// SPDX-License-Identifier: Apache-2.0
// Zero-shot tasks on the command line, on the demo model and its items; evaluations that are killed and go on.
#include "tests/app/planish_process.h"
#include "tests/support/shared_data.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QtTest>

namespace {

const QString kDemo = QString::fromStdString(support::sourceFolder() + "/resources/demo");

} // namespace

class TestCliTasks : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    QString path(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }

    void write(const char* name, const QByteArray& content)
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }

private Q_SLOTS:
    void everyTaskOfTheDemoIsScored()
    {
        const auto run = runPlanish({"--json", "evaluate", kDemo, "--tasks",
                                     "arc_easy,arc_challenge,hellaswag,lambada_openai,piqa,winogrande", "--limit", "20",
                                     "--items-out", path("items.jsonl")});
        QVERIFY2(run.code == 0, run.both());
        const auto tasks = run.json().value("tasks").toArray();
        QCOMPARE(tasks.size(), 6);
        for (const auto& entry : tasks) {
            const auto task = entry.toObject();
            const auto name = task.value("task").toString();
            QCOMPARE(task.value("n").toInt(), 20);
            QCOMPARE(task.value("left_out").toInt(), 0);
            QVERIFY(task.value("acc").isDouble() && task.value("acc_stderr").isDouble());
            QCOMPARE(task.value("acc_norm").isDouble(), name != "winogrande" && name != "lambada_openai");
            QCOMPARE(task.value("perplexity").isDouble(), name == "lambada_openai");
            QCOMPARE(task.value("perplexity_stderr").isDouble(), name == "lambada_openai");
            QVERIFY(task.value("file").toString().contains(name));
        }
        const auto items = contentOf(path("items.jsonl")).trimmed().split('\n');
        QCOMPARE(items.size(), 120);
        const auto first = QJsonDocument::fromJson(items.first()).object();
        QCOMPARE(first.value("task").toString(), QStringLiteral("arc_easy"));
        QCOMPARE(first.value("log_probabilities").toArray().size(), first.value("choices").toArray().size());
        for (const auto* key : {"index", "id", "question", "gold", "chosen", "chosen_norm", "correct", "correct_norm"})
            QVERIFY2(first.contains(QLatin1String(key)), key);

        const auto text = runPlanish({"evaluate", kDemo, "--tasks", "piqa", "--limit", "20"});
        QVERIFY2(text.code == 0 && text.out.contains("piqa") && text.out.contains("acc_norm"), text.both());
    }

    void ownItemsAreScored()
    {
        // The first demo question and its answers turned round.
        write("own.jsonl",
              "{\"query\": \"Question: Where does Arno live?\\nAnswer:\", \"choices\": [\"Redcliff\", \"Pinewood\"], "
              "\"gold\": 1}\n"
              "{\"query\": \"Question: Where does Arno live?\\nAnswer:\", \"choices\": [\"Pinewood\", \"Redcliff\"], "
              "\"gold\": 0}\n");
        const auto run = runPlanish({"--json", "evaluate", kDemo, "--items", path("own.jsonl")});
        QVERIFY2(run.code == 0, run.both());
        const auto task = run.json().value("tasks").toArray().first().toObject();
        QCOMPARE(task.value("task").toString(), QStringLiteral("own"));
        QCOMPARE(task.value("n").toInt(), 2);
        const double acc = task.value("acc").toDouble();
        QVERIFY(acc == 0.0 || acc == 1.0); // the same answer both times, wherever it stands
        write("bad.jsonl", "{\"query\": \"q\", \"choices\": [\"a\"], \"gold\": 0}\n{\"query\": \"q\", \"gold\": 0}\n");
        const auto bad = runPlanish({"--json", "evaluate", kDemo, "--items", path("bad.jsonl")});
        QCOMPARE(bad.code, 1);
        for (const auto* fragment : {"line 2", "choices", "bad.jsonl"})
            QVERIFY2(bad.out.contains(fragment), bad.both());
    }

    void wrongUsageAndMissingItemsAreTold()
    {
        QCOMPARE(runPlanish({"evaluate", kDemo}).code, 2);
        QCOMPARE(runPlanish({"evaluate", kDemo, "--tasks", "piqa", "--limit", "-1"}).code, 2);
        QCOMPARE(runPlanish({"evaluate", kDemo, "--tasks", "piqa", "--batch-tokens", "0"}).code, 2);
        const auto unknown = runPlanish({"evaluate", kDemo, "--tasks", "mmlu"});
        QCOMPARE(unknown.code, 1);
        QVERIFY2(unknown.err.contains("mmlu") && unknown.err.contains("hellaswag"), unknown.both());
        const auto missing = runPlanish({"evaluate", kDemo, "--tasks", "piqa", "--tasks-dir", m_folder.path()});
        QCOMPARE(missing.code, 1);
        QVERIFY2(missing.err.contains("piqa=FILE"), missing.both());
    }

    void aKilledEvaluationLosesAtMostOnePass_data()
    {
        QTest::addColumn<QStringList>("work");
        // Small passes, so that there are enough to be killed at.
        QTest::newRow("tasks") << QStringList{
            "--tasks", "arc_easy,winogrande,lambada_openai", "--limit", "60", "--batch-tokens", "64"};
        QTest::newRow("divergence") << QStringList{"--text", kDemo + "/test.txt", "--seqlen",
                                                   "512",    "--reference",       kDemo};
        QTest::newRow("perplexity") << QStringList{"--text", kDemo + "/test.txt", "--seqlen", "512"};
    }

    void aKilledEvaluationLosesAtMostOnePass()
    {
        // What is resumed gives what a whole run gives, digit by digit.
        QFETCH(QStringList, work);
        auto arguments = QStringList{"--quiet", "--json", "evaluate", kDemo} + work;
        const auto whole = runPlanish(arguments);
        QVERIFY2(whole.code == 0, whole.both());
        const auto journal = m_folder.filePath(QString::fromLatin1(QTest::currentDataTag()) + ".journal");
        arguments << "--journal" << journal;
        qint64 lines = 0;
        int grew = 0;
        constexpr int kKills = 25; // in each row
        for (int kill = 0; kill < kKills; ++kill) {
            QProcess process;
            startPlanish(process, QStringList{"--threads", "1"} + arguments);
            QVERIFY(process.waitForStarted());
            const auto before = QFileInfo(journal).size();
            // Some are killed before they do anything, most when they have just written.
            const bool atOnce = kill % 10 == 9;
            QTRY_VERIFY_WITH_TIMEOUT(
                atOnce || process.state() == QProcess::NotRunning || QFileInfo(journal).size() > before, 60000);
            process.kill();
            QVERIFY(process.state() == QProcess::NotRunning || process.waitForFinished(60000));
            const auto kept = contentOf(journal).count('\n');
            QVERIFY(kept >= lines); // nothing that was finished is lost
            grew += kept > lines;
            lines = kept;
        }
        QVERIFY2(grew >= 5, qPrintable(QString::number(grew)));
        const auto resumed = runPlanish(arguments);
        QVERIFY2(resumed.code == 0, resumed.both());
        QCOMPARE(resumed.json().value("tasks"), whole.json().value("tasks"));
        QCOMPARE(resumed.json().value("perplexity"), whole.json().value("perplexity"));
        const auto size = QFileInfo(journal).size();
        QCOMPARE(runPlanish(arguments).code, 0); // all of it comes from the journal
        QCOMPARE(QFileInfo(journal).size(), size);
    }

    void theJournalBesideAResultGoesWhenItIsWritten()
    {
        const auto run = runPlanish({"evaluate", kDemo, "--tasks", "piqa", "--limit", "5", "--out", path("r.json")});
        QVERIFY2(run.code == 0, run.both());
        QVERIFY(QFileInfo::exists(path("r.json")));
        QVERIFY(!QFileInfo::exists(path("r.json.journal")));
        write("r.json.journal", "something else\n");
        const auto refused =
            runPlanish({"evaluate", kDemo, "--tasks", "piqa", "--limit", "5", "--out", path("r.json")});
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.err.contains("no journal"), refused.both());
    }
};

QTEST_GUILESS_MAIN(TestCliTasks)
#include "tst_cli_tasks.moc"
