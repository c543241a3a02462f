// SPDX-License-Identifier: Apache-2.0
#include "core/eval/wilson_interval.h"

#include <QtTest>

class TestWilsonInterval : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalsScipy_data()
    {
        QTest::addColumn<int>("right");
        QTest::addColumn<int>("count");
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        // scipy 1.17.1: binomtest(k, n).proportion_ci(method="wilson")
        QTest::newRow("some") << 177 << 200 << 0.833353 << 0.922136;
        QTest::newRow("all") << 200 << 200 << 0.981155 << 1.000000;
        QTest::newRow("none") << 0 << 40 << 0.000000 << 0.087622;
        QTest::newRow("half of two") << 1 << 2 << 0.094531 << 0.905469;
    }

    void equalsScipy()
    {
        QFETCH(int, right);
        QFETCH(int, count);
        const auto [low, high] = core::wilsonInterval(double(right) / count, count);
        QTEST(std::round(low * 1e6) / 1e6 + 0.0, "low");
        QTEST(std::round(high * 1e6) / 1e6 + 0.0, "high");
    }

    void withoutAnswersNothingIsKnown() { QCOMPARE(core::wilsonInterval(0.0, 0), std::pair(0.0, 1.0)); }
};

QTEST_GUILESS_MAIN(TestWilsonInterval)
#include "tst_wilson_interval.moc"
