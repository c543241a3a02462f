// SPDX-License-Identifier: Apache-2.0
#include "core/stats/histogram_quantile.h"

#include <QTest>

#include <cmath>

namespace {

/** Ten values in four bins of width 0.5, 1 below and 1 above them. */
core::Distribution values()
{
    core::Distribution made;
    made.count = 12;
    made.min = -3.0;
    made.max = 4.0;
    made.histogram = {.low = -1.0, .high = 1.0, .counts = {1, 4, 5, 0}, .below = 1, .above = 1};
    return made;
}

} // namespace

class TstHistogramQuantile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endsAreTheSmallestAndTheLargest()
    {
        const auto found = core::histogramQuantiles(values(), {0.0, 1.0});
        QCOMPARE(found[0], -3.0);
        QCOMPARE(found[1], 4.0);
    }

    /** Of 12 values 6 are below the middle one: one outside, one in the first bin, all four of the second: its upper end, 0. */
    void aQuantileIsInterpolatedInItsBin()
    {
        QCOMPARE(core::histogramQuantiles(values(), {0.5})[0], 0.0);
        QVERIFY(std::abs(core::histogramQuantiles(values(), {4.0 / 12.0})[0] - -0.25)
                < 1e-12); // half of the second bin
    }

    void whatLiesOutsideCounts()
    {
        QCOMPARE(core::histogramQuantiles(values(), {1.0 / 24.0})[0], -3.0);
        QCOMPARE(core::histogramQuantiles(values(), {23.0 / 24.0})[0], 4.0);
    }

    void withoutValuesThereIsNone() { QVERIFY(std::isnan(core::histogramQuantiles({}, {0.5})[0])); }
};

QTEST_GUILESS_MAIN(TstHistogramQuantile)
#include "tst_histogram_quantile.moc"
