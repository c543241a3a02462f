// SPDX-License-Identifier: Apache-2.0
// Values of the quantizers. Expected numbers are worked out by hand from the formulas in quantizer.h with scales that are powers of two or
// whole numbers, so that they are exact; each row runs through the fused kernel (float32) and the composed operators
// (float64).
#include "core/quant/quantizer.h"
#include "tests/support/refuses.h"
#include "tests/support/tensor_checks.h"

#include <QtTest>

#include <cmath>
#include <limits>
#include <vector>

using namespace core;
using namespace support;

Q_DECLARE_METATYPE(std::vector<double>)

namespace {

using Values = std::vector<double>;

constexpr double kHalf = 0.0;   // logit whose sigmoid is 1/2
constexpr double kNone = 1e300; // stands for an undefined clip

ClipLogits clipOf(double max, double min, at::ScalarType dtype)
{
    const auto make = [&](double logit) { return logit == kNone ? at::Tensor() : at::full({}, logit, dtype); };
    return {make(max), make(min)};
}

at::Tensor activation(const at::Tensor& x, int bits, const ClipLogits& clip)
{
    return quantizeActivation(x, bits, clip);
}

at::Tensor cache(const at::Tensor& x, int bits, const ClipLogits& clip)
{
    return quantizeCache(x, bits, clip);
}

at::Tensor rowOf(const Values& values, at::ScalarType dtype)
{
    return at::tensor(values, at::kDouble).to(dtype).unsqueeze(0);
}

} // namespace

class TestQuantizer : public QObject
{
    Q_OBJECT

    static void addColumns()
    {
        QTest::addColumn<int>("bits");
        QTest::addColumn<double>("maxLogit");
        QTest::addColumn<double>("minLogit");
        QTest::addColumn<Values>("x");
        QTest::addColumn<Values>("expected");
    }

    using Quantizer = at::Tensor (*)(const at::Tensor&, int, const ClipLogits&);

    static void check(Quantizer fused, Quantizer composed)
    {
        QFETCH(int, bits);
        QFETCH(double, maxLogit);
        QFETCH(double, minLogit);
        QFETCH(Values, x);
        QFETCH(Values, expected);
        for (const auto dtype : {at::kFloat, at::kDouble}) {
            const auto clip = clipOf(maxLogit, minLogit, dtype);
            const auto wanted = rowOf(expected, dtype);
            // A scale of a third and the like is rounded: one unit in the last place of the largest value.
            const double bound = wanted.abs().max().item<double>() * (dtype == at::kFloat ? 1.2e-7 : 2.3e-16);
            PLANISH_AT_MOST(largestDifference(fused(rowOf(x, dtype), bits, clip), wanted), bound);
            PLANISH_AT_MOST(largestDifference(composed(rowOf(x, dtype), bits, clip), wanted), bound);
        }
    }

private Q_SLOTS:
    void activationsByHand_data()
    {
        addColumns();
        // scale = max |x| / qmax; halves go to the even neighbour.
        QTest::newRow("2 bits, scale 1") << 2 << kNone << kNone << Values{1, 0.5, 0.51, -0.5, -1}
                                         << Values{1, 0, 1, 0, -1};
        QTest::newRow("3 bits, scale 1") << 3 << kNone << kNone << Values{3, -1.5, 2.5, -0.4} << Values{3, -2, 2, 0};
        QTest::newRow("4 bits, scale 1") << 4 << kNone << kNone << Values{7, -3.4, 0.5, 1.5, 2.5, -0.5, -6.6, 0}
                                         << Values{7, -3, 0, 2, 2, 0, -7, 0};
        QTest::newRow("8 bits, scale 1") << 8 << kNone << kNone << Values{127, -63.5, 0.5, 1.5}
                                         << Values{127, -64, 0, 2};
        QTest::newRow("the negative end is the larger")
            << 4 << kNone << kNone << Values{-14, 5, 1} << Values{-14, 4, 0}; // scale 2; 2.5, 0.5
        QTest::newRow("zero row") << 4 << kNone << kNone << Values{0, 0, 0} << Values{0, 0, 0};
        QTest::newRow("zero row, clipped") << 4 << kHalf << kHalf << Values{0, 0} << Values{0, 0};
        QTest::newRow("constant row") << 4 << kNone << kNone << Values{3, 3, 3} << Values{3, 3, 3};
        QTest::newRow("constant negative row") << 4 << kNone << kNone << Values{-3, -3} << Values{-3, -3};
        QTest::newRow("one element") << 3 << kNone << kNone << Values{-0.25} << Values{-0.25};
        // Both ends halved: range 7, scale 1; 14 saturates at 7, -14 at -8, the code no clip-free row reaches.
        QTest::newRow("clipped, lowest code") << 4 << kHalf << kHalf << Values{14, -14, 3.2} << Values{7, -8, 3};
        QTest::newRow("clipped, lowest code of 2 bits")
            << 2 << kHalf << kHalf << Values{2, -2, 0.4} << Values{1, -2, 0};
        QTest::newRow("clipped, lowest code of 3 bits")
            << 3 << kHalf << kHalf << Values{6, -6, -3.4} << Values{3, -4, -3};
        QTest::newRow("clipped, lowest code of 8 bits")
            << 8 << kHalf << kHalf << Values{254, -254} << Values{127, -128};
        // Only the upper end halved: -7 decides, nothing saturates there.
        QTest::newRow("upper clip alone") << 4 << kHalf << kNone << Values{12, -7, 6.4} << Values{7, -7, 6};
        QTest::newRow("lower clip alone") << 4 << kNone << kHalf << Values{7, -12, 6.4} << Values{7, -8, 6};
    }
    void activationsByHand() { check(activation, quantizeActivationComposed); }

