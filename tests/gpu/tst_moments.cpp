// SPDX-License-Identifier: Apache-2.0
#include "gpu/moments.h"

#include <QTest>

#include <cmath>
#include <vector>

namespace {

gpu::Moments momentsOfOne(float x)
{
    gpu::Moments moments;
    moments.count = 1;
    moments.mean = x;
    moments.min = x;
    moments.max = x;
    return moments;
}

gpu::Moments mergeOneByOne(const std::vector<float>& values)
{
    gpu::Moments all;
    for (const float x : values)
        merge(all, momentsOfOne(x));
    return all;
}

bool near(double ours, double expected, double relative)
{
    return std::abs(ours - expected) <= relative * std::abs(expected);
}

} // namespace

class TestMoments : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mergingSingleValuesGivesMomentsOfAll();
    void mergingHalvesWithFarMeansGivesMomentsOfAll();
    void mergingAnEmptySetChangesNothing();
    void kurtosisOfSmallSetsIsAsByHand();
    void kurtosisOfEqualValuesIsNaN();
    void kurtosisOfNothingIsNaN();
    void absmaxOfNothingIsZero();
    void absmaxLooksAtBothSigns();
};

// 1..5: differences -2, -1, 0, 1, 2, so M2 = 10, M3 = 0, M4 = 34.
void TestMoments::mergingSingleValuesGivesMomentsOfAll()
{
    const auto all = mergeOneByOne({3, 1, 5, 2, 4});
    QCOMPARE(all.count, std::int64_t{5});
    QVERIFY(near(all.mean, 3.0, 1e-15));
    QVERIFY(near(all.m2, 10.0, 1e-14));
    QVERIFY(std::abs(all.m3) < 1e-13);
    QVERIFY(near(all.m4, 34.0, 1e-14));
    QCOMPARE(all.min, 1.0f);
    QCOMPARE(all.max, 5.0f);
}

// {0, 1} and {1000, 1004}: mean 501.25, differences -501.25, -500.25, 498.75, 502.75; their powers summed as exact fractions.
void TestMoments::mergingHalvesWithFarMeansGivesMomentsOfAll()
{
    auto low = mergeOneByOne({0, 1});
    const auto high = mergeOneByOne({1000, 1004});
    merge(low, high);
    QCOMPARE(low.mean, 501.25);
    QVERIFY(near(low.m2, 1003010.75, 1e-14));
    QVERIFY(near(low.m3, 11266.875, 1e-9)); // small beside its terms of 1e8
    QVERIFY(near(low.m4, 251516166687.07812, 1e-14));
}

void TestMoments::mergingAnEmptySetChangesNothing()
{
    auto moments = mergeOneByOne({1, 2, 4});
    const auto before = moments;
    gpu::Moments empty;
    empty.nonFinite = 2;
    merge(moments, empty);
    QCOMPARE(moments.count, before.count);
    QCOMPARE(moments.nonFinite, std::int64_t{2});
    QCOMPARE(moments.m4, before.m4);
    QCOMPARE(moments.min, 1.0f);
}

// {0, 0, 0, 1}: M2 = 0.75, M4 = 3 (1/4)^4 + (3/4)^4 = 0.328125; 4 M4 / M2^2 - 3 = 7/3 - 3. {1..5}: 5 * 34 / 100 - 3.
void TestMoments::kurtosisOfSmallSetsIsAsByHand()
{
    QVERIFY(near(excessKurtosis(mergeOneByOne({0, 0, 0, 1})), -2.0 / 3.0, 1e-14));
    QVERIFY(near(excessKurtosis(mergeOneByOne({1, 2, 3, 4, 5})), -1.3, 1e-14));
    QVERIFY(near(excessKurtosis(mergeOneByOne({-1, 1})), -2.0, 1e-14));
}

void TestMoments::kurtosisOfEqualValuesIsNaN()
{
    QVERIFY(std::isnan(excessKurtosis(mergeOneByOne({7}))));
    QVERIFY(std::isnan(excessKurtosis(mergeOneByOne({0.1f, 0.1f, 0.1f}))));
    QVERIFY(std::isnan(excessKurtosis(mergeOneByOne({0, 0}))));
}

void TestMoments::kurtosisOfNothingIsNaN()
{
    QVERIFY(std::isnan(excessKurtosis(gpu::Moments{})));
}

void TestMoments::absmaxOfNothingIsZero()
{
    QCOMPARE(gpu::Moments{}.absmax(), 0.0f);
}

void TestMoments::absmaxLooksAtBothSigns()
{
    QCOMPARE(mergeOneByOne({-3, 2}).absmax(), 3.0f);
    QCOMPARE(mergeOneByOne({-3, 4}).absmax(), 4.0f);
    QCOMPARE(mergeOneByOne({-3, -2}).absmax(), 3.0f);
}

QTEST_GUILESS_MAIN(TestMoments)
#include "tst_moments.moc"
