// SPDX-License-Identifier: Apache-2.0
#include "gpu/dyadic_histogram.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <numeric>

using gpu::DyadicHistogram;

namespace {

int binOf(float x, int exponent)
{
    return static_cast<int>(std::floor(std::ldexp(static_cast<double>(x), -exponent))) + DyadicHistogram::kHalf;
}

DyadicHistogram histogramOf(const std::vector<float>& values, int exponent)
{
    DyadicHistogram histogram;
    histogram.widenTo(exponent);
    for (const float x : values)
        ++histogram.counts[binOf(x, exponent)];
    return histogram;
}

} // namespace

class TestDyadicHistogram : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void exponentHoldsTheLargestValue_data();
    void exponentHoldsTheLargestValue();
    void wideningCountsAsIfTheBinsHadBeenWide();
    void mergingCountsAsIfAllHadBeenTogether();
    void wideningByEverythingKeepsTheCount();
};

void TestDyadicHistogram::exponentHoldsTheLargestValue_data()
{
    QTest::addColumn<float>("absmax");
    QTest::newRow("one") << 1.0f;
    QTest::newRow("just below one") << std::nextafter(1.0f, 0.0f);
    QTest::newRow("small") << 0.0123f;
    QTest::newRow("largest") << std::numeric_limits<float>::max();
    QTest::newRow("smallest normal") << std::numeric_limits<float>::min();
    QTest::newRow("subnormal") << std::numeric_limits<float>::denorm_min();
    QTest::newRow("zero") << 0.0f;
}

// By definition: |x| < kHalf * 2^exponent, and half that range would not do unless the floor is reached.
void TestDyadicHistogram::exponentHoldsTheLargestValue()
{
    QFETCH(float, absmax);
    const int exponent = DyadicHistogram::exponentFor(absmax);
    const double range = std::ldexp(DyadicHistogram::kHalf, exponent);
    QVERIFY(absmax < range);
    QVERIFY(absmax >= range / 2 || exponent == DyadicHistogram::kMinExponent);
    QVERIFY(std::isfinite(std::ldexp(1.0f, -exponent)) && std::ldexp(1.0f, -exponent) > 0.0f);
}

void TestDyadicHistogram::wideningCountsAsIfTheBinsHadBeenWide()
{
    const std::vector<float> values{-1.0f, -0.5f, -0.001f, -0.0f, 0.0f, 0.001f, 0.25f, 0.999f, 0.75f, -0.75f};
    for (const int wider : {-9, -8, -3, 0, 4}) {
        auto histogram = histogramOf(values, -9);
        histogram.widenTo(wider);
        QCOMPARE(histogram.exponent, wider);
        QCOMPARE(histogram.counts, histogramOf(values, wider).counts);
    }
}

void TestDyadicHistogram::mergingCountsAsIfAllHadBeenTogether()
{
    const std::vector<float> small{-0.01f, 0.002f, 0.015f, -0.0001f};
    const std::vector<float> large{-30.0f, 2.0f, 100.0f};
    auto all = small;
    all.insert(all.end(), large.begin(), large.end());
    const auto expected = histogramOf(all, -3);
    auto upwards = histogramOf(small, -16);
    upwards.merge(histogramOf(large, -3));
    QCOMPARE(upwards.exponent, -3);
    QCOMPARE(upwards.counts, expected.counts);
    auto downwards = histogramOf(large, -3);
    downwards.merge(histogramOf(small, -16));
    QCOMPARE(downwards.counts, expected.counts);
}

void TestDyadicHistogram::wideningByEverythingKeepsTheCount()
{
    DyadicHistogram histogram;
    std::iota(histogram.counts.begin(), histogram.counts.end(), 0);
    histogram.widenTo(118);
    QCOMPARE(histogram.counts[DyadicHistogram::kHalf - 1], std::uint64_t{1023 * 1024 / 2});
    QCOMPARE(histogram.counts[DyadicHistogram::kHalf], std::uint64_t{2047 * 2048 / 2 - 1023 * 1024 / 2});
}

QTEST_GUILESS_MAIN(TestDyadicHistogram)
#include "tst_dyadic_histogram.moc"
