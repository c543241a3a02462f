// SPDX-License-Identifier: Apache-2.0
#include "core/stats/clip_error.h"

#include <QTest>

#include <cmath>

namespace {

/** Evenly spread over [-1, 1]. */
core::Distribution evenly(int bins)
{
    core::Distribution values;
    values.count = bins * 10;
    values.absmax = 1.0;
    values.histogram = {.low = -1.0, .high = 1.0, .counts = std::vector<std::uint64_t>(std::size_t(bins), 10)};
    return values;
}

} // namespace

class TstClipError : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** The error of rounding even values is step^2 / 12, also in the half cells at both ends, and their square is 1/3:
        10 log10(4 / step^2) = 20 log10(2 top), whatever the bins. */
    void evenValuesLoseATwelfthOfTheSquaredStep_data()
    {
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("bins");
        for (const int bits : {2, 3, 4, 8})
            for (const int bins : {1, 7, 1023})
                QTest::addRow("%d bits, %d bins", bits, bins) << bits << bins;
    }
    void evenValuesLoseATwelfthOfTheSquaredStep()
    {
        QFETCH(int, bits);
        QFETCH(int, bins);
        const double top = (1 << (bits - 1)) - 1;
        const double expected = 20.0 * std::log10(2.0 * top);
        const double found = core::clippedSqnr(evenly(bins), bits, 1.0);
        QVERIFY2(std::abs(found - expected) < 1e-9 * expected + 1e-9, qPrintable(QString::number(found)));
    }

    /** Half of the values beyond a clip at 1/2: integral of (x - 1/2)^2 from 1/2 to 1 is 1/24; the other half loses
        step^2 / 12 each, step = 1/14. */
    void whatIsClippedIsLost()
    {
        const double noise = 1.0 / 24.0 + 0.5 / (14.0 * 14.0 * 12.0);
        const double expected = 10.0 * std::log10((1.0 / 3.0) / noise);
        QVERIFY(std::abs(core::clippedSqnr(evenly(64), 4, 0.5) - expected) < 1e-9);
    }

    void aLargeOutlierIsBetterClipped()
    {
        auto values = evenly(64); // and a few at 8
        values.histogram.high = 8.0;
        values.histogram.counts.resize(288, 0);
        values.histogram.counts.back() = 1;
        QVERIFY(core::clippedSqnr(values, 4, 1.6) > core::clippedSqnr(values, 4, 8.0));
    }

    void whatMakesNoSenseIsNotANumber()
    {
        QVERIFY(std::isnan(core::clippedSqnr({}, 4, 1.0)));
        QVERIFY(std::isnan(core::clippedSqnr(evenly(8), 4, 0.0)));
        QVERIFY(std::isnan(core::clippedSqnr(evenly(8), 16, 1.0)));
    }
};

QTEST_GUILESS_MAIN(TstClipError)
#include "tst_clip_error.moc"
