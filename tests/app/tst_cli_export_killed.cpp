// SPDX-License-Identifier: Apache-2.0
// An export that is killed: what stands under the chosen name is nothing or whole, and the next export is as good as any.
#include "tests/app/planish_process.h"

#include <QDir>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

namespace {

constexpr int kKills = 6;
constexpr quint32 kSeed = 20'251'117;

/** name -> content of the files in `path`, or of that file; the description, which holds the time of writing, is left out. */
QMap<QString, QByteArray> filesOf(const QString& path)
{
    if (QFileInfo(path).isFile())
        return {{QString(), contentOf(path)}};
    QMap<QString, QByteArray> files;
    for (const auto& name : QDir(path).entryList(QDir::Files))
        if (name != QLatin1String("planish_export.json") && name != QLatin1String("README.md"))
            files.insert(name, contentOf(path + QLatin1Char('/') + name));
    return files;
}

} // namespace

class TestCliExportKilled : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    QString path(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }

private Q_SLOTS:
    void initTestCase()
    {
        const auto demo = path("demo");
        COMPARE_CODE(runPlanish({"demo", "--out", demo}), 0);
        COMPARE_CODE(runPlanish({"select", demo, "--method", "all-affine", "--out", path("plan.json")}), 0);
        COMPARE_CODE(
            runPlanish({"calibrate", demo, "--plan", path("plan.json"), "--text", demo + "/calibration.txt",
                        "--samples", "4", "--seqlen", "32", "--epochs", "1", "--batch", "4", "--out", path("bundle")}),
            0);
    }

    void whatIsLeftIsNothingOrWhole_data()
    {
        QTest::addColumn<QString>("format");
        QTest::newRow("a folder") << "hf";
        QTest::newRow("a file") << "gguf";
    }

    void whatIsLeftIsNothingOrWhole()
    {
        QFETCH(QString, format);
        const auto target = [&](const char* name) {
            return path(name) + (format == QLatin1String("gguf") ? QStringLiteral(".gguf") : QString());
        };
        const QStringList verb{"--threads", "1", "export", path("bundle"), "--format", format, "--out"};
        QElapsedTimer clock;
        clock.start();
        COMPARE_CODE(runPlanish(QStringList(verb).mid(2) << target("whole")), 0);
        const auto whole = filesOf(target("whole"));
        QVERIFY(!whole.isEmpty() && !whole.first().isEmpty());
        const auto takesMs = static_cast<quint32>(clock.elapsed());
        QRandomGenerator random(kSeed);
        int killed = 0;
        for (int i = 0; i < kKills; ++i) {
            QProcess process;
            startPlanish(process, QStringList(verb) << target("out"));
            QVERIFY(process.waitForStarted());
            const bool ended = process.waitForFinished(static_cast<int>(random.bounded(takesMs)));
            if (!ended) {
                process.kill();
                QVERIFY(process.waitForFinished());
                ++killed;
            }
            if (QFileInfo::exists(target("out")))
                QCOMPARE(filesOf(target("out")), whole);
        }
        QVERIFY(killed > 0);
        COMPARE_CODE(runPlanish(QStringList(verb).mid(2) << target("out")), 0);
        QCOMPARE(filesOf(target("out")), whole);
        const auto left =
            QDir(m_folder.path()).entryList({QStringLiteral("*.partial*")}, QDir::AllEntries | QDir::Hidden);
        QVERIFY2(left.isEmpty(), qPrintable(left.join(QLatin1Char(' ')))); // what the killed ones left is cleared away
    }
};

QTEST_GUILESS_MAIN(TestCliExportKilled)
#include "tst_cli_export_killed.moc"