    void cachesByHand_data()
    {
        addColumns();
        // scale = (max - min) / (2^b - 1), zero = round(-min / scale), out = scale * (code - zero).
        QTest::newRow("2 bits, scale 1, zero 1")
            << 2 << kNone << kNone << Values{-1, 2, 0.4, 0.6} << Values{-1, 2, 0, 1};
        QTest::newRow("3 bits, scale 1, zero 2")
            << 3 << kNone << kNone << Values{-2, 5, 1.5, 2.5} << Values{-2, 5, 2, 2};
        QTest::newRow("4 bits, scale 1, zero 4")
            << 4 << kNone << kNone << Values{-4, 11, 0.5, -3.5} << Values{-4, 11, 0, -4};
        // -low / scale = 7.5 rounds to 8: codes -8 + 8 = 0 and 8 + 8 = 16, which saturates at 15.
        QTest::newRow("zero point on a half") << 4 << kNone << kNone << Values{-7.5, 7.5, 1} << Values{-8, 7, 1};
        QTest::newRow("positive row reaches down to 0") << 2 << kNone << kNone << Values{1, 2, 3} << Values{1, 2, 3};
        QTest::newRow("negative row reaches up to 0")
            << 2 << kNone << kNone << Values{-1, -2.6, -3} << Values{-1, -3, -3};
        QTest::newRow("zero row counts as [-1, 1]") << 4 << kNone << kNone << Values{0, 0} << Values{0, 0};
        QTest::newRow("zero row, clipped") << 2 << kHalf << kHalf << Values{0, 0} << Values{0, 0};
        QTest::newRow("constant row") << 4 << kNone << kNone << Values{5, 5, 5} << Values{5, 5, 5};
        QTest::newRow("constant negative row") << 3 << kNone << kNone << Values{-7, -7} << Values{-7, -7};
        QTest::newRow("one element") << 2 << kNone << kNone << Values{0.75} << Values{0.75};
        // Range [-1, 2] of [-2, 4]: codes saturate at both ends.
        QTest::newRow("clipped") << 2 << kHalf << kHalf << Values{-2, 4, 0.4} << Values{-1, 2, 0};
        QTest::newRow("upper clip alone") << 2 << kHalf << kNone << Values{-1, 4, 0.6} << Values{-1, 2, 1};
        QTest::newRow("lower clip alone") << 2 << kNone << kHalf << Values{-2, 2, -0.6} << Values{-1, 2, -1};
    }
    void cachesByHand() { check(cache, quantizeCacheComposed); }

    void weightsByHand()
    {
        const auto compare = [](const Values& weight, int bits, int group, const Values& expected) {
            for (const auto dtype : {at::kFloat, at::kDouble}) {
                const auto wanted = rowOf(expected, dtype);
                const double bound = wanted.abs().max().item<double>() * (dtype == at::kFloat ? 1.2e-7 : 2.3e-16);
                PLANISH_AT_MOST(largestDifference(quantizeWeight(rowOf(weight, dtype), bits, group), wanted), bound);
                PLANISH_AT_MOST(largestDifference(quantizeWeightComposed(rowOf(weight, dtype), bits, group), wanted),
                                bound);
            }
        };
        compare({7, -7, 3.5, 2.5}, 4, 0, {7, -7, 4, 2});
        compare({1, 0.5, -0.7}, 2, 0, {1, 0, -1});
        compare({3, -1.5, 0.4}, 3, 0, {3, -2, 0});
        compare({-127, 63.5}, 8, 0, {-127, 64});
        compare({7, 3.5, 70, -35}, 4, 2, {7, 4, 70, -40});  // scales 1 and 10; 3.5 and -3.5 to even
        compare({7, 3.5, 70, -35}, 4, 0, {10, 0, 70, -40}); // scale 10
        compare({0, 0}, 4, 0, {0, 0});
        // The largest value counts as 1e-5: scale 1e-5 / 7, codes round(0.7) = 1 and round(-2.8) = -3.
        compare({1e-6, -4e-6}, 4, 0, {1e-5 / 7, -3e-5 / 7});
    }

