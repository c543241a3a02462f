// SPDX-License-Identifier: Apache-2.0
#include "core/stats/running_mean.h"

#include <QtTest>

#include <limits>

using core::RunningMean;

class RunningMeanTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void standardErrorIsTheSampleDeviationOverRootN()
    {
        RunningMean mean;
        for (const double value : {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0})
            mean.add(value);
        QCOMPARE(mean.mean(), 5.0);
        QCOMPARE(mean.sum(), 40.0);
        QCOMPARE(mean.standardError(), std::sqrt(32.0 / 7.0 / 8.0)); // squares of differences: 32
    }

    void aLargeOffsetCostsNoDigits()
    {
        RunningMean mean;
        for (const double value : {1e9 + 1.0, 1e9 + 2.0, 1e9 + 3.0})
            mean.add(value);
        QCOMPARE(mean.standardError(), std::sqrt(1.0 / 3.0)); // mean(x^2) - mean(x)^2 would give 0 or worse
    }

    void fewerThanTwoValuesHaveNoError()
    {
        RunningMean mean;
        QCOMPARE(mean.mean(), 0.0);
        mean.add(3.0);
        QCOMPARE(mean.mean(), 3.0);
        QCOMPARE(mean.standardError(), 0.0);
    }

    void notANumberIsNotHidden()
    {
        RunningMean mean;
        mean.add(1.0);
        mean.add(std::numeric_limits<double>::quiet_NaN());
        mean.add(1.0);
        QVERIFY(std::isnan(mean.mean()));
        QVERIFY(std::isnan(mean.standardError()));
    }
};

QTEST_GUILESS_MAIN(RunningMeanTest)
#include "tst_running_mean.moc"
