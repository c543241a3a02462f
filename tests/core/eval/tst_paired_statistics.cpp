// SPDX-License-Identifier: Apache-2.0
#include "core/eval/paired_statistics.h"

#include <QtTest>

#include <cmath>
#include <limits>
#include <vector>

using namespace core;

namespace {

bool near(double value, double expected, double relative)
{
    return std::abs(value - expected) <= relative * std::abs(expected);
}

} // namespace

class PairedStatisticsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** scipy 1.17.1: stats.binomtest(3, 12, 0.5).pvalue, (10, 15), (120, 300). */
    void mcnemarIsTheExactBinomialTest()
    {
        QVERIFY(near(mcnemarExact(3, 9), 0.14599609375, 1e-12));
        QVERIFY(near(mcnemarExact(10, 5), 0.30175781249999994, 1e-12));
        QVERIFY(near(mcnemarExact(120, 180), 0.0006342200069283566, 1e-10));
        QCOMPARE(mcnemarExact(0, 0), 1.0);
        QCOMPARE(mcnemarExact(4, 4), 1.0);
        QVERIFY(near(mcnemarExact(0, 10), 2.0 / 1024.0, 1e-12)); // by hand
    }

    /** scipy 1.17.1: 2 * stats.t.sf(2, 5), (0.3, 1), (4.5, 250), (1e-3, 3). */
    void studentsTailsAreScipys()
    {
        QVERIFY(near(studentTwoSided(2.0, 5.0), 0.10193947882985835, 1e-12));
        QVERIFY(near(studentTwoSided(-0.3, 1.0), 0.8144528418445154, 1e-12));
        QVERIFY(near(studentTwoSided(4.5, 250.0), 1.041920255598533e-05, 1e-10));
        QVERIFY(near(studentTwoSided(1e-3, 3.0), 0.9992648949694609, 1e-12));
        QCOMPARE(studentTwoSided(0.0, 7.0), 1.0);
        QCOMPARE(studentTwoSided(std::numeric_limits<double>::infinity(), 7.0), 0.0);
        QVERIFY(std::isnan(studentTwoSided(std::nan(""), 7.0)));
    }

    /** scipy 1.17.1: stats.t.isf(0.025, 1), 9, 1e6. */
    void criticalValuesAreScipys()
    {
        QVERIFY(near(studentCritical(0.05, 1.0), 12.706204736174705, 1e-10));
        QVERIFY(near(studentCritical(0.05, 9.0), 2.2621571627982053, 1e-10));
        QVERIFY(near(studentCritical(0.05, 1e6), 1.9599663568141072, 1e-8));
    }

    /** scipy 1.17.1: r = stats.ttest_1samp([0.12, -0.05, 0.31, 0.08, 0.02, 0.17], 0); r.pvalue, r.confidence_interval(0.95). */
    void pairedDifferencesHaveScipysIntervalAndP()
    {
        const std::vector<double> differences{0.12, -0.05, 0.31, 0.08, 0.02, 0.17};
        const auto result = pairedMean(differences);
        QVERIFY(near(result.mean, 0.10833333333333334, 1e-12));
        QVERIFY(near(result.stderror, 0.05108272158415647, 1e-12));
        QVERIFY(near(result.pValue, 0.08742321846139957, 1e-10));
        QVERIFY(near(result.interval.low, -0.022978982885766358, 1e-8));
        QVERIFY(near(result.interval.high, 0.23964564955243303, 1e-9));
        QCOMPARE(pairedMean(std::vector<double>{0.5}).pValue, 1.0);
        QCOMPARE(pairedMean(std::vector<double>{0.0, 0.0, 0.0}).pValue, 1.0);
        QCOMPARE(pairedMean(std::vector<double>{0.5, 0.5, 0.5}).pValue, 0.0);
    }

    /** For many values the bootstrap's interval is that of the normal law: mean +- 1.96 sd / sqrt(n). Here 0 or 1 in equal parts, n =
        400: 0.5 +- 1.96 * 0.5 / 20 = 0.5 +- 0.049, with 10,000 draws known to about 2 % of its width. */
    void theBootstrapFindsTheNormalInterval()
    {
        std::vector<double> values(400);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = i % 2 == 0 ? 0.0 : 1.0;
        const auto interval = bootstrapMean(values, 10000, 7);
        QVERIFY2(std::abs(interval.low - 0.451) < 0.004, qPrintable(QString::number(interval.low)));
        QVERIFY2(std::abs(interval.high - 0.549) < 0.004, qPrintable(QString::number(interval.high)));
        const auto again = bootstrapMean(values, 10000, 7);
        QCOMPARE(again.low, interval.low);
        QVERIFY(bootstrapMean(std::vector<double>{2.0, 2.0}, 100, 1).low == 2.0);
        QCOMPARE(bootstrapMean({}, 100, 1).high, 0.0);
    }
};

QTEST_GUILESS_MAIN(PairedStatisticsTest)
#include "tst_paired_statistics.moc"
