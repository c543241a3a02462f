// SPDX-License-Identifier: Apache-2.0
#include "tests/app/planish_process.h"

#include <QtTest>

#include <cmath>

class TestCliBench : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void measuresAKernelBesideItsReference_data()
    {
        QTest::addColumn<QString>("kernel");
        QTest::addColumn<QString>("shape");
        QTest::addColumn<int>("lines");
        QTest::newRow("statistics") << "statistics"
                                    << "64x96" << 1;
        QTest::newRow("rounding") << "round"
                                  << "16x64" << 2;
        QTest::newRow("W4A4") << "w4a4"
                              << "5x96x40" << 2;
        QTest::newRow("W8A8") << "w8a8"
                              << "5x96x40" << 2;
        QTest::newRow("packed weights") << "w4a16"
                                        << "1x96x40" << 6;
        QTest::newRow("packed caches") << "kv4"
                                       << "2x2x50x32" << 1;
        QTest::newRow("attention") << "attention"
                                   << "2x2x50x32" << 1;
        QTest::newRow("decoding") << "decode"
                                  << "64x128x2x4" << 3;
    }

    void measuresAKernelBesideItsReference()
    {
        QFETCH(QString, kernel);
        QFETCH(QString, shape);
        QFETCH(int, lines);
        const auto run =
            runPlanish({"--device", "cpu", "bench", "--kernel", kernel, "--shape", shape, "--repeat", "1", "--json"});
        QVERIFY2(run.code == 0, run.both().constData());
        const auto json = run.json();
        for (const auto* key : {"schema", "command", "version", "seconds", "device", "threads", "limits", "results"})
            QVERIFY2(json.contains(QLatin1String(key)), key);
        QCOMPARE(json.value("command").toString(), QStringLiteral("bench"));
        QCOMPARE(json.value("device").toString(), QStringLiteral("cpu"));
        QVERIFY(json.value("limits").toObject().value("read_bytes_per_second").toDouble() > 0.0);
        const auto results = json.value("results").toArray();
        QCOMPARE(results.size(), lines);
        for (const auto& value : results) {
            const auto line = value.toObject();
            QVERIFY(!line.value("name").toString().isEmpty() && !line.value("shape").toString().isEmpty());
            QVERIFY(!line.value("reference_name").toString().isEmpty() && !line.value("limit").toString().isEmpty());
            const double ours = line.value("ours").toDouble();
            const double reference = line.value("reference").toDouble();
            QVERIFY(ours > 0.0 && reference > 0.0 && line.value("limit_fraction").toDouble() > 0.0);
            QVERIFY(std::abs(line.value("ratio").toDouble() - reference / ours) < 1e-9 * reference / ours);
        }
    }

    void refusesWhatItDoesNotKnow()
    {
        const auto unknown = runPlanish({"bench", "--kernel", "teleport", "--json"});
        QVERIFY2(unknown.code == 1, unknown.both().constData());
        QVERIFY(unknown.json().value("error").toObject().value("what").toString().contains("w4a4"));
        const auto wrongLength = runPlanish({"bench", "--kernel", "w4a4", "--shape", "64x64", "--json"});
        QVERIFY2(wrongLength.code == 1, wrongLength.both().constData());
        for (const auto* shape : {"64x", "x64", "64y64", "", "-3x4", "12345678901x2"})
            QVERIFY2(runPlanish({"bench", "--kernel", "w4a4", "--shape", shape}).code == 2, shape);
        QCOMPARE(runPlanish({"bench", "--repeat", "0"}).code, 2);
    }
};

QTEST_GUILESS_MAIN(TestCliBench)
#include "tst_cli_bench.moc"