    void weightsNeverUseTheLowestCode()
    {
        for (const int bits : {2, 3, 4, 8}) {
            const auto weight = normal({50, 64}, 1, at::kFloat);
            const auto rounded = quantizeWeight(weight, bits, 0);
            const auto scale = weight.abs().amax(1, true) / double((1 << (bits - 1)) - 1);
            PLANISH_AT_MOST((rounded / scale).abs().max().item<double>(), double((1 << (bits - 1)) - 1) + 1e-3);
        }
    }

    void clampedWeightsStayInsideTheirShrunkRange()
    {
        // Rows [-8, 4] halved above and [-8, 4] halved below.
        const auto weight = at::tensor({-8.0, 4.0, 1.0, -8.0, 4.0, 1.0}, at::kDouble).view({2, 3});
        const ClipLogits clip{at::tensor({0.0, 40.0}, at::kDouble), at::tensor({40.0, 0.0}, at::kDouble)};
        const auto expected = at::tensor({-8.0, 2.0, 1.0, -4.0, 4.0, 1.0}, at::kDouble).view({2, 3});
        PLANISH_AT_MOST(largestDifference(clampWeight(weight, clip), expected), 1e-14);
        QVERIFY(clampWeight(weight, {}).is_same(weight));
        const auto upper = at::tensor({-8.0, 2.0, 1.0, -8.0, 4.0, 1.0}, at::kDouble).view({2, 3});
        PLANISH_AT_MOST(largestDifference(clampWeight(weight, {clip.max, {}}), upper), 1e-14);
        const auto lower = at::tensor({-8.0, 4.0, 1.0, -4.0, 4.0, 1.0}, at::kDouble).view({2, 3});
        PLANISH_AT_MOST(largestDifference(clampWeight(weight, {{}, clip.min}), lower), 1e-14);
    }

    void sixteenBitsChangeNothing()
    {
        const auto x = normal({3, 4}, 1, at::kFloat);
        QVERIFY(quantizeActivation(x, 16, {}).is_same(x));
        QVERIFY(quantizeCache(x, 16, {}).is_same(x));
        QVERIFY(quantizeWeight(x, 16, 0).is_same(x));
    }

    /** Half a step, or the step times what the clip cuts off: the bound every rounding to the nearest code keeps. */
    void errorIsAtMostHalfAStep()
    {
        const auto x = normal({200, 48}, 5);
        for (const int bits : {2, 3, 4, 5, 6, 7, 8}) {
            const auto step = x.abs().amax(1, true) / double((1 << (bits - 1)) - 1);
            PLANISH_AT_MOST(((quantizeActivation(x, bits, {}) - x).abs() / step).max().item<double>(), 0.5 + 1e-9);
            PLANISH_AT_MOST(((quantizeWeight(x, bits, 0) - x).abs() / step).max().item<double>(), 0.5 + 1e-9);
            // The zero point is rounded too, so an end may lie up to a whole step outside.
            const auto levels = (x.amax(1, true) - x.amin(1, true)) / double((1 << bits) - 1);
            PLANISH_AT_MOST(((quantizeCache(x, bits, {}) - x).abs() / levels).max().item<double>(), 1.0 + 1e-9);
        }
    }

    void tinyRowsGiveNoNotANumber()
    {
        // 1e-45 is float32's smallest number: a seventh or fifteenth of it is 0.
        for (const float tiny : {1e-30f, 1e-40f, 1e-45f}) {
            const auto x = at::tensor({tiny, 0.0f, -tiny, tiny}).view({2, 2});
            for (const int bits : {2, 3, 4, 8}) {
                for (const auto& y :
                     {quantizeActivation(x, bits, {}), quantizeActivationComposed(x, bits, {}),
                      quantizeCache(x, bits, {}), quantizeCacheComposed(x, bits, {}), quantizeWeight(x, bits, 0)}) {
                    QVERIFY(at::isfinite(y).all().item<bool>());
                    PLANISH_AT_MOST(y.abs().max().item<double>(), std::max(2.0 * tiny, 1e-38));
                }
            }
        }
    }

    void hugeRowsStayFinite()
    {
        const auto x = at::tensor({1e30f, -2e30f, 3e29f, 1e37f, 0.0f, -1e37f}).view({2, 3});
        for (const int bits : {2, 4, 8})
            for (const auto& y :
                 {quantizeActivation(x, bits, {}), quantizeCache(x, bits, {}), quantizeWeight(x, bits, 0)}) {
                QVERIFY(at::isfinite(y).all().item<bool>());
                // The largest element is met to rounding, by the caches to a step.
                PLANISH_AT_MOST(std::abs(y[1].abs().max().item<double>() / 1e37 - 1.0), bits == 2 ? 0.34 : 0.08);
            }
    }

    void notANumberStaysInItsRow()
    {
        for (const auto quantize : {activation, quantizeActivationComposed, cache, quantizeCacheComposed}) {
            auto x = normal({3, 21}, 2, at::kFloat);
            const auto clean = quantize(x, 4, {});
            x[1][5] = std::numeric_limits<float>::quiet_NaN();
            x[1][20] = std::numeric_limits<float>::quiet_NaN();
            const auto y = quantize(x, 4, {});
            QVERIFY(y[1][5].isnan().item<bool>() && y[1][20].isnan().item<bool>());
            QVERIFY(at::equal(y[0], clean[0]) && at::equal(y[2], clean[2]));
        }
        auto weight = normal({3, 21}, 2, at::kFloat);
        weight[0][0] = std::numeric_limits<float>::quiet_NaN();
        QVERIFY(quantizeWeight(weight, 4, 0)[0][0].isnan().item<bool>());
    }

    void infinityIsNotHidden()
    {
        for (const auto quantize : {activation, quantizeActivationComposed, cache, quantizeCacheComposed}) {
            auto x = normal({2, 8}, 2, at::kFloat);
            x[1][3] = std::numeric_limits<float>::infinity();
            const auto y = quantize(x, 4, {});
            QVERIFY(!at::isfinite(y[1][3]).item<bool>());
            QVERIFY(at::isfinite(y[0]).all().item<bool>());
        }
    }

    void everyLeadingIndexIsATokenOfItsOwn()
    {
        const auto x = normal({2, 3, 5, 8}, 4, at::kFloat);
        const auto whole = quantizeCache(x, 3, {});
        QCOMPARE(whole.sizes(), x.sizes());
        for (int a = 0; a < 2; ++a)
            for (int b = 0; b < 3; ++b)
                for (int c = 0; c < 5; ++c)
                    QVERIFY(at::equal(whole[a][b][c], quantizeCache(x[a][b][c].unsqueeze(0), 3, {})[0]));
    }

    void widthsOutsideTwoToEightAreRefused()
    {
        checkScheme({});
        checkScheme({.weightBits = 16, .activationBits = 16, .keyBits = 16, .valueBits = 16});
        checkScheme({.weightBits = 2, .activationBits = 8, .keyBits = 3, .valueBits = 2, .weightGroup = 128});
        for (const int bits : {-1, 0, 1, 9, 15, 17, 32}) {
            PLANISH_REFUSES(checkScheme({.weightBits = bits}), ErrorKind::InvalidArgument,
                            {"weight", std::to_string(bits)});
            PLANISH_REFUSES(checkScheme({.activationBits = bits}), ErrorKind::InvalidArgument, {"activation"});
            PLANISH_REFUSES(checkScheme({.keyBits = bits}), ErrorKind::InvalidArgument, {"key"});
            PLANISH_REFUSES(checkScheme({.valueBits = bits}), ErrorKind::InvalidArgument, {"value"});
        }
        PLANISH_REFUSES(checkScheme({.weightGroup = -1}), ErrorKind::InvalidArgument, {"-1"});
        PLANISH_REFUSES(quantizeWeight(normal({2, 10}, 1, at::kFloat), 4, 3), ErrorKind::InvalidArgument, {"3", "10"});
        PLANISH_REFUSES(quantizeWeightComposed(normal({2, 10}, 1), 4, 3), ErrorKind::InvalidArgument, {"3", "10"});
    }
};

QTEST_GUILESS_MAIN(TestQuantizer)
#include "tst_quantizer.moc"
